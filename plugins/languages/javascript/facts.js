import { facts } from "./contract.js";
import { integer, optional, strict, text } from "./values.js";

export class Fact {
  #collection;
  #key;
  constructor(collection, key) {
    this.#collection = text(collection, "the collection");
    this.#key = text(key, "the key");
  }
  #read(name, pointer) {
    return optional(facts[name](this.#collection, this.#key, text(pointer, "the pointer")));
  }
  get exists() {
    return this.count("") !== null;
  }
  lookup() {
    return optional(facts.lookup(this.#collection, this.#key));
  }
  text(pointer) {
    return this.#read("text", pointer);
  }
  guid(pointer) {
    return this.#read("guid", pointer);
  }
  timestamp(pointer) {
    return integer(this.#read("timestamp", pointer));
  }
  flag(pointer) {
    return this.#read("flag", pointer);
  }
  integer(pointer) {
    return integer(this.#read("integer", pointer));
  }
  number(pointer) {
    return this.#read("number", pointer);
  }
  count(pointer) {
    return this.#read("count", pointer);
  }
  length(pointer) {
    return this.#read("length", pointer);
  }
  texts(pointer) {
    return this.#items("text", pointer);
  }
  guids(pointer) {
    return this.#items("guid", pointer);
  }
  #items(name, pointer) {
    const length = this.length(pointer);
    if (length === null) return null;
    return Array.from({ length }, (_, index) => {
      const place = `${pointer}/${index}`;
      const value = this.#read(name, place);
      if (value === null) {
        throw new Error(`the fact \`${this.#collection}\`: nothing at \`${place}\``);
      }
      return value;
    });
  }
}

strict(Fact);
