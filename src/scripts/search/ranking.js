// Which sections of the book match a query, the best first. The book is small enough to look at every word of it for
// every query.
import { runFollower } from "./runs.js";
import { analyzed, matcherOf, termsOf, wordsOf } from "./words.js";

// What it is worth to have the terms in the title of a page, in another heading, and in the titles above the section. A
// heading whose subject is the query counts as a page's title. In the text they are worth up to 1: the more, the more
// often they are there.
const PAGE_TITLE = 8;
const HEADING = 4;
const TITLE_ABOVE = 1;

// What a title loses if nearly all of its words are others.
const UNFOCUSED = 0.3;

// The last words of titles that say what kind of page it is, and not what it is about. Who does not search for that kind
// looks for the page that teaches the subject.
const KINDS = ["exercises", "pitfalls"];

// How often a term has to be in a text of average length to be worth one half.
const HALF = 1.2;

// How much a section gains by terms that follow each other as in the query. It grows with the square of their number, so
// that the page that quotes a message comes before one whose headings have some of its words.
const ADJACENT = 3;

// The factor, for each term, for the query to the letter, where that is more than its words: `select!` or `'static`. A
// section that quotes a long message has more than one that has most of its words.
const LITERAL = 1.3;

// Sections that match less than this share of what the best one matches are left out.
const LEAST_SHARE = 0.7;

/** The words of the sections (see `sectionsOf`), ready to be searched. */
export class Ranking {
  #sections;
  #words = [];
  #averageLength;

  constructor(sections) {
    const numbers = new Map();
    const numberOf = (spelling) => {
      let number = numbers.get(spelling);
      if (number === undefined) {
        number = this.#words.push(analyzed(spelling)) - 1;
        numbers.set(spelling, number);
      }
      return number;
    };
    const numbered = (text) => Uint32Array.from(wordsOf(text), ({ spelling }) => numberOf(spelling));
    this.#sections = sections.map((section) => ({
      section,
      title: numbered(section.title),
      trail: numbered(section.trail.join("\n")),
      text: numbered(section.text),
    }));
    const length = this.#sections.reduce((sum, { text }) => sum + text.length, 0);
    this.#averageLength = length / sections.length;
  }

  /** The sections that match a query, the best first. */
  search(query) {
    const terms = termsOf(query);
    const matchesOf = this.#words.map(matcherOf(terms));
    const looks = this.#sections.map((numbered) => this.#look(numbered, matchesOf, terms));
    const weights = terms.map((_, term) => weightOf(looks, term));
    if (weights.every((weight) => weight === 0)) return [];
    const literal = hasSigns(query) ? normalized(query.trim()) : null;
    const scores = looks.map((look) => scoreOf(look, weights, literal));
    const most = Math.max(...scores.map(({ coverage }) => coverage));
    return scores
      .filter(({ coverage }) => coverage >= LEAST_SHARE * most)
      .sort((a, b) => b.score - a.score)
      .map(({ section }) => section);
  }

  // How well each term matches a section and where, and the length of the longest run of terms.
  #look({ section, title, trail, text }, matchesOf, queried) {
    const count = queried.length;
    const inTitle = scan(title, matchesOf, count);
    const inTrail = scan(trail, matchesOf, count);
    const inText = scan(text, matchesOf, count);
    const half = HALF * (0.25 + (0.75 * text.length) / this.#averageLength);
    const terms = inText.sum.map((sum, term) => ({
      inTitle: inTitle.best[term],
      inTrail: inTrail.best[term],
      inText: sum / (sum + half),
      anywhere: Math.max(inTitle.best[term], inTrail.best[term], inText.best[term]),
    }));
    const isSubject = subjectOf(section.title) === queried.join(" ");
    const isOfAKind = KINDS.some((kind) => section.title.endsWith(kind)) && matchesOf[title.at(-1)] === null;
    const matched = isOfAKind ? 0 : inTitle.matched / title.length;
    const focus = isSubject ? 1 : 1 - UNFOCUSED * (1 - matched);
    return { section, terms, isSubject, focus, run: Math.max(inTitle.run, inTrail.run, inText.run) };
  }
}

// For each term, the sum of the qualities of its matches and the best of them; the number of words that match; and the
// length of the longest run.
const scan = (numbers, matchesOf, count) => {
  const [sum, best] = [new Array(count).fill(0), new Array(count).fill(0)];
  let [matched, run] = [0, 0];
  const follow = runFollower();
  for (const number of numbers) {
    const matches = matchesOf[number];
    run = Math.max(run, follow(matches)?.length ?? 0);
    if (matches === null) continue;
    matched++;
    for (const { first, count, quality } of matches) {
      for (let term = first; term < first + count; term++) {
        sum[term] += quality;
        best[term] = Math.max(best[term], quality);
      }
    }
  }
  return { sum, best, matched, run };
};

// A term counts the more, the fewer sections have it. One that no section has does not count.
const weightOf = (looks, term) => {
  const having = looks.filter(({ terms }) => terms[term].anywhere > 0).length;
  return having === 0 ? 0 : Math.log(1 + looks.length / having);
};

// The words of a title before its colon: the name of an exercise, for instance, before its description.
const subjectOf = (title) => {
  const [subject, description] = title.split(": ");
  return description === undefined ? null : termsOf(subject).join(" ");
};

const scoreOf = ({ section, terms, isSubject, focus, run }, weights, literal) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const weighted = (where) => terms.reduce((sum, term, at) => sum + weights[at] * term[where], 0) / total;
  const coverage = weighted("anywhere");
  // Squared, because a title with one of two words is about something else.
  const title = (section.isPage || isSubject ? PAGE_TITLE : HEADING) * focus * weighted("inTitle") ** 2;
  const adjacent = 1 + ADJACENT * Math.max(0, run - 1) ** 2;
  const isLiteral = literal !== null && normalized(`${section.title}\n${section.text}`).includes(literal);
  const score =
    (title + TITLE_ABOVE * weighted("inTrail") + weighted("inText")) *
    coverage ** 2 *
    adjacent *
    (isLiteral ? LITERAL ** terms.length : 1);
  return { section, score, coverage };
};

const hasSigns = (query) => /[^\p{L}\p{N}_\s]/u.test(query);

const normalized = (text) => text.toLowerCase().replaceAll("’", "'").replace(/\s+/g, " ");
