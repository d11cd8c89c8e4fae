// Two texts beside each other, with their differences marked.
import { compareTexts } from "./diff.js";
import { element, paragraph } from "./dom.js";

/** Shows two texts, each `{ title, text }`. */
export const comparison = (left, right) => {
  const rows = compareTexts(left.text, right.text);
  return element(
    "div",
    { class: "compare", same: JSON.stringify([left, right]) },
    paragraph(summary(rows.differences)),
    element("div", { class: "compare-sides" }, side(left.title, rows.left), side(right.title, rows.right)),
  );
};

const summary = (differences) => {
  if (differences === 0) return "The two texts are identical.";
  return `${differences} ${differences === 1 ? "line differs" : "lines differ"}, marked at the left edge.`;
};

const side = (title, rows) =>
  element(
    "div",
    { class: "compare-side" },
    element("p", { class: "compare-title" }, title),
    element("pre", { tabindex: "0", role: "group", "aria-label": title }, element("code", {}, rows.map(rowElement))),
  );

const rowElement = (row) => {
  if (row === null) return element("span", { class: "compare-gap", "aria-hidden": "true" });
  if (row.skipped) return element("span", { class: "compare-skipped" }, `(${row.skipped} identical lines)\n`);
  return element("span", { class: row.differs ? "compare-differs" : null }, `${row.text}\n`);
};
