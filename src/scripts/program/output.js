// <workbook-output>: the result of one run of a program, as it arrives: its output, the compiler's diagnostics, and
// the prediction that the reader made before.
import { button, element, explained } from "../dom.js";
import { cutAtLine, takeFrom } from "./chunks.js";

// Text is put into blocks of about this size, because a browser lays out a whole block again for each addition.
const BLOCK = 16 * 1024;
// With more than this in one frame the page would not respond to keys.
const PER_FRAME = 8 * BLOCK;

let labels = 0;

export class Output extends HTMLElement {
  #printed;
  #columns;
  #diagnostics;
  #warnings;
  #queue = [];
  #frame = 0;
  // The whole output by stream, to be compared with the book's.
  text = { stdout: "", stderr: "" };

  connectedCallback() {
    this.hidden = true;
  }

  /** Removes the results of the last run. `prediction` is shown beside the output if it is not empty. */
  begin(prediction) {
    cancelAnimationFrame(this.#frame);
    this.#queue = [];
    this.#frame = 0;
    this.text = { stdout: "", stderr: "" };
    this.#columns = element("div", { class: "output-columns" });
    this.#diagnostics = element("div");
    this.#warnings = null;
    this.#printed = null;
    if (prediction !== "") {
      const guess = labelled("Your guess", element("pre", {}, prediction));
      guess.className = "output-guess";
      this.#columns.append(guess);
    }
    this.replaceChildren(this.#diagnostics, this.#columns);
    this.hidden = prediction === "";
  }

  write(stream, text) {
    this.text[stream] += text;
    this.#queue.push({ stream, text });
    // The page changes once a frame, however fast a program prints.
    this.#frame ||= requestAnimationFrame(() => this.#print());
  }

  warning(diagnostic, onLine) {
    this.#warnings ??= this.#addWarnings();
    this.#warnings.append(diagnosticElement(diagnostic, onLine));
    const count = this.#warnings.childElementCount - 1;
    this.#warnings.firstElementChild.textContent = count === 1 ? "1 warning" : `${count} warnings`;
    this.hidden = false;
  }

  errors(errors, onLine) {
    this.#diagnostics.append(...errors.map((error) => diagnosticElement(error, onLine)));
    this.hidden = false;
  }

  /** A link to an element on the page, under the output. */
  link(text, id) {
    this.append(element("p", { class: "output-link" }, element("a", { href: `#${id}` }, text)));
    this.hidden = false;
  }

  #addWarnings() {
    const warnings = element("details", { class: "output-warnings" }, element("summary"));
    this.#diagnostics.after(warnings);
    return warnings;
  }

  #print() {
    this.#frame = 0;
    if (!this.#printed) {
      this.#printed = element("pre", { class: "program-output" });
      this.#columns.append(labelled("Your run", this.#printed));
      this.hidden = false;
    }
    const pre = this.#printed;
    const isAtEnd = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 4;
    for (const { stream, text } of takeFrom(this.#queue, PER_FRAME)) this.#append(stream, text);
    // Follow the output, unless the reader has scrolled up.
    if (isAtEnd && pre.clientHeight < pre.scrollHeight) pre.scrollTop = pre.scrollHeight;
    if (this.#queue.length > 0) this.#frame = requestAnimationFrame(() => this.#print());
  }

  #append(stream, text) {
    let rest = text;
    while (rest !== "") {
      const last = this.#printed.lastElementChild;
      const length = last?.textContent.length ?? 0;
      // Blocks end with a line, but a line without an end must not make a block that is too large.
      const isFull = length >= 4 * BLOCK || (length >= BLOCK && last.textContent.endsWith("\n"));
      const continues = last?.className === stream && !isFull;
      const block = continues ? last : this.#printed.appendChild(element("span", { class: stream }));
      const cut = cutAtLine(rest, BLOCK - (continues ? length : 0), BLOCK);
      block.append(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
  }
}

const labelled = (title, pre) => {
  labels += 1;
  const label = element("p", { class: "output-title", id: `output-title-${labels}` }, title);
  pre.tabIndex = 0;
  pre.setAttribute("role", "group");
  pre.setAttribute("aria-labelledby", label.id);
  return element("div", {}, label, pre);
};

const diagnosticElement = (diagnostic, onLine) => {
  const { line, rendered, message, level } = diagnostic;
  const attributes = { class: `output-${level}`, tabindex: 0, role: "group", "aria-label": message };
  return element(
    "div",
    { class: "output-diagnostic" },
    line !== null && button(`Line ${line}`, () => onLine(line)),
    element("pre", attributes, rendered.trimEnd()),
    ...explained(diagnostic),
  );
};

customElements.define("workbook-output", Output);
