import assert from "node:assert/strict";
import test from "node:test";
import { Ranking } from "../../src/scripts/search/ranking.js";
import { runFollower } from "../../src/scripts/search/runs.js";
import { sectionsOf } from "../../src/scripts/search/sections.js";

const section = (title, text, { isPage = false, trail = [] } = {}) => ({ url: title, title, trail, text, isPage });

const found = (sections, query) => new Ranking(sections).search(query).map(({ title }) => title);

test("a page's title comes before a heading, and a heading before the text", () => {
  const sections = [
    section("Text", "A semaphore limits concurrency. The semaphore has permits."),
    section("Semaphore permits", "They are given back."),
    section("Semaphores", "Limits.", { isPage: true }),
    section("Other", "Nothing of interest."),
  ];
  assert.deepEqual(found(sections, "semaphore"), ["Semaphores", "Semaphore permits", "Text"]);
});

test("a title above a section counts, too", () => {
  const sections = [
    section("First", "The permits of it."),
    section("Second", "The permits of it.", { trail: ["Semaphore permits"] }),
  ];
  assert.deepEqual(found(sections, "permits"), ["Second", "First"]);
});

test("in a short text, a word counts more than in a long one", () => {
  const sections = [section("Long", `permits ${"other ".repeat(100)}`), section("Short", "permits of others")];
  assert.deepEqual(found(sections, "permits"), ["Short", "Long"]);
});

test("of two titles, the one with fewer other words comes first", () => {
  const page = { isPage: true };
  const sections = [section("Cancel safety of reads", "A page.", page), section("Cancel safety", "A page.", page)];
  assert.deepEqual(found(sections, "cancel safety"), ["Cancel safety", "Cancel safety of reads"]);
});

test("a heading whose subject is the query comes before those that have only its word", () => {
  const sections = [
    section("Shielding work", "A page on shielding.", { isPage: true }),
    section("shielded: Shield work from cancellation", "An exercise."),
  ];
  assert.equal(found(sections, "shielded")[0], "shielded: Shield work from cancellation");
  assert.equal(found(sections, "shielding")[0], "Shielding work");
});

test("words that are next to each other come before the same words apart", () => {
  const sections = [
    section("Apart", "While it runs, we let it finish. Let it be, while it runs."),
    section("Adjacent", "Use a while let loop."),
  ];
  assert.deepEqual(found(sections, "while let"), ["Adjacent", "Apart"]);
});

test("a title with one of two words is not enough", () => {
  const sections = [section("While it runs", "Let it finish."), section("Loops", "Use a while let loop.")];
  assert.deepEqual(found(sections, "while let"), ["Loops", "While it runs"]);
});

test("a pasted message is found where it is quoted, not where headings have some of its words", () => {
  const sections = [
    section("The else branch is disabled", "There are branches, and no other branch is disabled.", { isPage: true }),
    section("Check yourself", "It panics: `all branches are disabled and there is no else branch`."),
    section("Branches", "All branches of a tree."),
  ];
  assert.equal(found(sections, "all branches are disabled and there is no else branch")[0], "Check yourself");
});

test("a section that quotes a long message comes before a heading with nearly the same words", () => {
  const sections = [
    section(
      "future cannot be sent between threads safely",
      "A task holds an Rc<str>. It cannot be sent between threads.",
    ),
    section("Bounds", `${"other ".repeat(60)} error: \`Rc<str>\` cannot be sent between threads safely`),
  ];
  const query = "`Rc<str>` cannot be sent between threads safely";
  assert.deepEqual(found(sections, query)[0], "Bounds");
});

test("words that are nowhere in the book do not matter", () => {
  const sections = [section("Runtime", "there is no reactor running"), section("Other", "running")];
  assert.deepEqual(found(sections, "zzz: there is no reactor running"), ["Runtime"]);
  assert.deepEqual(found(sections, "zzz"), []);
});

test("a section with only one of two words is left out if another one has both", () => {
  const sections = [
    section("One", "a bounded queue"),
    section("Both", "a bounded channel"),
    section("Else", "nothing"),
  ];
  assert.deepEqual(found(sections, "bounded channel"), ["Both"]);
});

test("signs decide between equal words", () => {
  const sections = [section("Plain", "a static value"), section("Lifetime", "a 'static value")];
  assert.equal(found(sections, "'static")[0], "Lifetime");
  assert.equal(found(sections, "static")[0], "Plain");
});

test("rare words count more than frequent ones", () => {
  const frequent = Array.from({ length: 10 }, (_, at) => section(`Frequent ${at}`, "the future is polled"));
  const sections = [...frequent, section("Rare", "a budget for each poll")];
  assert.equal(found(sections, "the budget")[0], "Rare");
});

test("a query without words finds nothing", () => {
  assert.deepEqual(found([section("Title", "text")], " -> "), []);
});

test("a run is as long as the terms in it are exact, and a part of an identifier ends it", () => {
  const lengths = (...words) => {
    const follow = runFollower();
    return words.map((matches) => follow(matches)?.length ?? 0);
  };
  const matches = (first, quality, count = 1) => [{ first, count, quality }];
  assert.deepEqual(lengths(matches(0, 1), matches(1, 0.5), matches(2, 1, 2), null, matches(4, 1)), [1, 1.5, 3.5, 0, 1]);
  assert.deepEqual(lengths(matches(0, 1), matches(1, 0.3), matches(2, 1)), [1, 0, 1]);
});

test("the sections of mdBook's index know their page and the titles above them", () => {
  const docs = {
    0: { id: "0", title: "Tasks", body: "First.", breadcrumbs: "Tasks » Tasks" },
    1: { id: "1", title: "abort", body: "Second.", breadcrumbs: "Tasks » abort" },
    2: { id: "2", title: "JoinSet", body: "Third.", breadcrumbs: "Tasks » JoinSet » JoinSet" },
  };
  const sections = sectionsOf({
    doc_urls: ["tasks.html#tasks", "tasks.html#abort", "tasks-joinset.html#joinset"],
    index: { documentStore: { docs } },
  });
  assert.deepEqual(sections, [
    { url: "tasks.html#tasks", title: "Tasks", trail: [], text: "First.", isPage: true },
    { url: "tasks.html#abort", title: "abort", trail: ["Tasks"], text: "Second.", isPage: false },
    { url: "tasks-joinset.html#joinset", title: "JoinSet", trail: ["Tasks"], text: "Third.", isPage: true },
  ]);
});

test("the hidden lines that draw a figure are not found, and prose about them is", () => {
  const body =
    '#[timeline::lane("GET {path}")] async fn get(path: &str) {} ' +
    'fn main() { let _figure = timeline::figure("two", "Two (of them)"); get("/"); } ' +
    'Write #[timeline::lane("name")] before a function.';
  const docs = { 0: { id: "0", title: "Lanes", body, breadcrumbs: "Lanes" } };
  const [{ text }] = sectionsOf({ doc_urls: ["lanes.html#lanes"], index: { documentStore: { docs } } });
  assert.equal(
    text,
    'async fn get(path: &str) {} fn main() { get("/"); } Write #[timeline::lane("name")] before a function.',
  );
});
