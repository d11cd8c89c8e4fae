// Where the terms of a query follow each other in a text as they do in the query.

// A word that matches less well is not part of a run.
const LEAST_QUALITY = 0.45;

const NO_RUNS = new Map();

/**
 * Follows the runs in a text: a function that is called with what each word matches (see `matcherOf`), in the order of
 * the text. It returns the longest run that ends at this word, or null: `{ length, terms, words }`, where `terms` and
 * `words` count the terms of the query and the words of the text, and `length` counts an inexact match as less than one
 * term.
 */
export const runFollower = () => {
  let before = NO_RUNS;
  return (matches) => {
    let longest = null;
    const now = matches === null ? NO_RUNS : new Map();
    for (const { first, count, quality } of matches ?? []) {
      if (quality < LEAST_QUALITY) continue;
      const { length, terms, words } = before.get(first - 1) ?? { length: 0, terms: 0, words: 0 };
      const run = { length: length + quality * count, terms: terms + count, words: words + 1 };
      const last = first + count - 1;
      if (run.length > (now.get(last)?.length ?? 0)) now.set(last, run);
      if (run.length > (longest?.length ?? 0)) longest = run;
    }
    before = now;
    return longest;
  };
};
