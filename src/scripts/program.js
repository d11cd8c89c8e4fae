// <workbook-program>: wraps each Rust program of a page, so that the reader can run it, change it and predict
// its output. The tool runs it if it serves the page, and otherwise play.rust-lang.org, where it has what the program
// needs.
import { stream } from "./connection.js";
import { button, element, withMarkup } from "./dom.js";
import { openEditor } from "./editor.js";
import { isServed } from "./page.js";
import { runsInPlayground } from "./playground/program.js";
import { runInPlayground } from "./playground.js";
import { LineMarks } from "./program/line-marks.js";
import "./program/output.js";
import { compareWithBook, isRightPrediction, panicLine, panicMessage } from "./program/result.js";
import { SavedEdit } from "./program/saved-edit.js";
import { importDrawing } from "./svg.js";

const QUESTION = /\?$|\bguess\b|\bpredict\b/i;
const HEADINGS = "h1, h2, h3, h4, h5, h6";

class Program extends HTMLElement {
  #pre;
  #code;
  #number;
  #original;
  // The nodes of the book's program, as mdBook's scripts have coloured them.
  #originalNodes = null;
  #text;
  #saved;
  #lineMarks;
  #editor = null;
  #editorPlace = element("div", { class: "program-editor", hidden: true });
  #run = button("Run", () => this.#start(), { class: "program-run" });
  #stop = button("Stop", () => this.#running?.abort(), { hidden: true });
  #edit = button("Edit", () => this.#toggleEditor());
  #reset = button("Reset", () => this.#backToOriginal());
  #status = element("span", { class: "program-status", role: "status" });
  // A screen reader does not announce it, because it changes too often.
  #count = element("span", { "aria-hidden": "true" });
  #output = element("workbook-output");
  // The block with the book's output, if it shows one.
  #book;
  #prediction = null;
  // The book's figure, while the output is to be predicted.
  #coveredFigure = null;
  #message = "";
  #running = null;
  #diagnostics = [];
  #figures = [];

  static wrap(pre, number) {
    new Program().#wrap(pre, number);
  }

  #wrap(pre, number) {
    this.#pre = pre;
    this.#code = pre.querySelector("code");
    this.#number = number;
    this.#original = this.#code.textContent;
    this.#text = this.#original;
    this.#saved = new SavedEdit(location.pathname.split("/").at(-1), number, this.#original);
    this.#lineMarks = new LineMarks(pre);
    this.#book = pre.nextElementSibling?.querySelector(":scope > code.language-text") ?? null;
    const before = pre.previousElementSibling;
    const asks = before?.localName === "p" && QUESTION.test(before.textContent.trim());

