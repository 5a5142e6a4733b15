// What JavaScript offers and a policy does not have: evaluated before anything of the policy, since
// its modules already run while it is built.

import { log } from "./contract.js";
import { prose } from "./values.js";

const NO_CLOCK =
  "a policy has no clock: callout.now and callout.nowText are the instant of the evaluation";
const NO_PARSER =
  "a Date is made of milliseconds: callout.timestamp, settings.timestamp and fact.timestamp read date-times";

function refuse(reason) {
  return () => {
    throw new Error(reason);
  };
}

const NativeDate = Date;
NativeDate.now = refuse(NO_CLOCK);
NativeDate.parse = refuse(NO_PARSER);
globalThis.Date = new Proxy(NativeDate, {
  apply: refuse(NO_CLOCK),
  construct(target, values, made) {
    if (values.length === 0) throw new Error(NO_CLOCK);
    const [value] = values;
    if (values.length > 1 || !(typeof value === "number" || value instanceof NativeDate)) {
      throw new Error(NO_PARSER);
    }
    return Reflect.construct(target, values, made);
  },
});
NativeDate.prototype.constructor = globalThis.Date;
globalThis.performance = Object.freeze({ now: refuse(NO_CLOCK) });

Math.random = refuse("a policy has no randomness: the same callout gives the same verdict");

/** A value as a line of the log shows it. */
function line(value) {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A cycle, or a BigInt.
    return String(value);
  }
}

function writer(level) {
  return (...values) => log.write(level, prose(values.map(line).join(" "), "the line"));
}

globalThis.console = Object.freeze({
  debug: writer("debug"),
  log: writer("info"),
  info: writer("info"),
  warn: writer("warn"),
  error: writer("error"),
});
