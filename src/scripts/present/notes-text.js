// The speaker's notes: comments in a page that begin with `note:`.

/** The text of a note, or null if a comment is none. */
export const noteIn = (comment) => /^\s*note:\s*(.*?)\s*$/is.exec(comment)?.[1] ?? null;

/** The paragraphs and lists of a note: `{ text }` and `{ items }`. */
export const parseNote = (text) =>
  text
    .split(/\n\s*\n/)
    .flatMap(partsOf)
    .filter(({ text, items }) => text || items?.length > 0);

// A list may follow a paragraph directly.
const partsOf = (paragraph) => {
  const parts = [];
  for (const line of paragraph.split("\n").map((line) => line.trim())) {
    const item = /^[-*] +(.+)$/.exec(line)?.[1];
    const last = parts.at(-1);
    if (item !== undefined) {
      if (last?.items) last.items.push(item);
      else parts.push({ items: [item] });
    } else if (last?.items) {
      last.items.push(`${last.items.pop()} ${line}`);
    } else if (last) {
      last.text += ` ${line}`;
    } else {
      parts.push({ text: line });
    }
  }
  return parts;
};
