// The grader's verdict on an exercise: the first thing that is wrong in full, the rest folded.
import {
  actionButton,
  codeBlock,
  element,
  explained,
  folded,
  paragraph,
  parseHtml,
  symbol,
  withMarkup,
} from "../dom.js";
import { addressOf } from "../page.js";
import { capitalized, counted, unwrapped } from "../text.js";
import { firstFailure, mostLikelyCauseFirst } from "./order.js";

// All other outcomes are failures.
const SYMBOLS = { passed: "✓", "not-started": "○", "not-run": "○" };

/**
 * Shows the verdict of a card. `next` is the card of the exercise to continue with, if there is one, and
 * `timelineOf(test)` makes the element for a test's timeline.
 */
export const verdict = (card, next, timelineOf) => {
  if (card.blocked_by) return blocked(card);
  switch (card.state) {
    case "solved":
      return solved(card, next, timelineOf);
    case "failing":
    case "hangs":
      return failing(card, timelineOf);
    case "does-not-compile":
      return doesNotCompile(card);
    case "grader-changed":
      return graderChanged(card);
    default:
      return notStarted(card);
  }
};

const notStarted = (card) =>
  paragraph(
    withMarkup(
      `Replace the \`todo!()\` in \`${card.file}\` with your answer, here or in your own editor. It is graded ` +
        "whenever you save.",
    ),
  );

const solved = (card, next, timelineOf) => [
  paragraph(card.tests.length === 1 ? "The test passes." : `All ${card.tests.length} tests pass.`),
  element("div", { class: "exercise-takeaway" }, parseHtml(card.teaches_html)),
  next && paragraph("Continue with ", element("a", { href: addressOf(next.page) }, withMarkup(next.title)), "."),
  foldedWarnings(card, card.warnings),
  folded(
    "tests",
    false,
    "The tests",
    card.tests.map((test) => testResult(test, false, timelineOf)),
  ),
];

const failing = (card, timelineOf) => {
  const passed = card.tests.filter(({ outcome }) => outcome === "passed").length;
  const first = firstFailure(card.tests);
  const [warning, ...otherWarnings] = mostLikelyCauseFirst(card.warnings);
  return [
    paragraph(`${passed} of ${counted(card.tests.length, "test")} pass.`),
    warning &&
      element(
        "div",
        { key: "warning" },
        paragraph("The compiler gave a warning, which is often the cause:"),
        diagnosticElement(card, warning),
      ),
    first && testResult(first, true, timelineOf),
    mistakes(card.misconceptions),
    card.tests.filter((test) => test !== first).map((test) => testResult(test, false, timelineOf)),
    foldedWarnings(card, otherWarnings),
  ];
};

const testResult = (test, isOpen, timelineOf) => {
  const key = `test ${test.name}`;
  const name = capitalized(test.name.replaceAll("_", " "));
  const summary = [symbol(SYMBOLS[test.outcome] ?? "✗"), ` ${name}: ${test.text}`];
  const details = [
    test.report.trim() !== "" &&
      element("p", { class: "exercise-report" }, withMarkup(unwrapped(test.report.trimEnd()))),
    timelineOf(test),
    test.output.trim() !== "" && [
      paragraph("Your answer printed:"),
      element("div", { class: "test-output" }, codeBlock(test.output, "What your answer printed")),
    ],
  ];
  return details.some(Boolean) ? folded(key, isOpen, summary, details) : element("p", { key }, summary);
};

const mistakes = (misconceptions) => {
  if (misconceptions.length === 0) return null;
  const children =
    misconceptions.length === 1
      ? paragraph("A known wrong answer has similar code and fails in the same way: ", withMarkup(misconceptions[0]))
      : [
          paragraph("Known wrong answers have similar code and fail in the same way:"),
          element(
            "ul",
            {},
            misconceptions.map((mistake) => element("li", {}, withMarkup(mistake))),
          ),
        ];
  return element("div", { class: "exercise-mistake", key: "mistakes" }, children);
};

const doesNotCompile = (card) => {
  const [first, ...others] = card.errors;
  return [
    first && diagnosticElement(card, first),
    ...explained(first),
    others.length > 0 &&
      folded(
        "errors",
        false,
        `And ${counted(others.length, "more error")}. Fix the one above first.`,
        others.map((error) => diagnosticElement(card, error)),
      ),
    foldedWarnings(card, card.warnings),
  ];
};

const foldedWarnings = (card, warnings) =>
  warnings.length > 0 &&
  folded(
    "warnings",
    false,
    counted(warnings.length, "compiler warning"),
    warnings.map((warning) => diagnosticElement(card, warning)),
  );

const diagnosticElement = (card, { file, line, level, message, rendered }) =>
  element(
    "div",
    { class: "exercise-diagnostic", key: `${line} ${message}` },
    codeBlock(rendered, `The compiler's ${level}`),
    line !== null && file === card.file && actionButton("line", `Go to line ${line}`, { "data-line": line }),
  );

const blocked = (card) =>
  paragraph(
    withMarkup(`\`${card.file}\` does not compile: the error is in `),
    element("a", { href: `#card-${card.chapter}-${card.blocked_by}` }, element("code", {}, card.blocked_by)),
    ". This exercise is graded again once it is fixed.",
  );

const graderChanged = (card) => {
  if (card.changed.length === 0) {
    return paragraph(
      "It has no tests any more: the workbook has changed since it was started. Stop it and start it again.",
    );
  }
  return [
    paragraph(
      "The tests of this chapter have been changed, so they prove nothing about your answer. To restore them, run:",
    ),
    codeBlock(`git checkout -- ${card.changed.join(" ")}`, "Command"),
  ];
};
