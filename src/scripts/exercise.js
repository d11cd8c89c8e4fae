// <workbook-exercise>: the card of an exercise, in place of the block that names the command which grades it. What
// it shows comes from the tool, so a page that the tool does not serve has no cards.
import { comparison } from "./compare.js";
import { call, on, onStatus } from "./connection.js";
import { actionButton, codeBlock, element, folded, paragraph, parseHtml, patch, symbol, withMarkup } from "./dom.js";
import { answerOf } from "./exercise/answer.js";
import { verdict } from "./exercise/verdict.js";
import { isServed } from "./page.js";
import { importDrawing } from "./svg.js";
import { capitalized, duration } from "./text.js";

const COMMAND = /^cargo workbook check (\S+\/\S+)$/;
const SYMBOLS = { solved: "✓", failing: "✗", hangs: "✗", "does-not-compile": "✗", "grader-changed": "!" };

// When an exercise of a chapter has been graded, another one may follow at once.
const UNTIL_SETTLED = 400;

// The cards of all exercises, and the name of the one to continue with.
const cards = new Map();
let current = null;

class Exercise extends HTMLElement {
  #name;
  #terminal;
  #heading;
  #answer;
  #card = null;
  // What the grader is doing at the moment.
  #step = null;
  #status = ["connecting", ""];
  // A message from the tool to the reader: that it cannot grade, for instance.
  #notice = null;
  // The title of the class that the reader has joined, if any.
  #class = null;
  // The question that the reader has to confirm: "reset", "solution", "help" or none.
  #question = null;
  #solution = null;
  #message = "";
  #announced = "";
  #announcement;
  // What was pressed and is not done, and the end of the last action.
  #pending = new Set();
  #last = Promise.resolve();
  #editorPlace = element("div", { class: "exercise-editor", same: "editor" });

  /** Takes the place of `command`, the block that names the command. */
  replace(name, command) {
    this.#name = name;
    command.replaceWith(this);
    this.#heading = headingBelow(this);
    this.#terminal = element("details", { same: "terminal" }, element("summary", {}, "In a terminal"), command);
    this.#answer = answerOf(this.#chapter);

    this.id = `card-${name.replace("/", "-")}`;
    this.className = "exercise-card";
    this.tabIndex = -1;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", `Exercise ${this.#exercise}`);
    this.#listen();
    this.#draw();
  }

