import assert from "node:assert/strict";
import test from "node:test";
import { split } from "../../src/scripts/present/split.js";

const SIZES = { room: 100, gap: 10, parent: 10 };

const heading = (name, level = 2) => ({ name, kind: "heading", level, height: 20 });
const block = (name, height, kind = "text") => ({ name, height, kind });
const lead = (name, height) => ({ ...block(name, height), isLead: true });

// Each slide as its heading and its blocks.
const slides = (...blocks) =>
  split(blocks, SIZES).map(({ heading, blocks }) =>
    [heading?.name ?? null, ...blocks.map(({ name }) => name)].join(" "),
  );

test("each heading begins a slide", () => {
  assert.deepEqual(slides(heading("A", 1), block("a", 5), heading("B"), heading("C", 3), block("c", 5)), [
    "A a",
    "B",
    "C c",
  ]);
});

test("what comes before the first heading has a slide", () => {
  const [slide] = split([block("a", 5)], SIZES);
  assert.equal(slide.heading, null);
  assert.deepEqual(slides(block("a", 5), heading("B")), [" a", "B"]);
});

test("a page without blocks has no slides", () => {
  assert.deepEqual(slides(), []);
});

test("a section fills as many slides as it needs, and each knows which part it is", () => {
  const blocks = [heading("A"), block("a", 30), block("b", 30), block("c", 1)];
  assert.deepEqual(slides(...blocks), ["A a b", "A c"]);
  const parts = split(blocks, SIZES).map(({ part, parts }) => [part, parts]);
  assert.deepEqual(parts, [
    [1, 2],
    [2, 2],
  ]);
});

test("the room is used up to the last pixel", () => {
  // 100 without the heading and a gap is 70.
  assert.deepEqual(slides(heading("A"), block("a", 30), block("b", 30)), ["A a b"]);
  assert.deepEqual(slides(heading("A"), block("a", 30), block("b", 31)), ["A a", "A b"]);
});

test("a section that is named above the heading takes room", () => {
  // 70 without its line and a gap is 50.
  const named = (height) =>
    slides(heading("Page", 1), heading("A"), heading("B", 3), block("b", 20), block("c", height));
  assert.deepEqual(named(20), ["Page", "A", "B b c"]);
  assert.deepEqual(named(21), ["Page", "A", "B b", "B c"]);
});

test("a slide knows the sections around its own", () => {
  const blocks = [heading("Page", 1), heading("A"), heading("a", 3), heading("B"), heading("b", 3)];
  const parents = split(blocks, SIZES).map(({ parents }) => parents.map(({ name }) => name).join(" "));
  assert.deepEqual(parents, ["", "Page", "Page A", "Page", "Page B"]);
});

test("a block that is higher than a slide has one to itself", () => {
  assert.deepEqual(slides(heading("A"), block("a", 5), block("high", 500), block("b", 5)), ["A a", "A high", "A b"]);
});

test("a slide has at most one program, with its output if there is room", () => {
  const program = (name) => block(name, 20, "program");
  const output = (name, height = 5) => block(name, height, "output");
  assert.deepEqual(slides(heading("A"), program("p"), output("o"), program("q"), output("r")), ["A p o", "A q r"]);
  assert.deepEqual(slides(heading("A"), program("p"), output("o", 60), block("a", 5)), ["A p", "A o", "A a"]);
  assert.deepEqual(slides(heading("A"), block("high", 200, "program"), output("o"), block("a", 5)), [
    "A high",
    "A o a",
  ]);
});

test("a figure and an exercise have a slide to themselves", () => {
  for (const kind of ["figure", "exercise"]) {
    assert.deepEqual(slides(heading("A"), block("a", 5), block("it", 5, kind), block("b", 5)), ["A a", "A it", "A b"]);
  }
});

test("a question and its answer have a slide to themselves", () => {
  const answer = (name) => block(name, 5, "answer");
  assert.deepEqual(slides(heading("A"), block("a", 5), answer("1"), block("b", 5), answer("2"), block("c", 5)), [
    "A a 1",
    "A b 2",
    "A c",
  ]);
});

test("a paragraph that leads to the next block stays with it", () => {
  assert.deepEqual(slides(heading("A"), block("a", 50), lead("so:", 5), block("p", 20, "program")), ["A a", "A so: p"]);
  // It is short enough for a program that is scrolled.
  assert.deepEqual(slides(heading("A"), lead("so:", 15), block("p", 200, "program")), ["A so: p"]);
  assert.deepEqual(slides(heading("A"), lead("so:", 25), block("p", 200, "program")), ["A so:", "A p"]);
  // The last one leads to nothing.
  assert.deepEqual(slides(heading("A"), lead("so:", 5)), ["A so:"]);
});

test("what is not shown takes no room and begins no slide", () => {
  assert.deepEqual(slides(heading("A"), block("a", 70), block("hidden", 0), block("b", 70)), ["A a hidden", "A b"]);
});

test("every block is on exactly one slide, in order", () => {
  const kinds = ["text", "program", "output", "figure", "exercise", "answer"];
  let seed = 1;
  const random = (limit) => {
    seed = (seed * 48271) % 2147483647;
    return seed % limit;
  };
  for (let round = 0; round < 500; round += 1) {
    const blocks = Array.from({ length: random(20) }, (_, index) =>
      random(5) === 0
        ? heading(`h${index}`, 1 + random(4))
        : { ...block(`b${index}`, random(120), kinds[random(kinds.length)]), isLead: random(4) === 0 },
    );
    const shown = split(blocks, SIZES).flatMap(({ heading, blocks, part }) => [
      ...(part === 1 && heading ? [heading] : []),
      ...blocks,
    ]);
    assert.deepEqual(shown, blocks);
  }
});
