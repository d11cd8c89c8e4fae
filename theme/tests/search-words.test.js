import assert from "node:assert/strict";
import test from "node:test";
import { analyzed, matcherOf, stemOf, termsOf, wordsOf } from "../../src/scripts/search/words.js";

const spellings = (text) => wordsOf(text).map(({ spelling }) => spelling);

const qualityOf = (query, word) => matcherOf(termsOf(query))(analyzed(word))?.[0].quality ?? 0;

test("an identifier is a word of its own inside code", () => {
  assert.deepEqual(spellings("while let Some(x) = set.join_next().await"), [
    "while",
    "let",
    "Some",
    "x",
    "set",
    "join_next",
    "await",
  ]);
  assert.deepEqual(spellings("JoinSet::spawn, select! and &'static str"), [
    "JoinSet",
    "spawn",
    "select",
    "and",
    "static",
    "str",
  ]);
  assert.deepEqual(spellings("error[E0277]: café"), ["error", "E0277", "café"]);
});

test("a word knows its place", () => {
  assert.deepEqual(wordsOf("a.send()"), [
    { spelling: "a", begin: 0, end: 1 },
    { spelling: "send", begin: 2, end: 6 },
  ]);
});

test("a query has a limited number of terms, in lower case", () => {
  assert.deepEqual(termsOf("JoinSet::spawn"), ["joinset", "spawn"]);
  assert.equal(termsOf("word ".repeat(1000)).length, 60);
});

test("forms of a word have the same stem", () => {
  for (const [word, ...forms] of [
    ["retry", "retries", "retried", "retrying"],
    ["close", "closes", "closed", "closing"],
    ["drop", "drops", "dropped", "dropping"],
    ["queue", "queues", "queued"],
    ["future", "futures"],
    ["cancel", "cancels", "cancelled", "cancelling"],
  ]) {
    for (const form of forms) assert.equal(stemOf(form), stemOf(word), form);
  }
});

test("short words and identifiers have no other forms", () => {
  for (const word of ["is", "string", "join_next", "e0277"]) assert.equal(stemOf(word), word);
});

test("case does not matter", () => {
  assert.equal(qualityOf("joinset", "JoinSet"), 1);
  assert.equal(qualityOf("JOIN_NEXT", "join_next"), 1);
});

test("the nearer a word is to the term, the better it matches", () => {
  const words = ["limiter", "limiters", "limiterless", "RateLimiter", "delimiter"];
  const qualities = words.map((word) => qualityOf("limiter", word));
  assert.deepEqual(qualities, qualities.toSorted().toReversed());
  assert.equal(new Set(qualities).size, words.length);
  assert.equal(qualities.at(-1), 0);
});

test("the beginning of a word is enough, but a single letter is not", () => {
  assert.ok(qualityOf("join_ne", "join_next") > 0.5);
  assert.equal(qualityOf("j", "join_next"), 0);
  assert.equal(qualityOf("x", "x"), 1);
});

test("two terms can be parts of one identifier", () => {
  const matches = (query, word) => matcherOf(termsOf(query))(analyzed(word));
  const together = { first: 0, count: 2, quality: 1 };
  assert.ok(matches("cancellation token", "CancellationToken").some((match) => match.count === 2));
  assert.deepEqual(matches("join next", "join_next").at(-1), together);
  assert.ok(!matches("next join", "join_next").some((match) => match.count === 2));
});
