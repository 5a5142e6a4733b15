// A host for the SDK: every function of the contract, made of policy.wit. It remembers what was
// called, and answers with its own name, or with whatever a test puts in its place.

import { readFileSync } from "node:fs";

const WIT = readFileSync(new URL("../../../wit/policy.wit", import.meta.url), "utf8");

/** The functions of the contract by interface: their names in JavaScript, and what they give. */
export const CONTRACT = {};
for (const [, name, body] of WIT.matchAll(/^interface ([a-z-]+) \{\n(.*?)^\}/gms)) {
  const functions = body.matchAll(/^ {4}([a-z-]+): func\([^)]*\)(?: -> ([^;]+))?;/gm);
  CONTRACT[camel(name)] = Object.fromEntries(
    [...functions].map(([, each, result]) => [camel(each), result ?? ""]),
  );
}

/** What was called since the last test, as `interface.function`, and with what. */
export const calls = [];

/** What functions answer instead, by `interface.function` or by the type that they give. */
export const answers = new Map();

export function reset() {
  calls.length = 0;
  answers.clear();
}

export function hosted(name) {
  const functions = Object.entries(CONTRACT[camel(name)]).map(([each, result]) => {
    const path = `${camel(name)}.${each}`;
    return [
      each,
      (...values) => {
        calls.push([path, ...values]);
        if (answers.has(path)) return answers.get(path);
        return answers.has(result) ? answers.get(result) : answer(path, result);
      },
    ];
  });
  return Object.fromEntries(functions);
}

function answer(path, result) {
  const type = /^option<(.*)>$/.exec(result)?.[1] ?? result;
  return { string: path, bool: true, u32: 2, s64: 7, f64: 0.5 }[type];
}

function camel(name) {
  return name.replaceAll(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}
