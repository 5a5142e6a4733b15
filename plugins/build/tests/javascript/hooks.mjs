// Loads the SDK in Node: its files are ES modules, and the contract is what host.mjs makes of it.

const SDK = new URL("../../../languages/javascript/", import.meta.url).href;

export async function resolve(specifier, context, next) {
  const name = /^admit:policy\/([a-z-]+)@/.exec(specifier)?.[1];
  if (name !== undefined) {
    return { url: new URL(`interface.mjs?name=${name}`, import.meta.url).href, shortCircuit: true };
  }
  const resolved = await next(specifier, context);
  return resolved.url.startsWith(SDK) ? { ...resolved, format: "module" } : resolved;
}
