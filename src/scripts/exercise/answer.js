// The learner's file on the page. What counts is the file on disk: a save never overwrites what has been changed
// there since, and what the learner has typed is kept until it is saved or discarded.
import { comparison } from "../compare.js";
import { call, on } from "../connection.js";
import { actionButton, element, patch, withMarkup } from "../dom.js";
import { openEditor } from "../editor.js";
import { Listeners } from "../listeners.js";
import { stored } from "../storage.js";

const answers = new Map();

/** The file of a chapter, which all of its exercises on a page share. */
export const answerOf = (chapter) => {
  if (!answers.has(chapter)) answers.set(chapter, new Answer(chapter));
  return answers.get(chapter);
};

class Answer {
  // The element that the editor is in, null while it is closed.
  place = null;
  file = null;

  #path;
  #unsaved;
  // The text that the learner has decided against: from disk, or typed.
  #setAside;
  #editor = null;
  #bar = element("div", { class: "answer-bar", tabindex: "-1" });
  // The version that the editor's text is based on, and that version's text, if it is known.
  #base = null;
  // The version on disk, while the learner has to choose between it and the editor's text.
  #conflict = null;
  #isSaving = false;
  #latestVersion = null;
  #message = "";
  // The grader's verdict, and what shows its report, which may be out of sight.
  #verdict = null;
  #onClosed;
  #diagnostics = new Map();
  #listeners = new Listeners();