    pre.replaceWith(this);
    this.append(pre, this.#editorPlace);
    if (asks && this.#book && !this.closest("details")) this.#askForPrediction();
    this.append(this.#bar(), this.#output);
    this.#change(this.#saved.read());
    this.#showText();
    if (this.#text !== this.#original) this.#tell("This is your edited version of the program.");
    new ResizeObserver(() => this.#lineMarks.place()).observe(pre);
    addEventListener("pagehide", () => this.#saved.write(this.#text));
  }

  #bar() {
    return element(
      "div",
      { class: "program-bar", role: "group", "aria-label": `Program ${this.#number}` },
      this.#run,
      this.#stop,
      this.#edit,
      this.#reset,
      this.#status,
      this.#count,
      !isServed && element("small", {}, "Run sends the program to play.rust-lang.org."),
    );
  }

  #tell(...sentences) {
    const message = sentences.filter((sentence) => sentence).join(" ");
    // A message that is set again would be announced again.
    if (message === this.#message) return;
    this.#message = message;
    this.#status.replaceChildren(...withMarkup(message));
  }

  #change(text) {
    this.#text = text;
    this.#reset.hidden = text === this.#original;
    this.toggleAttribute("data-changed", text !== this.#original);
    this.#diagnostics = [];
  }

  // Puts the current text into the block, in the book's own nodes if it is the book's.
  #showText() {
    this.#originalNodes ??= [...this.#code.childNodes].map((node) => node.cloneNode(true));
    if (this.#text === this.#code.textContent) return;
    if (this.#text === this.#original) {
      this.#code.replaceChildren(...this.#originalNodes.map((node) => node.cloneNode(true)));
      return;
    }
    this.#code.textContent = this.#text;
    window.hljs?.highlightBlock(this.#code);
  }

  async #toggleEditor() {
    if (this.#editor) {
      this.#closeEditor();
      return;
    }
    this.#edit.disabled = true;
    try {
      const label = `Editor for program ${this.#number}`;
      this.#editor = await openEditor(this.#editorPlace, this.#text, label, { maxLines: Infinity });
    } catch (error) {
      this.#tell(error.message);
      return;
    } finally {
      this.#edit.disabled = false;
    }
    let saving;
    this.#editor.onChange(() => {
      this.#change(this.#editor.text);
      clearTimeout(saving);
      saving = setTimeout(() => this.#saved.write(this.#text), 300);
    });
    this.#editor.onKey("Ctrl-Enter", "runs the program", () => this.#start());
    this.#pre.hidden = true;
    this.#editorPlace.hidden = false;
    this.#edit.textContent = "Close the editor";
    this.#showMarks();
    this.#editor.focus();
  }

  #closeEditor() {
    this.#editor.remove();
    this.#editor = null;
    this.#editorPlace.hidden = true;
    this.#pre.hidden = false;
    this.#edit.textContent = "Edit";
    this.#saved.write(this.#text);
    this.#showText();
    this.#showMarks();
  }

  #backToOriginal() {
    if (this.#editor) this.#editor.text = this.#original;
    this.#change(this.#original);
    this.#saved.write(this.#text);
    this.#showText();
    this.#clearRun("");
    this.#running = null;
    this.#showRunning(false);
    // The button that was pressed is hidden now.
    this.#edit.focus();
    this.#tell("The book's program is back.");
  }

  // Ends a run and removes its results.
  #clearRun(prediction) {
    this.#running?.abort();
    this.#diagnostics = [];
    this.#showMarks();
    for (const figure of this.#figures) figure.remove();
    this.#figures = [];
    this.#output.begin(prediction);
  }

  async #start() {
    this.#clearRun(this.#prediction?.value.trim() ?? "");
    const running = new AbortController();
    this.#running = running;
    const text = this.#text;
    this.#tell("Starting.");
    this.#showRunning(true);
    const onMessage = (message) => {
      if (this.#running === running) this.#receive(message, text);
    };
    try {
      if (isServed) await stream("run", { program: text }, onMessage, running.signal);
      else await runInPlayground(text, onMessage, running.signal);
    } catch (error) {
      if (this.#running === running) this.#tell(error.name === "AbortError" ? "Stopped." : error.message);
    }
    if (this.#running !== running) return;
    this.#running = null;
    this.#showRunning(false);
  }

  #showRunning(isRunning) {
    const hadFocus = document.activeElement === (isRunning ? this.#run : this.#stop);
    this.#run.hidden = isRunning;
    this.#stop.hidden = !isRunning;
    if (hadFocus) (isRunning ? this.#stop : this.#run).focus();
    if (!isRunning) this.#count.textContent = "";
  }

  #receive(message, text) {
    const goTo = (line) => this.#goTo(line);
    switch (message.kind) {
      case "step":
        this.#tell(`${message.text.replace(/\W+$/, "")} …`);
        this.#count.textContent = message.total > 0 ? `${message.done} of ${message.total}` : "";
        break;
      case "warning":
        this.#output.warning(message.diagnostic, goTo);
        this.#addDiagnostics([message.diagnostic], text);
        break;
      case "output":
        this.#output.write(message.stream, message.text);
        break;
      case "errors":
        this.#output.errors(message.errors, goTo);
        this.#addDiagnostics(message.errors, text);
        this.#tellErrors(message.errors, text);
        break;
      case "ended":
        this.#tellEnd(message);
        break;
      case "failed":
        this.#tell(message.error);
        break;
    }
  }

  #tellErrors(errors, text) {
    const rendered = errors.map((error) => error.rendered.trimEnd()).join("\n\n");
    this.#tell(
      errors.length === 1 ? "It does not compile." : `It does not compile: ${errors.length} errors.`,
      // After an edit the reader knows that the program differs from the book's.
      text === this.#original && this.#besideBook(rendered),
    );
  }

  #tellEnd({ success, message, timelines }) {
    const { stdout, stderr } = this.#output.text;
    const line = panicLine(stderr);
    const printed = this.#code.classList.contains("should_panic") ? stdout + panicMessage(stderr) : stdout;
    const failure = line === null ? (message ?? "The program failed.") : `It panicked at line ${line}.`;
    this.#tell(success ? "✓ Finished." : failure, this.#predictionResult(printed), this.#besideBook(printed));
    for (const timeline of timelines) this.#showTimeline(timeline);
  }

  #besideBook(printed) {
    if (!this.#book) return "";
    this.#uncover();
    return compareWithBook(this.#book.textContent, printed);
  }

  // The book's figure of this name, if it is between this program and the next one, under the same heading.
  #bookFigure(name) {
    for (let next = this.nextElementSibling; next; next = next.nextElementSibling) {
      if (next.matches(HEADINGS) || next.localName === "workbook-program") return null;
      const svg = [...next.querySelectorAll("svg.timeline")].find((found) => found.id === name);
      if (svg) return svg.closest("figure");
    }
    return null;
  }

  #showTimeline({ name, svg }) {
    const drawing = importDrawing(svg, `your-run-${this.#number}-`);
    if (!drawing) return;
    const figure = element("figure", { class: "your-run" }, element("figcaption", {}, "Your run"), drawing);
    this.#figures.push(figure);
    const bookFigure = this.#bookFigure(name);
    if (!bookFigure) {
      this.#output.after(figure);
      return;
    }
    if (!bookFigure.parentElement.matches(".figures-compared")) {
      const pair = element("div", { class: "figures-compared" });
      bookFigure.replaceWith(pair);
      pair.append(bookFigure);
    }
    bookFigure.before(figure);
    this.#output.link("The timeline of your run, beside the book’s", drawing.id);
  }

