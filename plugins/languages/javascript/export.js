import { Callout } from "./callout.js";
import { Settings } from "./settings.js";
import { shown } from "./values.js";
import { Verdict, begin, forgotten, tell } from "./verdict.js";

const MEMBERS = ["configure", "evaluate"];

class Policy {
  constructor(configure, evaluate) {
    this.configure = configure;
    this.evaluate = evaluate;
    Object.freeze(this);
  }
}

export function policy(members) {
  if (typeof members !== "object" || members === null) {
    throw new TypeError(`policy was given ${shown(members)}; give it { configure, evaluate }`);
  }
  for (const name of Object.keys(members)) {
    if (!MEMBERS.includes(name)) {
      throw new TypeError(`a policy has no \`${name}\`: its members are configure and evaluate`);
    }
  }
  const { configure = () => undefined, evaluate } = members;
  for (const [name, value] of Object.entries({ configure, evaluate })) {
    if (typeof value !== "function") {
      throw new TypeError(`\`${name}\` of the policy is ${shown(value)}; give a function`);
    }
  }
  return new Policy(configure, evaluate);
}

/** What the component exports. An error that they throw is a text. */
export function exported(made) {
  if (!(made instanceof Policy)) {
    throw new TypeError(
      `the policy's default export is ${shown(made)}; write \`export default policy({ ... })\``,
    );
  }
  let configured = null;
  return {
    configure() {
      configured = { value: called("configure", () => made.configure(new Settings())) };
    },
    evaluate() {
      if (configured === null) throw "`evaluate` was called before `configure`";
      begin();
      const verdict = called("evaluate", () => made.evaluate(new Callout(), configured.value));
      if (!(verdict instanceof Verdict)) {
        throw `evaluate returned ${shown(verdict)}, which is no verdict; return what approve, requireApproval, deny, cancel or abstain gives`;
      }
      const effect = forgotten(verdict);
      if (effect !== null) throw `a ${effect} was made and not returned`;
      tell(verdict);
    },
  };
}

/** Calls a function of the policy. What it throws becomes a text. */
function called(name, call) {
  let value;
  try {
    value = call();
  } catch (thrown) {
    throw described(name, thrown);
  }
  if (value instanceof Promise) {
    throw `${name} returned a promise; a policy answers at once: nothing runs after ${name} returned`;
  }
  return value;
}

/** The text of an error: its message, with the name of errors that the language throws. */
function described(name, thrown) {
  if (!(thrown instanceof Error)) {
    return `${name} threw ${shown(thrown)}, which is not an Error`;
  }
  const message = String(thrown.message);
  if (message === "") return `${name} threw an ${thrown.name} without a message`;
  return (thrown.name === "Error" ? message : `${thrown.name}: ${message}`).toWellFormed();
}