  constructor(chapter) {
    this.#path = `answer/${chapter}`;
    this.#unsaved = stored(`workbook-unsaved:${chapter}`);
    this.#setAside = stored(`workbook-set-aside:${chapter}`);
    on("answer", (answer) => {
      if (answer.chapter !== chapter) return;
      this.#latestVersion = answer.version;
      this.#tellIfFails(this.#catchUp());
    });
    addEventListener("beforeunload", (event) => {
      if (this.isChanged && !this.#keepUnsaved()) event.preventDefault();
    });
    this.#bar.addEventListener("click", (event) => {
      const action = event.target.closest("button")?.dataset.action;
      if (action) this.#tellIfFails(this.#actions[action]());
    });
  }

  /** Calls `listener` when the editor has been opened or closed, and when its text or its state has changed. */
  onChange(listener) {
    this.#listeners.add(listener);
  }

  get isChanged() {
    return this.#editor !== null && this.#editor.text !== this.#base.text;
  }

  /** Whether there is text that was typed on this page, now or on an earlier visit, and never saved. */
  get hasUnsaved() {
    return this.#unsaved.get() !== null;
  }

  /**
   * Opens the editor in `place`, an empty element. `onCheck` is called for Ctrl-S and Ctrl-Enter, and `onClosed`
   * when the learner has closed the editor, to find a new place for the focus.
   */
  async open(place, { onCheck, onClosed }) {
    // A file has one editor: what was typed in another place and not saved moves here.
    if (this.#editor) this.#close();
    this.place = place;
    this.#onClosed = onClosed;
    this.#conflict = null;
    try {
      const disk = await call("GET", this.#path);
      this.file = disk.file;
      const slot = element("div", { class: "answer-editor" });
      place.replaceChildren(slot, this.#bar);
      this.#editor = await openEditor(slot, disk.text, `Your answers: ${disk.file}`, { maxLines: 18 });
      this.#setBase(disk);
      this.#restoreUnsaved(disk);
    } catch (error) {
      this.place = null;
      place.replaceChildren();
      throw error;
    }
    this.#editor.onKey("Ctrl-Enter|Ctrl-S", "saves and checks", onCheck);
    this.#editor.onChange(() => this.#edited());
    this.#showMarks();
    this.#draw();
    // The file may have changed while the editor was being loaded.
    await this.#catchUp();
  }

  #close() {
    this.#editor.remove();
    this.#editor = null;
    this.#message = "";
    this.#verdict = null;
    this.place.replaceChildren();
    this.place = null;
    this.#listeners.call();
  }

  /** Goes to the line at which the item of this name begins. */
  goToItem(name) {
    const item = new RegExp(`\\b(fn|struct|enum|trait|type|const|static|mod)\\s+${name}\\b`);
    const lines = this.#editor.text.split("\n");
    this.goToLine(lines.findIndex((line) => item.test(line)) + 1 || 1);
  }

  goToLine(line) {
    this.#editor.goTo(line);
  }

  /** Marks the compiler's diagnostics about an exercise, besides those about the chapter's other exercises. */
  mark(exercise, diagnostics) {
    this.#diagnostics.set(exercise, diagnostics);
    if (this.#editor === null) return;
    this.#showMarks();
    this.#draw();
  }

  /** Writes the editor's text to disk. Gives false if the file has changed, and the learner has to choose first. */
  async save({ isChoice = false } = {}) {
    if (!this.isChanged) return true;
    const { text } = this.#editor;
    this.#isSaving = true;
    try {
      const { version } = await call("PUT", this.#path, { text, version: this.#base.version });
      this.#base = { text, version };
      this.#conflict = null;
      this.#removeUnsaved(text);
      // A save that follows a choice confirms it.
      if (!isChoice) this.#setAside.remove();
      if (this.isChanged) this.#keepUnsaved();
      this.#verdict = null;
      this.#tell("Saved.");
      return true;
    } catch (error) {
      if (error.status !== 409) throw error;
      this.#askToChoose(error.body);
      return false;
    } finally {
      this.#isSaving = false;
      this.#tellIfFails(this.#catchUp());
    }
  }

  /** Shows the file on disk in place of unsaved text, which can be restored. */
  async discard() {
    if (!this.isChanged) return;
    const disk = await call("GET", this.#path);
    this.#setAside.set({ text: this.#editor.text, whose: "yours" });
    this.#show(disk);
    this.#tell("The editor shows the file on disk.");
  }

  /** Shows the grader's verdict next to the editor. `text` is called each time, so that it never differs from the card's. */
  showVerdict(text, goToReport) {
    this.#verdict = { text, goToReport };
    // As long as there are two versions, it says so.
    if (this.#conflict === null) this.#message = "";
    this.#draw();
  }

  #actions = {
    report: async () => this.#verdict.goToReport(),
    close: async () => {
      this.#close();
      this.#onClosed();
    },
    keepMine: async () => {
      this.#setAside.set({ text: this.#conflict.text, whose: "disk" });
      this.#base = { text: null, version: this.#conflict.version };
      this.#conflict = null;
      await this.save({ isChoice: true });
      this.#editor.focus();
    },
    takeDisk: async () => {
      await this.discard();
      this.#editor.focus();
    },
    // The two texts change places, so that this can be undone too.
    restore: async () => {
      const { text } = this.#setAside.get();
      this.#setAside.set({ text: this.#editor.text, whose: "yours" });
      this.#editor.text = text;
      this.#edited();
      this.#tell("The text is back in the editor. It is not saved yet.");
      this.#editor.focus();
    },
  };

  // The editor may use other line ends than the file, which is no change of the learner's.
  #setBase({ version }) {
    this.#base = { text: this.#editor.text, version };
  }

  #restoreUnsaved(disk) {
    const unsaved = this.#unsaved.get();
    if (unsaved === null) return;
    this.#editor.text = unsaved.text;
    if (!this.isChanged) {
      this.#unsaved.remove();
      return;
    }
    this.#message = "Your unsaved changes have been restored.";
    if (unsaved.version !== disk.version) {
      this.#base = { text: null, version: unsaved.version };
      this.#conflict = disk;
      this.#message += " The file has changed since then: choose which version to keep.";
    }
  }

  #edited() {
    if (this.isChanged) this.#keepUnsaved();
    else this.#unsaved.remove();
    this.#message = "";
    this.#draw();
  }

  // Gives whether the unsaved text will be there after a reload.
  #keepUnsaved() {
    return this.#unsaved.set({ text: this.#editor.text, version: this.#base.version });
  }

  // If another tab has stored unsaved text of the same chapter, that stays.
  #removeUnsaved(text) {
    if (this.#unsaved.get()?.text === text) this.#unsaved.remove();
  }

  // If the file on disk has changed, the editor shows it; if there is unsaved text, the learner has to choose.
  async #catchUp() {
    if (this.#editor === null || this.#isSaving) return;
    const known = this.#conflict ?? this.#base;
    if (this.#latestVersion === null || this.#latestVersion === known.version) return;
    const disk = await call("GET", this.#path);
    if (this.#editor === null || this.#isSaving || disk.version === this.#base.version) return;
    if (!this.isChanged || disk.text === this.#editor.text) {
      this.#show(disk);
      this.#tell("The file has changed on disk, and the editor shows the new version.");
    } else {
      this.#askToChoose(disk);
    }
  }

  #show(disk) {
    this.#removeUnsaved(this.#editor.text);
    if (this.#editor.text !== disk.text) this.#editor.text = disk.text;
    this.#setBase(disk);
    this.#conflict = null;
    // With the old text, its marks have gone.
    this.#showMarks();
  }

  #askToChoose(disk) {
    this.#conflict = disk;
    this.#tell("Not saved: the file has changed on disk while you were typing. Choose which version to keep.");
  }

  #showMarks() {
    const unique = new Map();
    for (const diagnostic of [...this.#diagnostics.values()].flat()) {
      if (diagnostic.file === this.file) unique.set(`${diagnostic.line} ${diagnostic.message}`, diagnostic);
    }
    this.#editor.mark([...unique.values()]);
  }

  #tell(message) {
    this.#message = message;
    this.#draw();
  }

  #tellIfFails(action) {
    action.catch((error) => this.#tell(error.message));
  }

  #draw() {
    if (this.#editor === null) return;
    patch(this.#bar, [
      element("p", { class: "answer-state" }, this.isChanged ? `${this.file} has unsaved changes.` : this.file),
      element("p", { class: "answer-message", role: "status" }, withMarkup(this.#message)),
      this.#verdict && element("p", { class: "answer-verdict" }, `${this.#verdict.text()}.`),
      this.#conflict && this.#choice(),
      this.#buttons(),
    ]);
    this.#listeners.call();
  }

  #buttons() {
    const setAside = this.#setAside.get();
    const restore = setAside?.whose === "disk" ? "Restore the version from disk" : "Restore your version";
    return element(
      "p",
      { class: "button-row" },
      this.#verdict && actionButton("report", "Go to the report"),
      actionButton("close", "Close the editor"),
      this.isChanged && !this.#conflict && actionButton("takeDisk", "Discard unsaved changes"),
      setAside && actionButton("restore", restore),
    );
  }

  #choice() {
    const disk = { title: "On disk", text: this.#conflict.text };
    const mine = { title: "Yours", text: this.#editor.text };
    return element(
      "div",
      { class: "answer-choice", role: "group", "aria-label": "The file on disk, and your version" },
      comparison(disk, mine),
      element(
        "p",
        { class: "button-row" },
        actionButton("keepMine", "Keep your version"),
        actionButton("takeDisk", "Take the version on disk"),
      ),
    );
  }
}
