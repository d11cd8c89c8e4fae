// Which places of a text match a query, to be marked for the reader.
import { runFollower } from "./runs.js";
import { analyzed, matcherOf, termsOf, wordsOf } from "./words.js";

// How many words an excerpt has, and how many of them are before the first match.
const EXCERPT = 32;
const LEAD = 6;

// In a query of several words, shorter ones than this are marked only next to another one.
const SHORTEST_ALONE = 3;

/** Finds the words of a query in texts. */
export class Marker {
  #count;
  #matchesOf;
  #known = new Map();

  constructor(query) {
    const terms = termsOf(query);
    this.#count = terms.length;
    this.#matchesOf = matcherOf(terms);
  }

  /** The places `{ begin, end }` to be marked in a text: where the whole query is, or else where its words are. */
  marksIn(text) {
    return marksOf(this.#wordsOf(text), this.#count);
  }

  /**
   * The part of a text that matches the query best, as `{ text, marks }`. The places of the marks are in that part, which
   * has an ellipsis where the text goes on.
   */
  excerptOf(text) {
    const words = this.#wordsOf(text);
    const first = bestStart(words);
    const part = words.slice(first, first + EXCERPT);
    if (part.length === 0) return { text: text.trim(), marks: [] };
    const isEnd = first + EXCERPT >= words.length;
    const begin = first === 0 ? 0 : part[0].begin;
    const end = isEnd ? text.length : part.at(-1).end;
    const before = first === 0 ? "" : "… ";
    const shift = before.length - begin;
    return {
      text: before + text.slice(begin, end) + (isEnd ? "" : " …"),
      marks: marksOf(part, this.#count).map((mark) => ({ begin: mark.begin + shift, end: mark.end + shift })),
    };
  }

  // Each word with what it matches and with the longest run that ends there.
  #wordsOf(text) {
    const follow = runFollower();
    return wordsOf(text).map((word) => {
      const matches = this.#matches(word.spelling);
      return { ...word, matches, run: follow(matches) };
    });
  }

  #matches(spelling) {
    let matches = this.#known.get(spelling);
    if (matches === undefined) {
      matches = this.#matchesOf(analyzed(spelling));
      this.#known.set(spelling, matches);
    }
    return matches;
  }
}

const marksOf = (words, count) => {
  const places = words.flatMap(({ spelling, begin, end, matches, run }, at) => {
    if (matches === null) return [];
    const from = words[Math.max(0, at + 1 - (run?.words ?? 1))].begin;
    const isWorth = count === 1 || (run?.terms ?? 0) > 1 || spelling.length >= SHORTEST_ALONE;
    return isWorth ? [{ begin: Math.min(from, begin), end, isWhole: count > 1 && run?.terms === count }] : [];
  });
  const whole = places.filter(({ isWhole }) => isWhole);
  return merged(whole.length > 0 ? whole : places);
};

// The places in the order of their ends, those that overlap as one.
const merged = (places) => {
  const marks = [];
  for (const { begin, end } of places) {
    let from = begin;
    while (marks.length > 0 && marks.at(-1).end > from) from = Math.min(from, marks.pop().begin);
    marks.push({ begin: from, end });
  }
  return marks;
};

// Where the excerpt starts that has the longest run and, of those, the most terms.
const bestStart = (words) => {
  const longest = words.reduce((most, { run }) => Math.max(most, run?.length ?? 0), 0);
  let best = { start: 0, terms: 0 };
  for (const [at, { matches, run }] of words.entries()) {
    if (matches === null || (run?.length ?? 0) < longest) continue;
    const start = Math.max(0, Math.min(at - LEAD, words.length - EXCERPT));
    const terms = termsIn(words.slice(start, start + EXCERPT));
    if (terms > best.terms) best = { start, terms };
  }
  return best.start;
};

const termsIn = (words) => new Set(words.flatMap(({ matches }) => (matches ?? []).map(({ first }) => first))).size;
