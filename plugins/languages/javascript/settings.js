import { settings } from "./contract.js";
import { integer, optional, strict, text, whole } from "./values.js";

export class Settings {
  #base;
  constructor(base = "") {
    this.#base = base;
  }
  #place(pointer) {
    return this.#base + text(pointer, "the pointer");
  }
  at(pointer) {
    return new Settings(this.#place(pointer));
  }
  item(pointer, index) {
    return new Settings(`${this.#place(pointer)}/${whole(index, "the index")}`);
  }
  items(pointer) {
    return Array.from({ length: this.length(pointer) ?? 0 }, (_, index) => this.item(pointer, index));
  }
  text(pointer) {
    return optional(settings.text(this.#place(pointer)));
  }
  flag(pointer) {
    return optional(settings.flag(this.#place(pointer)));
  }
  integer(pointer) {
    return integer(settings.integer(this.#place(pointer)));
  }
  number(pointer) {
    return optional(settings.number(this.#place(pointer)));
  }
  guid(pointer) {
    return optional(settings.guid(this.#place(pointer)));
  }
  timestamp(pointer) {
    return integer(settings.timestamp(this.#place(pointer)));
  }
  count(pointer) {
    return optional(settings.count(this.#place(pointer)));
  }
  length(pointer) {
    return optional(settings.length(this.#place(pointer)));
  }
  key(pointer, index) {
    return optional(settings.key(this.#place(pointer), whole(index, "the index")));
  }
  texts(pointer) {
    return this.#list(pointer, (item) => item.text(""));
  }
  guids(pointer) {
    return this.#list(pointer, (item) => item.guid(""));
  }
  #list(pointer, read) {
    return this.items(pointer).map((item) => {
      const value = read(item);
      if (value === null) throw item.error("", "nothing there, where an item was asked for");
      return value;
    });
  }
  get document() {
    return settings.document();
  }
  error(pointer, problem) {
    const place = this.#place(pointer);
    return new Error(`settings${place === "" ? "" : " "}${place}: ${problem}`);
  }
}

strict(Settings);