  #listen() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.action in this.#actions) this.#act(button.dataset.action, button);
    });
    on("exercise", (card) => {
      if (card.name === this.#name) this.#show(card);
    });
    on("step", (step) => {
      if (step.chapter !== this.#chapter) return;
      const isMine = [null, this.#exercise].includes(step.exercise);
      this.#setStep(isMine && step.text !== null ? step : null);
    });
    on("notice", ({ text }) => {
      this.#notice = text;
      this.#draw();
    });
    on("class", ({ title }) => {
      this.#class = title;
      this.#draw();
    });
    on("progress", () => this.#draw());
    on("answer", ({ chapter }) => {
      if (chapter === this.#chapter && this.#solution) this.#refreshSolution();
    });
    onStatus((...status) => {
      this.#status = status;
      // Messages about requests that failed without a connection are out of date.
      if (status[0] === "live") this.#message = "";
      this.#draw();
    });
    this.#answer.onChange(() => this.#draw());
  }

  get #chapter() {
    return this.#name.split("/")[0];
  }

  get #exercise() {
    return this.#name.split("/")[1];
  }

  get #isSolved() {
    return this.#card.state === "solved" || this.#card.solved !== null;
  }

  // The room forgets requests about exercises that are solved.
  get #canAskForHelp() {
    return this.#class !== null && this.#card.state !== "solved";
  }

  get #hasEditor() {
    return this.#answer.place === this.#editorPlace;
  }

  #show(card) {
    this.#card = card;
    this.#answer.mark(this.#exercise, [...card.errors, ...card.warnings]);
    this.#draw();
  }

  // Screen readers announce a verdict once, when this exercise has been graded and is not graded again at once. They
  // do not announce the steps before it, nor the verdicts of the chapter's other exercises.
  #setStep(step) {
    const isMine = (step) => step?.exercise === this.#exercise;
    const wasMine = isMine(this.#step);
    this.#step = step;
    if (isMine(step)) {
      clearTimeout(this.#announcement);
    } else if (wasMine) {
      this.#announcement = setTimeout(() => {
        this.#announced = this.#notice ?? `${this.#exercise}: ${this.#card?.text}`;
        if (this.#card && this.#hasEditor) this.#showVerdictInEditor();
        this.#draw();
      }, UNTIL_SETTLED);
    }
    this.#draw();
  }

  // Beside a long editor, the report may be out of sight.
  #showVerdictInEditor() {
    const text = () => capitalized(this.#card.text);
    this.#answer.showVerdict(text, () => {
      const report = this.querySelector(".exercise-verdict");
      report.scrollIntoView();
      report.focus({ preventScroll: true });
    });
  }

  // A request takes a moment. What is pressed in the meantime follows it; pressed twice, it is done once. The button may
  // have another label or line by then.
  #act(action, { textContent: label, dataset: { line } = {} } = {}) {
    const pressed = [action, label, line].join();
    if (this.#pending.has(pressed)) return;
    this.#pending.add(pressed);
    this.#message = "";
    this.#draw();
    this.#last = this.#last.then(async () => {
      try {
        await this.#actions[action](Number(line));
      } catch (error) {
        this.#message = error.message;
      }
      this.#pending.delete(pressed);
      this.#draw();
    });
  }

  #actions = {
    check: async () => {
      this.#announced = "";
      if (!(await this.#answer.save())) return;
      await call("POST", "check", { exercise: this.#name });
    },
    edit: async () => {
      await this.#openEditor();
      this.#answer.goToItem(this.#exercise);
    },
    line: async (line) => {
      if (!this.#hasEditor) await this.#openEditor();
      this.#answer.goToLine(line);
    },
    hint: async () => {
      await call("POST", "hint", { exercise: this.#name });
    },
    reset: async () => this.#ask("reset"),
    confirmReset: async () => {
      this.#closeQuestion("reset");
      await this.#reset(false);
    },
    undo: () => this.#reset(true),
    solution: async () => {
      if (this.#solution) this.#solution = null;
      else if (this.#isSolved) await this.#showSolution(false);
      else this.#ask("solution");
    },
    confirmSolution: async () => {
      this.#closeQuestion("solution");
      await this.#showSolution(true);
    },
    help: async () => this.#ask("help"),
    confirmHelp: async () => {
      this.#closeQuestion("help");
      if (!(await this.#answer.save())) return;
      const { message } = await call("POST", "help", { exercise: this.#name });
      this.#message = message;
    },
    cancel: async () => this.#closeQuestion(this.#question),
  };

  #ask(question) {
    this.#question = question;
    this.#draw();
    this.querySelector(".exercise-question").focus();
  }

  // The buttons of the question are removed, so the focus returns to the one that raised it.
  #closeQuestion(question) {
    this.#question = null;
    this.#draw();
    // In the meantime the exercise may have been solved, or the class left.
    this.querySelector(`[data-action="${question}"]`)?.focus();
  }

  // Resets the file on disk. Unsaved text is discarded first: it may not even be Rust, and must not replace the file.
  async #reset(undo) {
    await this.#answer.discard();
    const { message } = await call("POST", "reset", { exercise: this.#name, undo });
    this.#message = message;
  }

  #openEditor() {
    return this.#answer.open(this.#editorPlace, {
      onCheck: () => this.#act("check"),
      onClosed: () => this.querySelector('[data-action="edit"]').focus(),
    });
  }

  async #showSolution(show_me) {
    this.#solution = await call("POST", "solution", { exercise: this.#name, show_me });
  }

  // The solution is shown beside the current answer.
  async #refreshSolution() {
    try {
      await this.#showSolution(!this.#isSolved);
    } catch (error) {
      this.#message = error.message;
    }
    this.#draw();
  }

  #draw() {
    const [status] = this.#status;
    this.classList.toggle("exercise-stale", ["locked", "lost"].includes(status));
    this.toggleAttribute("data-busy", this.#pending.size > 0);
    const card = this.#card;
    patch(this, [
      this.#headline(),
      this.#warning(),
      card && this.#contract(),
      card && this.#buttons(),
      this.#question && this.#confirmation(),
      element("p", { class: "exercise-message", role: "status", key: "message" }, withMarkup(this.#message)),
      this.#solution && this.#comparison(),
      this.#editorPlace,
      card && element("div", { class: "exercise-verdict", key: "verdict", tabindex: "-1" }, this.#verdict()),
      card && this.#hints(),
      this.#terminal,
      element("p", { class: "visually-hidden", role: "status", key: "announced" }, this.#announced),
    ]);
  }

  #headline() {
    const card = this.#card;
    if (card === null) {
      return element(this.#heading, { key: "headline" }, symbol("…"), " Waiting for the workbook.");
    }
    // While other exercises of the chapter are graded, the last verdict stays.
    const step = this.#step?.exercise || card.state === null ? this.#step : null;
    const count = step?.total > 0 ? `: ${step.done} of ${step.total}` : " …";
    const text = step ? `${step.text}${count}` : card.text.replace(/\.$/, "");
    const times = [`${card.minutes} minutes planned`];
    if (card.seconds > 0) times.push(`${duration(card.seconds)} spent`);
    if (card.solution_shown) times.push("solution shown");
    const shown = step ? "…" : (SYMBOLS[card.state] ?? "○");
    return element(
      "div",
      { class: "exercise-headline", key: "headline", "data-state": step ? "grading" : (card.state ?? "not-started") },
      element(this.#heading, {}, symbol(shown), ` ${capitalized(text)}`),
      element("p", { class: "exercise-times" }, times.join(", ")),
    );
  }

  // Why the card may be out of date.
  #warning() {
    const [status, message] = this.#status;
    const isStale = ["locked", "lost"].includes(status);
    const known = this.#card ? " This card shows the last known state." : "";
    const text = isStale ? message + known : this.#notice;
    return text && element("p", { class: "exercise-notice", key: "notice" }, withMarkup(text));
  }

  #contract() {
    const { contract_html, signature } = this.#card;
    return folded("contract", false, "The contract", ...parseHtml(contract_html), codeBlock(signature, "Signature"));
  }

  #buttons() {
    return element(
      "div",
      { class: "button-row", key: "buttons" },
      actionButton("check", "Check", { class: "exercise-check" }),
      !this.#hasEditor && actionButton("edit", this.#answer.hasUnsaved ? "Edit here (unsaved changes)" : "Edit here"),
      actionButton("reset", "Reset"),
      this.#card.can_undo && actionButton("undo", "Undo the reset"),
      actionButton("solution", this.#solutionLabel()),
      this.#canAskForHelp && actionButton("help", "Ask for help"),
    );
  }

  #solutionLabel() {
    if (this.#solution) return "Hide the solution";
    return this.#isSolved ? "Compare with the solution" : "Show the solution";
  }

  #confirmation() {
    const questions = {
      reset: [
        "Replace your answer with the stub? Your answer is kept, and you can undo the reset.",
        actionButton("confirmReset", "Reset it"),
      ],
      solution: [
        "You have not solved this exercise yet. Show the solution anyway?",
        actionButton("confirmSolution", "Show it"),
      ],
      help: [
        `Send your answer to this exercise to your teacher, in the class “${this.#class}”?`,
        actionButton("confirmHelp", "Send it"),
      ],
    };
    const [text, confirm] = questions[this.#question];
    return element(
      "div",
      { class: "exercise-question", key: this.#question, role: "group", tabindex: "-1", "aria-label": text },
      paragraph(text),
      element("p", { class: "button-row" }, confirm, actionButton("cancel", "Cancel")),
    );
  }

  #verdict() {
    const next = current === this.#name ? null : cards.get(current);
    return verdict(this.#card, next, (test) => this.#timeline(test));
  }

  #timeline(test) {
    const same = `${test.name} ${test.timeline_svg}`;
    // While it is on the page, the drawing is not made again.
    const isShown = [...this.querySelectorAll("figure")].some((figure) => figure.same === same);
    if (isShown) return element("figure", { same });
    const drawing = test.timeline_svg && importDrawing(test.timeline_svg, `${this.id}-${test.name}-`);
    if (drawing) {
      const caption = element("figcaption", {}, "What the futures in your answer did in this test.");
      return element("figure", { same }, drawing, caption);
    }
    return test.timeline_text?.trim() ? codeBlock(test.timeline_text, "Timeline of this test") : null;
  }

  #hints() {
    const { hints_html: hints, hint_count: count } = this.#card;
    return element(
      "div",
      { class: "exercise-hints", key: "hints", role: "log", tabindex: "-1", "aria-label": "Hints" },
      hints.map((hint, index) => {
        const title = element("strong", {}, `Hint ${index + 1}. `);
        return element("div", { class: "exercise-hint", key: index }, title, parseHtml(hint));
      }),
      hints.length < count && actionButton("hint", `Hint ${hints.length + 1} of ${count}`),
    );
  }

  #comparison() {
    const { answer, solution } = this.#solution;
    const title = "The solution";
    const shown =
      answer === null
        ? codeBlock(solution, title)
        : comparison({ title: "Your answer", text: answer }, { title, text: solution });
    return element("div", { key: "solution" }, shown);
  }
}

// One level below the heading that an element is under.
const headingBelow = (element) => {
  const headings = [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5)")];
  const isBefore = (heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
  const above = headings.findLast((heading) => isBefore(heading) && !heading.closest("workbook-exercise"));
  return `h${Number(above.localName[1]) + 1}`;
};

/** Puts a card in place of every block that names the command which grades an exercise. */
export const addExercises = () => {
  if (!isServed) return;
  customElements.define("workbook-exercise", Exercise);
  on("exercise", (card) => cards.set(card.name, card));
  on("progress", (progress) => {
    current = progress.current;
  });
  for (const code of document.querySelectorAll("main pre > code.language-console")) {
    const name = COMMAND.exec(code.textContent.trim())?.[1];
    if (name) document.createElement("workbook-exercise").replace(name, code.parentElement);
  }
};
