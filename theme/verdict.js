// `workbook.verdict(card, next, timeline)` tells what the grader says of an exercise: the first thing that
// is wrong in full, the rest folded. `next` is the card of the exercise to go on with, if there is one, and
// `timeline(test)` gives the picture of a test.
"use strict";

{
  const { element, html, sign, button, block, folded } = workbook;
  const { counted, capitalized } = workbook.words;
  const root = document.documentElement.dataset.root ?? "";

  // The other outcomes are all bad.
  const MARKS = { passed: "✓", "not-started": "○", "not-run": "○" };

  // Plain text with `code` and the place in the book to read on at.
  const worded = (text) =>
    text.split(/(`[^`\n]+`|^Read on: \S+$)/m).map((part) => {
      const code = /^`(.+)`$/.exec(part);
      if (code) return element("code", {}, code[1]);
      const page = /^Read on: (?:book\/)?(\S+)$/.exec(part);
      return page ? element("a", { href: root + page[1] }, "Read on in the book") : part;
    });

  const paragraph = (...words) => element("p", {}, words);

  const notStarted = (card) =>
    paragraph(
      "Put your answer in place of the ",
      worded("`todo!()`"),
      " in ",
      worded(`\`${card.file}\``),
      ", here or in your own editor. It is graded whenever you save.",
    );

  const solved = (card, next, timeline) => [
    paragraph(card.tests.length === 1 ? "Its test passes." : `All ${card.tests.length} tests pass.`),
    element("div", { class: "exercise-teaches" }, html(card.teaches)),
    next && paragraph("Go on with ", element("a", { href: root + next.page }, next.title), "."),
    warnings(card, card.warnings),
    folded("tests", false, "The tests", card.tests.map((test) => oneTest(test, false, timeline))),
  ];

  const failing = (card, timeline) => {
    const failed = card.tests.filter((test) => test.outcome !== "passed");
    // A test that was not run has nothing to say while another has.
    const first = failed.find((test) => !(test.outcome in MARKS)) ?? failed[0];
    const [warning, ...others] = mostTellingFirst(card.warnings);
    return [
      paragraph(`${card.tests.length - failed.length} of ${counted(card.tests.length, "test")} pass.`),
      warning &&
        element(
          "div",
          { key: "warning" },
          paragraph("The compiler warns of something, which is often the reason:"),
          remark(card, warning),
        ),
      first && oneTest(first, true, timeline),
      mistakes(card.misconceptions),
      card.tests.filter((test) => test !== first).map((test) => oneTest(test, false, timeline)),
      warnings(card, others),
    ];
  };

  // A future that nobody awaits is why an answer does nothing.
  const mostTellingFirst = (warnings) => {
    const isUnused = (warning) => warning.code === "unused_must_use";
    return [...warnings.filter(isUnused), ...warnings.filter((warning) => !isUnused(warning))];
  };

  const oneTest = (test, isOpen, timeline) => {
    const key = `test ${test.name}`;
    const name = capitalized(test.name.replaceAll("_", " "));
    const summary = [sign(MARKS[test.outcome] ?? "✗"), ` ${name}: ${test.words}`];
    const said = [
      test.report.trim() !== "" && element("p", { class: "exercise-report" }, worded(test.report.trimEnd())),
      timeline(test),
      test.printed.trim() !== "" && [
        paragraph("Your answer printed:"),
        element("div", { class: "exercise-printed" }, block(test.printed, "What your answer printed")),
      ],
    ];
    return said.some(Boolean) ? folded(key, isOpen, summary, said) : element("p", { key }, summary);
  };

  const mistakes = (misconceptions) => {
    if (misconceptions.length === 0) return null;
    const inside =
      misconceptions.length === 1
        ? paragraph("This looks like a known mistake: ", worded(misconceptions[0]))
        : [
            paragraph("This looks like one of these known mistakes:"),
            element("ul", {}, misconceptions.map((mistake) => element("li", {}, worded(mistake)))),
          ];
    return element("div", { class: "exercise-mistake", key: "mistakes" }, inside);
  };

  const doesNotCompile = (card) => {
    const [first, ...others] = card.errors;
    return [
      first && remark(card, first),
      first?.about && paragraph(worded(first.about)),
      others.length > 0 &&
        folded(
          "errors",
          false,
          `And ${counted(others.length, "more error")}: mend the first one first`,
          others.map((error) => remark(card, error)),
        ),
      warnings(card, card.warnings),
    ];
  };

  const warnings = (card, list) =>
    list.length > 0 &&
    folded(
      "warnings",
      false,
      `The compiler warns of ${counted(list.length, "thing")}`,
      list.map((warning) => remark(card, warning)),
    );

  // What the compiler says, in its own words.
  const remark = (card, diagnostic) => {
    const { line, level, message, rendered } = diagnostic;
    const isHere = line !== null && diagnostic.file === card.file;
    return element(
      "div",
      { class: "exercise-remark", key: `${line} ${message}` },
      block(rendered, `The compiler's ${level}`),
      isHere && button("line", `Go to line ${line}`, { "data-line": line }),
    );
  };

  const blocked = (card) =>
    paragraph(
      worded(`\`${card.file}\``),
      " does not compile: the mistake is in ",
      element("a", { href: `#card-${card.chapter}-${card.blocked_by}` }, element("code", {}, card.blocked_by)),
      ". This exercise is graded again as soon as that is mended.",
    );

  const graderChanged = (card) => [
    paragraph(
      "The tests of this chapter are not the workbook's own any more, so they say nothing about your answer. ",
      "This command brings them back:",
    ),
    block(`git checkout -- ${card.changed.join(" ")}`, "Command"),
  ];

  workbook.verdict = (card, next, timeline) => {
    if (card.blocked_by) return blocked(card);
    switch (card.state) {
      case "solved":
        return solved(card, next, timeline);
      case "failing":
      case "hangs":
        return failing(card, timeline);
      case "does-not-compile":
        return doesNotCompile(card);
      case "grader-changed":
        return graderChanged(card);
      default:
        return notStarted(card);
    }
  };
}