  #askForPrediction() {
    this.#prediction = element("textarea", { rows: 2, spellcheck: "false" });
    this.#prediction.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#start();
    });
    const label = "Your guess: what does it print?";
    this.append(element("label", { class: "program-prediction" }, label, this.#prediction));

    // The figure would give the output away.
    const name = /timeline::figure\("([\w-]+)"/.exec(this.#original)?.[1];
    this.#coveredFigure = this.#bookFigure(name);
    this.#coveredFigure?.classList.add("covered-figure");
    const pre = this.#book.parentElement;
    const cover = element("div", { class: "covered-output" });
    pre.replaceWith(cover);
    const show = button("Show the output", () => {
      this.#uncover();
      pre.tabIndex = -1;
      pre.focus();
      this.#tell(this.#predictionResult(this.#book.textContent));
    });
    cover.append(pre, show);
  }

  #uncover() {
    const cover = this.#book.closest(".covered-output");
    cover?.replaceWith(this.#book.parentElement);
    this.#coveredFigure?.classList.remove("covered-figure");
  }

  #predictionResult(printed) {
    // The prediction was about the book's program.
    if (this.#text !== this.#original) return "";
    return isRightPrediction(this.#prediction?.value ?? "", printed) ? "Your guess was right." : "";
  }

  // If the program has been changed since the run began, its lines have other numbers.
  #addDiagnostics(diagnostics, text) {
    if (text !== this.#text) return;
    this.#diagnostics.push(...diagnostics);
    this.#showMarks();
  }

  #showMarks() {
    this.#lineMarks.show(this.#editor ? [] : this.#diagnostics);
    this.#editor?.mark(this.#diagnostics);
  }

  #goTo(line) {
    if (this.#editor) this.#editor.goTo(line);
    else this.#lineMarks.goTo(line);
  }
}

/** Puts the element around every program on the page that can be run. */
export const addPrograms = () => {
  customElements.define("workbook-program", Program);
  [...document.querySelectorAll("main pre > code.language-rust")]
    .map((code) => code.parentElement)
    .forEach((pre, index) => {
      if (isServed || runsInPlayground(pre.textContent)) Program.wrap(pre, index + 1);
    });
};
