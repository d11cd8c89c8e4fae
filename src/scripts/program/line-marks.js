// The marks at the lines of a program's block that the compiler names.
import { element } from "../dom.js";
import { lineSpan, worstByLine } from "./lines.js";

const errorLines = window.Highlight && CSS.highlights ? new Highlight() : null;
if (errorLines) CSS.highlights.set("program-error", errorLines);

export class LineMarks {
  #pre;
  #code;
  #marks = [];

  constructor(pre) {
    this.#pre = pre;
    this.#code = pre.querySelector("code");
  }

  /** Marks the lines of these diagnostics, in place of those that were marked before. */
  show(diagnostics) {
    for (const { range, sign } of this.#marks) {
      errorLines?.delete(range);
      sign.remove();
    }
    this.#marks = worstByLine(diagnostics).map((diagnostic) => this.#mark(diagnostic));
    this.place();
  }

  /** Puts the signs beside their lines. Those of hidden lines wait until the lines are shown. */
  place() {
    const top = this.#pre.getBoundingClientRect().top - this.#pre.scrollTop;
    for (const { range, sign } of this.#marks) {
      const box = range.getClientRects()[0];
      sign.hidden = box === undefined || box.height === 0;
      if (!sign.hidden) sign.style.top = `${box.top - top}px`;
    }
  }

  goTo(line) {
    const mark = this.#marks.find((found) => found.line === line);
    if (mark?.sign.hidden) this.#pre.querySelector('.buttons button[title="Show hidden lines"]')?.click();
    this.place();
    if (mark) mark.sign.focus();
    else this.#pre.scrollIntoView({ block: "nearest" });
  }

  #mark({ line, level, message }) {
    const range = rangeOf(this.#code, lineSpan(this.#code.textContent, line));
    const isError = level === "error";
    if (isError) errorLines?.add(range);
    const label = isError ? `Line ${line} does not compile: ${message}` : `Warning for line ${line}: ${message}`;
    const sign = element(
      "span",
      { class: `program-mark ${level}`, tabindex: -1, role: "img", "aria-label": label },
      isError ? "✗" : "!",
    );
    this.#pre.append(sign);
    return { line, range, sign };
  }
}

// The range of a part of an element's text.
const rangeOf = (element, { begin, end }) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let before = 0;
  let hasStart = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const after = before + node.length;
    if (!hasStart && begin < after) {
      range.setStart(node, begin - before);
      hasStart = true;
    }
    if (hasStart && end <= after) {
      range.setEnd(node, end - before);
      break;
    }
    before = after;
  }
  return range;
};
