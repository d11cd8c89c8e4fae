// The words of a text, and how well they match the terms of a query. A word is a run of letters, digits and
// underscores, so that `set.join_next()` has the words `set` and `join_next`.

const WORD = /[\p{L}\p{N}_]+/gu;
const CASE_CHANGE = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u;

// A longer query than any message is cut off.
const MOST_TERMS = 60;

// How well a word matches, from 0 to 1.
const SAME_STEM = 0.9;
const LONGER_STEM = 0.5;
const PART_OF_IDENTIFIER = 0.3;
const prefixQuality = (term, word) => 0.45 + (0.45 * term.length) / word.length;

/** The words of a text as they are spelled there, with their places. */
export const wordsOf = (text) =>
  Array.from(text.matchAll(WORD), ({ 0: spelling, index }) => ({
    spelling,
    begin: index,
    end: index + spelling.length,
  }));

/** The terms of a query, in lower case. */
export const termsOf = (query) =>
  wordsOf(query)
    .slice(0, MOST_TERMS)
    .map(({ spelling }) => spelling.toLowerCase());

/** What `retry`, `retries`, `retried` and `retrying` have in common. An identifier with underscores is left as it is. */
export const stemOf = (word) => {
  if (!/^\p{L}+$/u.test(word)) return word;
  const stem = word
    .replace(/(?:ing|ed|es|s|e)$/, "")
    .replace(/y$/, "i")
    .replace(/([^aeiou])\1$/, "$1");
  return stem.length >= 3 && /[aeiou]/.test(stem) ? stem : word;
};

/** What is compared with the terms of a query: a word in lower case, its stem, and the parts of an identifier. */
export const analyzed = (spelling) => {
  const word = spelling.toLowerCase();
  const parts = spelling.split(CASE_CHANGE).map((part) => part.toLowerCase());
  return { word, stem: stemOf(word), parts: parts.length > 1 ? parts : [] };
};

/**
 * Tells which terms a word matches: a function from an analyzed word to a list of `{ first, count, quality }`, or to
 * null if it matches none. `CancellationToken` matches the two terms of `cancellation token` together.
 */
export const matcherOf = (terms) => {
  // The last term may still be typed. Of the others, the shortest are words such as `no`, and no beginnings of others.
  const isWhole = (term, at) => term.length === 1 || (term.length === 2 && at < terms.length - 1);
  const single = terms.map((text, first) => ({ text, first, stem: stemOf(text), isWhole: isWhole(text, first) }));
  const joined = terms.flatMap((_, first) =>
    [2, 3, 4]
      .filter((count) => first + count <= terms.length)
      .map((count) => ({ text: terms.slice(first, first + count).join(""), first, count })),
  );
  return (analyzed) => {
    const matches = [];
    for (const term of single) {
      const quality = qualityOf(term, analyzed);
      if (quality > 0) matches.push({ first: term.first, count: 1, quality });
    }
    if (analyzed.parts.length > 1) {
      const letters = analyzed.parts.join("");
      for (const { text, first, count } of joined) {
        if (letters === text) matches.push({ first, count, quality: 1 });
      }
    }
    return matches.length === 0 ? null : matches;
  };
};

const qualityOf = (term, { word, stem, parts }) => {
  if (word === term.text) return 1;
  if (term.isWhole) return 0;
  if (stem === term.stem) return SAME_STEM;
  if (word.startsWith(term.text)) return prefixQuality(term.text, word);
  if (term.stem.length >= 4 && word.startsWith(term.stem)) return LONGER_STEM;
  return parts.some((part) => part.startsWith(term.text)) ? PART_OF_IDENTIFIER : 0;
};
