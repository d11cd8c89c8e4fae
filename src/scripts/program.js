// <workbook-program>: wraps each Rust program of a page, so that the reader can run it, change it and predict
// its output. The tool runs it if it serves the page, and otherwise play.rust-lang.org, where it has what the program
// needs.
import { stream } from "./connection.js";
import { button, codeBlock, element, folded, withMarkup } from "./dom.js";
import { openEditor } from "./editor.js";
import { isServed } from "./page.js";
import { runsInPlayground } from "./playground/program.js";
import { runInPlayground } from "./playground.js";
import { LineMarks } from "./program/line-marks.js";
import "./program/output.js";
import { commentsAfter, givingAway, HEADINGS, questionBefore } from "./program/question.js";
import { compareWithBook, isRightPrediction, isSameAsBook, panicLine, panicMessage } from "./program/result.js";
import { SavedEdits } from "./program/saved-edits.js";
import { importDrawing } from "./svg.js";

class Program extends HTMLElement {
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
  // What covers the output and what the page says about it, while the reader may guess.
  #cover = null;
  #message = "";
  #running = null;
  #diagnostics = [];
  // Removes what the page shows about the timelines of the last run.
  #clearTimelines = [];

  static wrap(pre, number, saved) {
    new Program().#wrap(pre, number, saved);
  }

  #wrap(pre, number, saved) {
    this.#code = pre.querySelector("code");
    this.#number = number;
    this.#original = this.#code.textContent;
    this.#text = this.#original;
    this.#saved = saved;
    this.#lineMarks = new LineMarks(pre);
    this.#book = pre.nextElementSibling?.querySelector(":scope > code.language-text") ?? null;
    const question = this.#book && questionBefore(pre);

    pre.replaceWith(this);
    this.append(pre, this.#editorPlace);
    if (question) this.#askForPrediction(question);
    this.append(this.#bar(), ...this.#leftEdits(), this.#output);
    this.#change(saved.read(number - 1, this.#original));
    this.#showText();
    if (this.#text !== this.#original) this.#tell("This is your edited version of the program.");
    new ResizeObserver(() => this.#lineMarks.place()).observe(pre);
    addEventListener("pagehide", () => this.#save());
    // mdBook's button copies the text of the block, which is out of date while the program is edited.
    pre.addEventListener("click", ({ target }) => target.closest(".clip-button") && this.#showText());
  }

  #save() {
    this.#saved.write(this.#number - 1, this.#text, this.#original);
  }

  // Edits of programs that are no longer on the page.
  #leftEdits() {
    return this.#saved.leftAt(this.#number - 1).map(({ text, remove }) => {
      const use = button("Use it here", () => {
        this.#use(text);
        discard.click();
      });
      const discard = button("Discard it", () => {
        remove();
        edit.remove();
        this.#edit.focus();
      });
      const summary = "Your edit of a program that the page no longer has";
      const edit = folded("left", false, summary, codeBlock(text, "Your edit"), use, " ", discard);
      edit.className = "program-left";
      return edit;
    });
  }

  #use(text) {
    if (this.#editor) this.#editor.text = text;
    this.#change(text);
    this.#save();
    this.#showText();
    this.#tell("This is your edited version of the program.");
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
      saving = setTimeout(() => this.#save(), 300);
    });
    this.#editor.onKey("Ctrl-Enter", "runs the program", () => this.#start());
    this.toggleAttribute("data-editing", true);
    this.#editorPlace.hidden = false;
    this.#edit.textContent = "Close the editor";
    this.#showMarks();
    this.#editor.focus();
  }

  #closeEditor() {
    this.#editor.remove();
    this.#editor = null;
    this.#editorPlace.hidden = true;
    this.toggleAttribute("data-editing", false);
    this.#edit.textContent = "Edit";
    this.#save();
    this.#showText();
    this.#showMarks();
  }

  #backToOriginal() {
    if (this.#editor) this.#editor.text = this.#original;
    this.#change(this.#original);
    this.#save();
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
    for (const clear of this.#clearTimelines) clear();
    this.#clearTimelines = [];
    if (this.#book) {
      this.#book.parentElement.hidden = false;
      delete this.#book.parentElement.dataset.label;
    }
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
    // What a program printed until it was stopped is only a part of its output.
    const isWhole = success || line !== null || this.#code.classList.contains("should_panic");
    this.#tell(
      success ? "✓ Finished." : failure,
      this.#predictionResult(printed),
      isWhole && this.#besideBook(printed),
    );
    for (const timeline of timelines) this.#showTimeline(timeline);
  }

  #besideBook(printed) {
    if (!this.#book) return "";
    this.#uncover();
    const block = this.#book.parentElement;
    // The same output is not shown twice.
    block.hidden = isSameAsBook(this.#book.textContent, printed);
    block.dataset.label = "In the book";
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
    const bookFigure = this.#bookFigure(name);
    if (bookFigure && timelineIn(bookFigure) === timelineIn(drawing)) {
      this.#titleFigure(bookFigure, "Your run, and the book’s");
      this.#output.link("The timeline of your run is the same as the book’s", name);
      return;
    }
    const title = element("p", { class: "figure-title" }, "Your run");
    const figure = element("figure", { class: "your-run" }, title, drawing);
    this.#clearTimelines.push(() => figure.remove());
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
    this.#titleFigure(bookFigure, "In the book");
    this.#output.link("The timeline of your run, beside the book’s", drawing.id);
  }

  #titleFigure(figure, text) {
    const title = element("p", { class: "figure-title" }, text);
    figure.prepend(title);
    this.#clearTimelines.push(() => title.remove());
  }

  #askForPrediction(question) {
    question.classList.add("question");
    this.#prediction = element("textarea", { rows: 2, spellcheck: "false" });
    this.#prediction.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#start();
    });
    const label = "Your guess: what does it print?";
    this.append(element("label", { class: "program-prediction" }, label, this.#prediction));

    const covered = givingAway(this.#book.parentElement);
    this.#cover = element("div", { class: "covered-output" });
    covered[0].before(this.#cover);
    const show = button("Show the output", () => {
      const [pre] = covered;
      this.#uncover();
      pre.tabIndex = -1;
      pre.focus();
      this.#tell(this.#predictionResult(this.#book.textContent));
    });
    this.#cover.append(show, ...covered.flatMap((element) => [element, ...commentsAfter(element)]));
  }

  #uncover() {
    const [, ...covered] = this.#cover?.childNodes ?? [];
    this.#cover?.replaceWith(...covered);
    this.#cover = null;
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

const timelineIn = (node) => node.querySelector("metadata[data-timeline]")?.dataset.timeline;

/** Puts the element around every program on the page that can be run. */
export const addPrograms = () => {
  customElements.define("workbook-program", Program);
  const codes = [...document.querySelectorAll("main pre > code.language-rust")];
  const texts = codes.map((code) => code.textContent);
  const saved = new SavedEdits(location.pathname.split("/").at(-1), texts);
  codes.forEach((code, index) => {
    if (isServed || runsInPlayground(texts[index])) Program.wrap(code.parentElement, index + 1, saved);
  });
};
