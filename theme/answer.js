// The learner's own file in the page. The file on disk is the one truth: a save never overwrites what has
// changed there meanwhile, and what the learner typed is kept until it is saved or taken back.
//
// `workbook.answer("gather")` is the one answer file of a chapter on this page. Whoever shows its editor
// gives it a place with `open`.
"use strict";

{
  const { element, button } = workbook;

  // What the browser keeps for a chapter, if it keeps anything.
  const kept = (name) => ({
    get() {
      try {
        return JSON.parse(localStorage.getItem(name));
      } catch {
        return null;
      }
    },
    // Gives whether it could be kept.
    set(value) {
      try {
        localStorage.setItem(name, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    forget() {
      try {
        localStorage.removeItem(name);
      } catch {
        // Nothing was kept.
      }
    },
  });

  class Answer {
    // The element that holds the editor, null while it is closed.
    place = null;
    file = null;

    #chapter;
    #unsaved;
    #setAside;
    #editor = null;
    #bar = element("div", { class: "answer-bar", tabindex: "-1" });
    #slot = element("div", { class: "answer-editor" });
    // What the editor's text began from: its version, and the text if it is known.
    #base = null;
    // What is on disk, while the learner has to choose.
    #conflict = null;
    #saving = false;
    #latest = null;
    #said = "";
    // What the grader says, and what leads to its report: that may be out of sight.
    #verdict = null;
    #closed;
    #diagnostics = new Map();
    #listeners = new Set();

    constructor(chapter) {
      this.#chapter = chapter;
      this.#unsaved = kept(`workbook-unsaved:${chapter}`);
      this.#setAside = kept(`workbook-set-aside:${chapter}`);
      workbook.on("answer", (answer) => {
        if (answer.chapter !== chapter) return;
        this.#latest = answer.version;
        this.#catchUp().catch((error) => this.#say(error.message));
      });
      addEventListener("beforeunload", (event) => {
        if (this.isChanged && !this.#keep()) event.preventDefault();
      });
      this.#bar.addEventListener("click", (event) => {
        const action = event.target.closest("button")?.dataset.action;
        if (action) this.#actions[action]().catch((error) => this.#say(error.message));
      });
    }

    // `listener` hears that the editor was opened or closed, or that its text differs from the file or
    // does so no more.
    onChange(listener) {
      this.#listeners.add(listener);
    }

    get isChanged() {
      return this.#editor !== null && this.#editor.text !== this.#base.text;
    }

    // Whether there is text that was typed on this page once and never saved.
    get hasUnsaved() {
      return this.#unsaved.get() !== null;
    }

    // Opens the editor in `place`, an empty element. `check` is called for Ctrl-S and Ctrl-Enter, and
    // `closed` when the learner has closed it, to find a new place for the focus.
    async open(place, { check, closed }) {
      // There is one editor for a file: what was typed and not saved comes along.
      if (this.#editor) this.#close();
      this.place = place;
      this.#closed = closed;
      this.#conflict = null;
      try {
        const disk = await workbook.call("GET", this.#path);
        this.file = disk.file;
        this.#slot = element("div", { class: "answer-editor" });
        place.replaceChildren(this.#slot, this.#bar);
        const label = `Your answers: ${disk.file}`;
        this.#editor = await workbook.editor(this.#slot, disk.text, label, { maxLines: 18 });
        this.#startFrom(disk);
        this.#bringBackUnsaved(disk);
      } catch (error) {
        this.place = null;
        place.replaceChildren();
        throw error;
      }
      this.#editor.onKey("Ctrl-Enter|Ctrl-S", "saves and checks", check);
      this.#editor.onChange(() => this.#edited());
      this.#mark();
      this.#draw();
      // The file may have changed while the editor was being loaded.
      await this.#catchUp();
    }

    #close() {
      this.#editor.remove();
      this.#editor = null;
      this.#said = "";
      this.#verdict = null;
      this.place.replaceChildren();
      this.place = null;
      this.#tell();
    }

    // The line at which the item of this name stands.
    goToItem(name) {
      const item = new RegExp(`\\b(fn|struct|enum|trait|type|const|static|mod)\\s+${name}\\b`);
      const lines = this.#editor.text.split("\n");
      this.goToLine(lines.findIndex((line) => item.test(line)) + 1 || 1);
    }

    goToLine(line) {
      this.#editor.goTo(line);
    }

    // What the compiler says about an exercise: its file is shared by all of the chapter.
    mark(exercise, diagnostics) {
      this.#diagnostics.set(exercise, diagnostics);
      if (this.#editor) this.#mark();
    }

    // Writes the editor's text to the file. Gives false if the learner has to choose first, because the
    // file has changed.
    async save({ choosing = false } = {}) {
      if (!this.isChanged) return true;
      const { text } = this.#editor;
      this.#saving = true;
      try {
        const { version } = await workbook.call("PUT", this.#path, { text, version: this.#base.version });
        this.#base = { text, version };
        this.#conflict = null;
        this.#forgetUnsaved(text);
        // Whoever goes on has chosen.
        if (!choosing) this.#setAside.forget();
        if (this.isChanged) this.#keep();
        this.#verdict = null;
        this.#say("Saved.");
        return true;
      } catch (error) {
        if (error.status !== 409) throw error;
        this.#meet(error.body);
        return false;
      } finally {
        this.#saving = false;
        this.#catchUp().catch((error) => this.#say(error.message));
      }
    }

    // Takes the file on disk in place of what was typed and not saved, which can be brought back.
    async discard() {
      if (!this.isChanged) return;
      const disk = await workbook.call("GET", this.#path);
      this.#setAside.set({ text: this.#editor.text, whose: "yours" });
      this.#takeOver(disk);
      this.#say("The editor shows the file on disk.");
    }

    // Says what the grader says, where the eyes are.
    tell(words, goToReport) {
      this.#verdict = { words, goToReport };
      this.#said = "";
      this.#draw();
    }

    #actions = {
      report: async () => this.#verdict.goToReport(),
      close: async () => {
        this.#close();
        this.#closed();
      },
      keepMine: async () => {
        this.#setAside.set({ text: this.#conflict.text, whose: "disk" });
        this.#base = { text: null, version: this.#conflict.version };
        this.#conflict = null;
        await this.save({ choosing: true });
        this.#editor.focus();
      },
      takeDisk: async () => {
        await this.discard();
        this.#editor.focus();
      },
      // The two texts change places, so that this can be taken back as well.
      bringBack: async () => {
        const { text } = this.#setAside.get();
        this.#setAside.set({ text: this.#editor.text, whose: "yours" });
        this.#editor.text = text;
        this.#edited();
        this.#say("It is in the editor again, and not saved.");
        this.#editor.focus();
      },
    };

    get #path() {
      return `answer/${this.#chapter}`;
    }

    // The editor may write line ends in its own way, which is no change of the learner's.
    #startFrom({ version }) {
      this.#base = { text: this.#editor.text, version };
    }

    #bringBackUnsaved(disk) {
      const unsaved = this.#unsaved.get();
      if (unsaved === null) return;
      this.#editor.text = unsaved.text;
      if (!this.isChanged) {
        this.#unsaved.forget();
        return;
      }
      this.#said = "What you typed here and did not save is back.";
      if (unsaved.version !== disk.version) {
        this.#base = { text: null, version: unsaved.version };
        this.#conflict = disk;
        this.#said += " The file has changed meanwhile: keep one of the two.";
      }
    }

    #edited() {
      if (this.isChanged) this.#keep();
      else this.#unsaved.forget();
      this.#said = "";
      this.#draw();
    }

    // Gives whether the unsaved text outlives the page.
    #keep() {
      return this.#unsaved.set({ text: this.#editor.text, version: this.#base.version });
    }

    // Another tab may keep unsaved text of the same chapter, which is not for this one to forget.
    #forgetUnsaved(text) {
      if (this.#unsaved.get()?.text === text) this.#unsaved.forget();
    }

    // The file on disk is another one now: without unsaved text the editor shows it, else the learner
    // has to choose.
    async #catchUp() {
      if (this.#editor === null || this.#saving) return;
      const known = this.#conflict ?? this.#base;
      if (this.#latest === null || this.#latest === known.version) return;
      const disk = await workbook.call("GET", this.#path);
      if (this.#editor === null || this.#saving || disk.version === this.#base.version) return;
      if (!this.isChanged || disk.text === this.#editor.text) {
        this.#takeOver(disk);
        this.#say("The file has changed on disk, and the editor shows it as it is now.");
      } else {
        this.#meet(disk);
      }
    }

    #takeOver(disk) {
      this.#forgetUnsaved(this.#editor.text);
      if (this.#editor.text !== disk.text) this.#editor.text = disk.text;
      this.#startFrom(disk);
      this.#conflict = null;
      // The marks went astray with the text that they were made on.
      this.#mark();
    }

    #meet(disk) {
      this.#conflict = disk;
      this.#say("Not saved: the file has changed on disk while you were typing. Keep one of the two.");
    }

    #mark() {
      const lines = new Map();
      for (const diagnostic of [...this.#diagnostics.values()].flat()) {
        if (diagnostic.file === this.file) lines.set(`${diagnostic.line} ${diagnostic.message}`, diagnostic);
      }
      this.#editor.mark([...lines.values()]);
    }

    #say(words) {
      this.#said = words;
      this.#draw();
    }

    #draw() {
      if (this.#editor === null) return;
      const setAside = this.#setAside.get();
      const back = setAside?.whose === "disk" ? "Bring back what was on disk" : "Bring back what you had";
      const state = this.isChanged ? `${this.file} is not saved.` : this.file;
      workbook.patch(this.#bar, [
        element("p", { class: "answer-state" }, state),
        element("p", { class: "answer-said", role: "status" }, workbook.worded(this.#said)),
        this.#verdict && element("p", { class: "answer-verdict" }, `${this.#verdict.words}.`),
        this.#conflict && this.#choice(),
        element(
          "p",
          { class: "buttons-in-a-row" },
          this.#verdict && button("report", "Go to the report"),
          button("close", "Close the editor"),
          this.isChanged && !this.#conflict && button("takeDisk", "Discard what is not saved"),
          setAside && button("bringBack", back),
        ),
      ]);
      this.#tell();
    }

    #choice() {
      const disk = { title: "On disk", text: this.#conflict.text };
      const mine = { title: "Yours", text: this.#editor.text };
      return element(
        "div",
        { class: "answer-choice", role: "group", "aria-label": "The file on disk, and what you typed" },
        workbook.compare(disk, mine),
        element(
          "p",
          { class: "buttons-in-a-row" },
          button("keepMine", "Keep mine"),
          button("takeDisk", "Take the one on disk"),
        ),
      );
    }

    #tell() {
      this.#listeners.forEach((listener) => listener());
    }
  }

  const answers = new Map();

  workbook.answer = (chapter) => {
    if (!answers.has(chapter)) answers.set(chapter, new Answer(chapter));
    return answers.get(chapter);
  };
}
