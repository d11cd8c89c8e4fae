// <workbook-exercise>: the card of an exercise, which stands where the page names the command that grades
// it. What it shows comes from the tool; on a page that nobody serves there are no cards.
"use strict";

{
  const { element, html, sign, button, block, folded } = workbook;
  const { spent, capitalized } = workbook.words;

  const MARKS = { solved: "✓", failing: "✗", hangs: "✗", "does-not-compile": "✗", "grader-changed": "!" };

  // Cards of other exercises are asked where their page is.
  const cards = new Map();
  let current = null;

  // One level below the heading that the element stands under.
  const headingBelow = (element) => {
    const headings = [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5)")];
    const isBefore = (heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    const above = headings.findLast((heading) => isBefore(heading) && !heading.closest("workbook-exercise"));
    return `h${Number(above.localName[1]) + 1}`;
  };

  class Exercise extends HTMLElement {
    #name;
    #terminal;
    #heading;
    #answer;
    #card = null;
    #step = null;
    #status = ["connecting", ""];
    // What the tool has to say to the reader, for instance that it could not grade.
    #notice = null;
    // The question that waits for a yes or no: "reset", "solution" or none.
    #question = null;
    #solution = null;
    #said = "";
    #verdict = "";
    #verdictTimer;
    #busy = false;
    #editorPlace = element("div", { class: "exercise-editor", same: "editor" });

    // Takes the place of `command`, the block that names the command to type.
    replace(name, command) {
      this.#name = name;
      command.replaceWith(this);
      this.#heading = headingBelow(this);
      this.#terminal = element("details", { same: "terminal" }, element("summary", {}, "In a terminal"), command);
      this.#answer = workbook.answer(this.#chapter);

      this.id = `card-${name.replace("/", "-")}`;
      this.className = "exercise-card";
      this.tabIndex = -1;
      this.setAttribute("role", "region");
      this.setAttribute("aria-label", `Exercise ${this.#exercise}`);
      this.addEventListener("click", (event) => {
        const action = event.target.closest("button")?.dataset.action;
        if (action in this.#actions) this.#act(action, event.target.closest("button"));
      });
      // The book turns its pages on these keys, and here they scroll.
      this.addEventListener("keydown", (event) => {
        if (event.target.matches("pre") && event.key.startsWith("Arrow")) event.stopPropagation();
      });

      workbook.on("exercise", (card) => {
        if (card.name === this.#name) this.#show(card);
      });
      workbook.on("step", (step) => {
        if (step.chapter !== this.#chapter) return;
        const isMine = [null, this.#exercise].includes(step.exercise);
        this.#grade(isMine && step.words !== null ? step : null);
      });
      workbook.on("notice", ({ text }) => {
        this.#notice = text;
        this.#draw();
      });
      workbook.on("progress", () => this.#draw());
      workbook.on("answer", ({ chapter }) => {
        if (chapter === this.#chapter && this.#solution) this.#refreshSolution();
      });
      workbook.onStatus((...status) => {
        this.#status = status;
        // What could not be done while the tool was away is said no longer.
        if (status[0] === "live") this.#said = "";
        this.#draw();
      });
      this.#answer.onChange(() => this.#draw());
      this.#draw();
    }

    get #chapter() {
      return this.#name.split("/")[0];
    }

    get #exercise() {
      return this.#name.split("/")[1];
    }

    #show(card) {
      this.#card = card;
      this.#answer.mark(this.#exercise, [...card.errors, ...card.warnings]);
      this.#draw();
    }

    // A verdict is said once, when this exercise was graded and is not graded anew at once: the steps on the
    // way are for eyes only, and so is what the rest of the chapter comes to.
    #grade(step) {
      const isMine = (step) => step?.exercise === this.#exercise;
      const wasMine = isMine(this.#step);
      this.#step = step;
      if (isMine(step)) {
        clearTimeout(this.#verdictTimer);
      } else if (wasMine) {
        this.#verdictTimer = setTimeout(() => {
          this.#verdict = this.#notice ?? `${this.#exercise}: ${this.#card?.words}`;
          if (this.#card && this.#answer.place === this.#editorPlace) this.#tellEditor();
          this.#draw();
        }, 400);
      }
      this.#draw();
    }

    // The editor may have pushed the verdict out of sight.
    #tellEditor() {
      this.#answer.tell(capitalized(this.#card.words), () => {
        const report = this.querySelector(".exercise-verdict");
        report.scrollIntoView();
        report.focus({ preventScroll: true });
      });
    }

    async #act(action, from) {
      if (this.#busy) return;
      this.#busy = true;
      this.#said = "";
      this.#draw();
      try {
        await this.#actions[action](from);
      } catch (error) {
        this.#said = error.message;
      }
      this.#busy = false;
      this.#draw();
    }

    #actions = {
      check: async () => {
        this.#verdict = "";
        if (!(await this.#answer.save())) return;
        await workbook.call("POST", "check", { exercise: this.#name });
      },
      edit: async () => {
        await this.#openEditor();
        this.#answer.goToItem(this.#exercise);
      },
      line: async (from) => {
        const { line } = from.dataset;
        if (this.#answer.place !== this.#editorPlace) await this.#openEditor();
        this.#answer.goToLine(Number(line));
      },
      hint: async () => {
        await workbook.call("POST", "hint", { exercise: this.#name });
      },
      reset: async () => this.#ask("reset"),
      resetYes: async () => {
        this.#settle("reset");
        await this.#reset(false);
      },
      undo: () => this.#reset(true),
      solution: async () => {
        if (this.#solution) this.#solution = null;
        else if (this.#isSolved) await this.#showSolution(false);
        else this.#ask("solution");
      },
      solutionYes: async () => {
        this.#settle("solution");
        await this.#showSolution(true);
      },
      no: async () => this.#settle(this.#question),
    };

    #ask(question) {
      this.#question = question;
      this.#draw();
      this.querySelector(".exercise-question").focus();
    }

    // The answer to a question came from one of its buttons, which go: the focus returns to where it was.
    #settle(question) {
      this.#question = null;
      this.#draw();
      this.querySelector(`[data-action="${question}"]`).focus();
    }

    // Of the file on disk. What was typed and not saved may be no Rust at all, and must not take its place.
    async #reset(undo) {
      await this.#answer.discard();
      const { said } = await workbook.call("POST", "reset", { exercise: this.#name, undo });
      this.#said = said;
    }

    #openEditor() {
      return this.#answer.open(this.#editorPlace, {
        check: () => this.#act("check"),
        closed: () => this.querySelector('[data-action="edit"]').focus(),
      });
    }

    async #showSolution(show_me) {
      this.#solution = await workbook.call("POST", "solution", { exercise: this.#name, show_me });
    }

    // Beside the solution stands the answer as it is now.
    async #refreshSolution() {
      try {
        await this.#showSolution(!this.#isSolved);
      } catch (error) {
        this.#said = error.message;
      }
      this.#draw();
    }

    get #isSolved() {
      return this.#card.state === "solved" || this.#card.solved !== null;
    }

    #draw() {
      const [status] = this.#status;
      this.classList.toggle("exercise-stale", ["locked", "lost"].includes(status));
      const card = this.#card;
      workbook.patch(this, [
        this.#headline(),
        this.#warning(),
        card && this.#contract(),
        card && this.#buttons(),
        this.#question && this.#asked(),
        element("p", { class: "exercise-said", role: "status", key: "said" }, workbook.worded(this.#said)),
        this.#solution && this.#comparison(),
        this.#editorPlace,
        card && element("div", { class: "exercise-verdict", key: "verdict", tabindex: "-1" }, this.#judged(card)),
        card && this.#hints(),
        this.#terminal,
        element("p", { class: "for-screen-readers", role: "status", key: "verdict said" }, this.#verdict),
      ]);
    }

    #headline() {
      const card = this.#card;
      if (card === null) return element(this.#heading, { key: "headline" }, sign("…"), " Waiting for the workbook.");
      // While the whole chapter is graded, what is known stays.
      const step = this.#step?.exercise || card.state === null ? this.#step : null;
      const count = step?.total > 0 ? `: ${step.done} of ${step.total}` : " …";
      const words = step ? `${step.words}${count}` : card.words.replace(/\.$/, "");
      const times = [`${card.minutes} minutes planned`];
      if (card.seconds > 0) times.push(`${spent(card.seconds)} spent`);
      if (card.solution_shown) times.push("solution shown");
      return element(
        "div",
        { class: "exercise-headline", key: "headline", "data-state": step ? "grading" : (card.state ?? "not-started") },
        element(this.#heading, {}, sign(step ? "…" : (MARKS[card.state] ?? "○")), ` ${capitalized(words)}`),
        element("p", { class: "exercise-times" }, times.join(", ")),
      );
    }

    // Why what stands here may not be so any more.
    #warning() {
      const [status, sentence] = this.#status;
      const known = this.#card ? " What stands here was so when it was last heard of." : "";
      const words = ["locked", "lost"].includes(status) ? sentence + known : this.#notice;
      return words && element("p", { class: "exercise-notice", key: "notice" }, workbook.worded(words));
    }

    #contract() {
      const { contract, signature } = this.#card;
      const code = block(signature, "Signature");
      return folded("contract", false, "What is asked for", ...html(contract), code);
    }

    #buttons() {
      const card = this.#card;
      return element(
        "div",
        { class: "buttons-in-a-row", key: "buttons" },
        button("check", "Check", { class: "exercise-check" }),
        this.#editButton(),
        button("reset", "Reset"),
        card.can_undo && button("undo", "Undo the reset"),
        button("solution", this.#solutionWords()),
      );
    }

    #editButton() {
      if (this.#answer.place === this.#editorPlace) return null;
      return button("edit", this.#answer.hasUnsaved ? "Edit here (not saved)" : "Edit here");
    }

    #solutionWords() {
      if (this.#solution) return "Hide the solution";
      return this.#isSolved ? "Compare with the solution" : "Show the solution";
    }

    #asked() {
      const questions = {
        reset: [
          "Reset puts the stub back in place of your answer, which is kept: you can undo it. Reset it?",
          button("resetYes", "Reset it"),
        ],
        solution: ["It is not solved yet. Show it all the same?", button("solutionYes", "Show it")],
      };
      const [words, yes] = questions[this.#question];
      return element(
        "div",
        { class: "exercise-question", key: this.#question, role: "group", tabindex: "-1", "aria-label": words },
        element("p", {}, words),
        element("p", { class: "buttons-in-a-row" }, yes, button("no", "Leave it")),
      );
    }

    #judged(card) {
      const next = current !== this.#name ? cards.get(current) : null;
      return workbook.verdict(card, next, (test) => this.#timeline(test));
    }

    #timeline(test) {
      const same = `${test.name} ${test.svg}`;
      // It is not drawn again while it is there.
      const isThere = [...this.querySelectorAll("figure")].some((figure) => figure.same === same);
      if (isThere) return element("figure", { same });
      const drawing = test.svg && workbook.drawing(test.svg, `${this.id}-${test.name}-`);
      if (drawing) {
        const caption = element("figcaption", {}, "What the futures of your answer did in this test.");
        return element("figure", { same }, drawing, caption);
      }
      return test.chart?.trim() ? block(test.chart, "Timeline of this test") : null;
    }

    #hints() {
      const { hints, all_hints } = this.#card;
      return element(
        "div",
        { class: "exercise-hints", key: "hints", role: "log", tabindex: "-1", "aria-label": "Hints" },
        hints.map((hint, index) => {
          const title = element("strong", {}, `Hint ${index + 1}. `);
          return element("div", { class: "exercise-hint", key: index }, title, html(hint));
        }),
        hints.length < all_hints && button("hint", `Hint ${hints.length + 1} of ${all_hints}`),
      );
    }

    #comparison() {
      const { own, solution } = this.#solution;
      const theirs = { title: "The solution", text: solution };
      return element(
        "div",
        { key: "solution" },
        own === null
          ? block(solution, theirs.title)
          : workbook.compare({ title: "Your answer", text: own }, theirs),
      );
    }
  }

  customElements.define("workbook-exercise", Exercise);

  if (workbook.served) {
    workbook.on("exercise", (card) => cards.set(card.name, card));
    workbook.on("progress", (progress) => (current = progress.current));
    for (const code of document.querySelectorAll("main pre > code.language-console")) {
      const [, name] = /^cargo workbook check (\S+\/\S+)$/.exec(code.textContent.trim()) ?? [];
      if (!name) continue;
      document.createElement("workbook-exercise").replace(name, code.parentElement);
    }
  }
}
