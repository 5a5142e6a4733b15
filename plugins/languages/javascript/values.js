// What goes to the host and what comes back. The engine stops without a word where a value has
// another type than the contract's, so that types are checked here, with a sentence.

/** What a value is, for a message. */
export function shown(value) {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  }
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}

/** A text that programs compare: as it is, or not at all. */
export function text(value, what) {
  if (typeof value !== "string") throw new TypeError(`${what} is ${shown(value)}; give a text`);
  if (!value.isWellFormed()) throw new TypeError(`${what} has half of a surrogate pair`);
  return value;
}

/** A text that people read: half of a surrogate pair, as `slice` leaves it, becomes U+FFFD. */
export function prose(value, what) {
  if (typeof value !== "string") throw new TypeError(`${what} is ${shown(value)}; give a text`);
  return value.toWellFormed();
}

/** A number without sign or fraction. The largest is what the engine can hand over. */
export function whole(value, what) {
  if (!Number.isInteger(value) || value < 0 || value > 0x7fff_ffff) {
    throw new RangeError(`${what} is ${shown(value)}; give a whole number from 0 to 2147483647`);
  }
  return value;
}

/** A 64-bit number, which engines give as a number or as a BigInt: within 2^53 - 1 either way. */
export function integer(value) {
  return value == null ? null : Number(value);
}

/** Absence is null, never undefined. */
export function optional(value) {
  return value ?? null;
}

// A name that is not there would read as undefined, as if the payload did not have it.
const STRICT = new Proxy(Object.prototype, {
  get(target, name, reader) {
    // Asked for by the language itself, of any value.
    if (typeof name === "symbol" || name in target || name === "then" || name === "toJSON") {
      return Reflect.get(target, name, reader);
    }
    throw new TypeError(`${reader.constructor.name} has no \`${name}\``);
  },
});

/** Makes reading a member that a class does not have an error. */
export function strict(...classes) {
  for (const each of classes) Object.setPrototypeOf(each.prototype, STRICT);
}
