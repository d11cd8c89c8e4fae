import { stored } from "../storage.js";

/** A reader's edit of a program, kept as long as the book's program stays what it was. */
export class SavedEdit {
  #stored;
  #original;

  constructor(page, number, original) {
    this.#stored = stored(`workbook-program:${page}:${number}`);
    this.#original = original;
  }

  read() {
    const saved = this.#stored.get();
    if (saved?.original === hash(this.#original)) return saved.text;
    if (saved) this.#stored.remove();
    return this.#original;
  }

  write(text) {
    if (text === this.#original) this.#stored.remove();
    else this.#stored.set({ original: hash(this.#original), text });
  }
}

// FNV-1a, with 32 bits.
const hash = (text) => {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
  return hash;
};
