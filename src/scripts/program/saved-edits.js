// A reader's edits of the programs of a page. An edit belongs to the text of the program that was edited, wherever on the
// page that is. When no program has this text any more, the edit is kept and offered where the program was.
import { storedBelow } from "../storage.js";

/** The edits of a page whose programs have these texts. */
export class SavedEdits {
  #stored;
  #ids;
  #left;

  constructor(page, programs) {
    this.#stored = storedBelow(`workbook-program:${page}:`);
    this.#ids = idsOf(programs);
    const edits = this.#stored.keys().map((key) => readEdit(key, this.#stored.at(key).get()));
    // What an earlier version of the workbook has stored under the program's number.
    for (const { key, id, number, text } of edits.filter(({ key, id }) => key !== id)) {
      this.#stored.at(id).set({ number, text });
      this.#stored.at(key).remove();
    }
    this.#left = edits.filter(({ id }) => !this.#ids.includes(id));
  }

  /** The text of a program as the reader has left it. The first program is number 0. */
  read(number, original) {
    return this.#stored.at(this.#ids[number]).get()?.text ?? original;
  }

  write(number, text, original) {
    const stored = this.#stored.at(this.#ids[number]);
    if (text === original) stored.remove();
    else stored.set({ number, text });
  }

  /** The edits that fit no program and were made where this one is, each with a way to remove it. */
  leftAt(number) {
    const last = this.#ids.length - 1;
    const left = this.#left.filter((edit) => Math.min(edit.number, last) === number);
    return left.map(({ id, text }) => ({ text, remove: () => this.#stored.at(id).remove() }));
  }
}

// A name for each program, made from its text. Programs with the same text are counted.
const idsOf = (programs) => {
  const seen = new Map();
  return programs.map((text) => {
    const name = hash(text);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? `${name}` : `${name}-${count}`;
  });
};

// A stored edit. Its key used to be the program's number, counted from 1.
const readEdit = (key, { original, number, text }) =>
  original === undefined ? { key, id: key, number, text } : { key, id: `${original}`, number: Number(key) - 1, text };

// FNV-1a, with 32 bits.
const hash = (text) => {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
  return hash;
};
