// `<workbook-program>` stands around each Rust program of a page: run it, change it, guess what it prints.
// The tool runs it if it serves the page, and otherwise play.rust-lang.org, where that has all the program needs.
"use strict";

{
  const ASKS = /\?$|\bguess\b|\bpredict\b/i;
  const HEADINGS = "h1, h2, h3, h4, h5, h6";
  const errorLines = window.Highlight && CSS.highlights ? new Highlight() : null;
  if (errorLines) CSS.highlights.set("program-error", errorLines);

  const { element } = workbook;

  const button = (words, pressed) => {
    const made = element("button", { type: "button" }, words);
    made.addEventListener("click", pressed);
    return made;
  };

  // Two texts are compared as the eye does: without the blanks at their ends.
  const same = (one, other) => one.trim() === other.trim();
  const withoutBlanks = (text) => text.replace(/\s/g, "").toLowerCase();

  // What the book shows of a panic: without the thread's number, which is another one each time, and without the
  // folder in which cargo keeps a library.
  const panicMessage = (stderr) => {
    const said = /^(thread '.*?')(?: \(\d+\))?( panicked at .*\n[^]*?)(?=note: run with|$(?![^]))/m.exec(stderr);
    return said ? said[1] + said[2].replace(/(?<= at ).*\/registry\/src\/[^/]*\//, "") : "";
  };

  // Edits are kept by page and number of the program, as long as the book's program stays what it was.
  class Kept {
    constructor(number, original) {
      this.key = `workbook-program:${location.pathname.split("/").at(-1)}:${number}`;
      this.original = original;
    }

    static #hash(text) {
      let hash = 0x811c9dc5;
      for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
      return hash;
    }

    read() {
      try {
        const kept = JSON.parse(localStorage.getItem(this.key));
        if (kept?.original === Kept.#hash(this.original)) return kept.text;
        if (kept) localStorage.removeItem(this.key);
      } catch {
        // Nothing can be kept here: programs can be changed all the same.
      }
      return this.original;
    }

    write(text) {
      try {
        if (text === this.original) localStorage.removeItem(this.key);
        else localStorage.setItem(this.key, JSON.stringify({ original: Kept.#hash(this.original), text }));
      } catch {
        // As above.
      }
    }
  }

  class Program extends HTMLElement {
    #pre;
    #code;
    #number;
    #original;
    #originalNodes = null;
    #text;
    #kept;
    #editor = null;
    #editorPlace = element("div", { class: "program-editor", hidden: true });
    #run = button("Run", () => this.#start());
    #stop = button("Stop", () => this.#running?.abort());
    #edit = button("Edit", () => this.#toggleEditor());
    #reset = button("Reset", () => this.#backToOriginal());
    #status = element("span", { class: "program-status", role: "status" });
    // It changes too often to be read out.
    #count = element("span", { "aria-hidden": "true" });
    #output = element("workbook-output");
    #book;
    #guess = null;
    // The book's figure, while the output is to be guessed.
    #covered = null;
    #said = "";
    #running = null;
    #problems = [];
    #marks = [];
    #drawn = [];

    static wrap(pre, number) {
      const program = new Program();
      program.#adopt(pre, number);
    }

    #adopt(pre, number) {
      this.#pre = pre;
      this.#code = pre.querySelector("code");
      this.#number = number;
      this.#original = this.#code.textContent;
      this.#kept = new Kept(number, this.#original);
      this.#text = this.#original;
      this.#book = pre.nextElementSibling?.querySelector(":scope > code.language-text") ?? null;
      const question = pre.previousElementSibling;
      const asks = question?.localName === "p" && ASKS.test(question.textContent.trim());

      pre.replaceWith(this);
      this.append(pre, this.#editorPlace);
      if (asks && this.#book && !this.closest("details")) this.#askFirst();
      this.append(this.#bar(), this.#output);
      this.#change(this.#kept.read());
      this.#showText();
      if (this.#text !== this.#original) this.#say("This is what you have made of the book’s program.");
      new ResizeObserver(() => this.#placeMarks()).observe(pre);
      addEventListener("pagehide", () => this.#kept.write(this.#text));
    }

    #bar() {
      this.#run.className = "program-run";
      this.#stop.hidden = true;
      return element(
        "div",
        { class: "program-bar", role: "group", "aria-label": `Program ${this.#number}` },
        this.#run, this.#stop, this.#edit, this.#reset, this.#status, this.#count,
        !workbook.served && element("small", {}, "Run sends the program to play.rust-lang.org."),
      );
    }

    // --- the text ---

    #change(text) {
      this.#text = text;
      this.#reset.hidden = text === this.#original;
      this.toggleAttribute("data-changed", text !== this.#original);
      this.#problems = [];
    }

    // Puts the present text into the block, in the book's own nodes if it is the book's.
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
        const label = `Program ${this.#number}, to be changed`;
        this.#editor = await workbook.editor(this.#editorPlace, this.#text, label, { maxLines: Infinity });
      } catch (error) {
        this.#say(error.message);
        return;
      } finally {
        this.#edit.disabled = false;
      }
      let saving;
      this.#editor.onChange(() => {
        this.#change(this.#editor.text);
        clearTimeout(saving);
        saving = setTimeout(() => this.#kept.write(this.#text), 300);
      });
      this.#editor.onKey("Ctrl-Enter", "runs", () => this.#start());
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
      this.#kept.write(this.#text);
      this.#showText();
      this.#showMarks();
    }

    #backToOriginal() {
      if (this.#editor) this.#editor.text = this.#original;
      this.#change(this.#original);
      this.#kept.write(this.#text);
      this.#showText();
      this.#forgetRun("");
      this.#running = null;
      this.#showRunning(false);
      // The button is gone with what it takes back.
      this.#edit.focus();
      this.#say("The program is the book's again.");
    }

    // --- a run ---

    // What was said of another text says nothing of this one.
    #forgetRun(guess) {
      this.#running?.abort();
      this.#problems = [];
      this.#showMarks();
      this.#drawn.forEach((figure) => figure.remove());
      this.#drawn = [];
      this.#output.begin(guess);
    }

    async #start() {
      this.#forgetRun(this.#guess?.value.trim() ?? "");
      const running = new AbortController();
      this.#running = running;
      const text = this.#text;
      this.#say("Starting.");
      this.#showRunning(true);
      const onLine = (line) => {
        if (this.#running === running) this.#tell(line, text);
      };
      try {
        if (workbook.served) await workbook.stream("run", { program: text }, onLine, running.signal);
        else await workbook.playground.run(text, onLine, running.signal);
      } catch (error) {
        if (this.#running === running) this.#say(error.name === "AbortError" ? "Stopped." : error.message);
      }
      if (this.#running !== running) return;
      this.#running = null;
      this.#showRunning(false);
    }

    #showRunning(runs) {
      const hadFocus = document.activeElement === (runs ? this.#run : this.#stop);
      this.#run.hidden = runs;
      this.#stop.hidden = !runs;
      if (hadFocus) (runs ? this.#stop : this.#run).focus();
      if (!runs) this.#count.textContent = "";
    }

    #tell(line, text) {
      const goTo = (number) => this.#goTo(number);
      switch (line.kind) {
        case "step":
          this.#say(`${line.words.replace(/\W+$/, "")} …`);
          this.#count.textContent = line.total > 0 ? `${line.done} of ${line.total}` : "";
          break;
        case "warning":
          this.#output.warning(line.diagnostic, goTo);
          this.#found([line.diagnostic], text);
          break;
        case "output":
          this.#output.write(line.stream, line.text);
          break;
        case "errors": {
          this.#output.errors(line.errors, goTo);
          this.#found(line.errors, text);
          const count = line.errors.length;
          // Somebody who is changing the program knows that the book's compiles.
          const rendered = line.errors.map((error) => error.rendered.trimEnd()).join("\n\n");
          this.#say(
            count === 1 ? "It does not compile." : `It does not compile: ${count} errors.`,
            text === this.#original && this.#besideBook(rendered),
          );
          break;
        }
        case "ended":
          this.#ended(line);
          break;
        case "broken":
          this.#say(line.error);
          break;
      }
    }

    #ended({ well, words, timelines }) {
      const { stdout, stderr } = this.#output.text;
      const panicked = /panicked at src\/main\.rs:(\d+):/.exec(stderr);
      const panics = this.#code.classList.contains("should_panic");
      const printed = panics ? stdout + panicMessage(stderr) : stdout;
      this.#say(
        well ? "✓ It ended well." : panicked ? `It panicked at line ${panicked[1]}.` : (words ?? "It did not end well."),
        this.#verdictOnGuess(printed),
        this.#besideBook(printed),
      );
      timelines.forEach((timeline) => this.#draw(timeline));
    }

    #say(...sentences) {
      const words = sentences.filter((sentence) => sentence).join(" ");
      // What is said again would be read out again.
      if (words === this.#said) return;
      this.#said = words;
      this.#status.replaceChildren(...workbook.worded(words));
    }

    // --- beside the book ---

    #besideBook(printed) {
      if (!this.#book) return "";
      this.#uncover();
      const theirs = this.#book.textContent;
      if (same(theirs, printed)) return "As in the book.";
      const code = /^error\[E\d+\]/.exec(theirs)?.[0];
      if (code && printed.includes(code)) return "The same error as in the book, in other words.";
      return "This is not what the book shows.";
    }

    // A figure of the book that has the same name stands between this program and the next part of the page.
    #figureOfTheBook(name) {
      for (let next = this.nextElementSibling; next; next = next.nextElementSibling) {
        if (next.matches(HEADINGS) || next.localName === "workbook-program") return null;
        const svg = [...next.querySelectorAll("svg.timeline")].find((found) => found.id === name);
        if (svg) return svg.closest("figure");
      }
      return null;
    }

    #draw({ name, svg }) {
      const prefix = `your-run-${this.#number}-`;
      const drawing = workbook.drawing(svg, prefix);
      if (!drawing) return;
      const figure = element("figure", { class: "your-run" }, element("figcaption", {}, "Your run"), drawing);
      this.#drawn.push(figure);
      const theirs = this.#figureOfTheBook(name);
      if (!theirs) {
        this.#output.after(figure);
        return;
      }
      if (!theirs.parentElement.matches(".figures-compared")) {
        const pair = element("div", { class: "figures-compared" });
        theirs.replaceWith(pair);
        pair.append(theirs);
      }
      theirs.before(figure);
      this.#output.remark("The timeline of your run, with the book’s", drawing.id);
    }

    // --- a guess ---

    #askFirst() {
      this.#guess = element("textarea", { rows: 2, spellcheck: "false" });
      this.#guess.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#start();
      });
      this.append(element("label", { class: "program-guess" }, "Your guess: what does it print?", this.#guess));

      // The timeline tells it as well.
      const name = /timeline::figure\("([\w-]+)"/.exec(this.#original)?.[1];
      this.#covered = this.#figureOfTheBook(name);
      this.#covered?.classList.add("covered-figure");
      const pre = this.#book.parentElement;
      const cover = element("div", { class: "covered-output" });
      pre.replaceWith(cover);
      cover.append(pre, button("Show the output", () => {
        this.#uncover();
        pre.tabIndex = -1;
        pre.focus();
        this.#say(this.#verdictOnGuess(this.#book.textContent));
      }));
    }

    #uncover() {
      const cover = this.#book.closest(".covered-output");
      cover?.replaceWith(this.#book.parentElement);
      this.#covered?.classList.remove("covered-figure");
    }

    // A guess of the last line alone counts: often that is all that a page asks for.
    #verdictOnGuess(printed) {
      // The guess was one at the book's program.
      if (this.#text !== this.#original) return "";
      const guess = withoutBlanks(this.#guess?.value ?? "");
      const answers = [printed, printed.trim().split("\n").at(-1)].map(withoutBlanks);
      return guess !== "" && answers.includes(guess) ? "You guessed it." : "";
    }

    // --- lines that the compiler names ---

    // Whoever has changed the program meanwhile has other lines.
    #found(diagnostics, text) {
      if (text !== this.#text) return;
      this.#problems.push(...diagnostics.filter(({ line }) => line !== null));
      this.#showMarks();
    }

    #showMarks() {
      this.#marks.forEach(({ range, sign }) => {
        errorLines?.delete(range);
        sign.remove();
      });
      this.#marks = [];
      if (this.#editor) {
        this.#editor.mark(this.#problems);
        return;
      }
      // A line has one mark, of the worst that is said of it.
      const errors = this.#problems.filter(({ level }) => level === "error");
      const byLine = new Map([...this.#problems, ...errors].map((problem) => [problem.line, problem]));
      this.#marks = [...byLine.values()].map((problem) => this.#mark(problem));
      this.#placeMarks();
    }

    #mark({ line, level, message }) {
      const range = this.#rangeOf(line);
      const isError = level === "error";
      if (isError) errorLines?.add(range);
      const words = isError ? `Line ${line} does not compile: ${message}` : `Warning for line ${line}: ${message}`;
      const attributes = { class: `program-mark ${level}`, tabindex: -1, role: "img", "aria-label": words };
      const sign = element("span", attributes, isError ? "✗" : "!");
      this.#pre.append(sign);
      return { line, range, sign };
    }

    // Hidden lines take no place: their marks wait until the lines are shown.
    #placeMarks() {
      const top = this.#pre.getBoundingClientRect().top;
      for (const { range, sign } of this.#marks) {
        const place = range.getClientRects()[0];
        sign.hidden = place === undefined || place.height === 0;
        if (!sign.hidden) sign.style.top = `${place.top - top}px`;
      }
    }

    #rangeOf(line) {
      const before = this.#text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      const text = this.#text.slice(before).split("\n")[0];
      const begin = before + text.length - text.trimStart().length;
      const range = document.createRange();
      const walker = document.createTreeWalker(this.#code, NodeFilter.SHOW_TEXT);
      let seen = 0;
      let begun = false;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!begun && begin < seen + node.length) {
          range.setStart(node, begin - seen);
          begun = true;
        }
        if (begun && before + text.length <= seen + node.length) {
          range.setEnd(node, before + text.length - seen);
          break;
        }
        seen += node.length;
      }
      return range;
    }

    #goTo(line) {
      if (this.#editor) {
        this.#editor.goTo(line);
        return;
      }
      const mark = this.#marks.find((found) => found.line === line);
      if (mark?.sign.hidden) this.#pre.querySelector('.buttons button[title="Show hidden lines"]')?.click();
      this.#placeMarks();
      if (mark) mark.sign.focus();
      else this.#pre.scrollIntoView({ block: "nearest" });
    }
  }

  customElements.define("workbook-program", Program);

  const wanted = (pre) => workbook.served || workbook.playground.canRun(pre.textContent);

  if (!document.documentElement.hasAttribute("data-print")) {
    [...document.querySelectorAll("main pre > code.language-rust")]
      .map((code) => code.parentElement)
      .forEach((pre, index) => wanted(pre) && Program.wrap(pre, index + 1));
  }
}
