// The editor of the page: ACE, which mdBook brings along, loaded when somebody begins to edit.
//
// `await workbook.editor(element, text, label)` puts an editor into the empty `element` and gives
// what can be done with it. `label` is what a screen reader calls it. It grows with its text, and from
// `maxLines` on it scrolls.
"use strict";

{
  const page = document.documentElement;
  const loading = new Map();
  const open = new Set();

  // A script that did not arrive is asked for again the next time, when there may be a connection.
  const load = (address) => {
    if (!loading.has(address)) {
      const arrival = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.addEventListener("load", resolve);
        script.addEventListener("error", () => {
          loading.delete(address);
          script.remove();
          reject(new Error("The editor could not be loaded. Reload the page and try again."));
        });
        document.head.append(script);
      });
      loading.set(address, arrival);
    }
    return loading.get(address);
  };

  const loadAce = async () => {
    const { ace, aceRust, aceLight, aceDark } = page.dataset;
    // The others are modules of the first.
    await load(ace);
    await Promise.all([aceRust, aceLight, aceDark].map(load));
  };

  const theme = () => (page.classList.contains("light") ? "ace/theme/dawn" : "ace/theme/tomorrow_night");

  new MutationObserver(() => open.forEach((ace) => ace.setTheme(theme()))).observe(page, {
    attributeFilter: ["class"],
  });

  // They load parts of ACE that the book does not bring along, or take keys that browsers need.
  const unavailable = ["find", "replace", "showSettingsMenu", "gotoline", "openCommandPallete"];

  class Editor {
    #element;
    #ace;
    #keys = document.createElement("p");
    #changed = [];
    #replacing = false;
    #marks = [];

    constructor(element, text, label, maxLines) {
      const place = document.createElement("div");
      place.className = "editor-text";
      this.#keys.className = "editor-keys";
      this.#keys.id = `editor-keys-${(Editor.count = (Editor.count ?? 0) + 1)}`;
      // Escape moves the focus here, because Tab indents and would never leave.
      this.#keys.tabIndex = -1;
      this.#keys.textContent = "Tab indents. Escape leaves the editor.";
      element.append(place, this.#keys);
      this.#element = element;

      this.#ace = ace.edit(place, {
        mode: "ace/mode/rust",
        theme: theme(),
        value: text,
        useWorker: false,
        useSoftTabs: true,
        tabSize: 4,
        minLines: 3,
        maxLines,
        fontFamily: "var(--mono-font)",
        fontSize: "0.875em",
        showPrintMargin: false,
        highlightActiveLine: false,
        wrap: true,
      });
      this.#ace.commands.removeCommands(unavailable);
      this.#ace.commands.addCommand({
        name: "leave",
        bindKey: "Escape",
        exec: () => this.#keys.focus(),
      });
      this.#ace.session.on("change", () => {
        if (!this.#replacing) this.#changed.forEach((listener) => listener());
      });
      const input = this.#ace.textInput.getElement();
      input.setAttribute("aria-label", label);
      input.setAttribute("aria-describedby", this.#keys.id);
      open.add(this.#ace);
    }

    get text() {
      return this.#ace.getValue();
    }

    // Another text from elsewhere: the cursor stays at its line, and listeners to changes hear nothing.
    set text(text) {
      const cursor = this.#ace.getCursorPosition();
      const top = this.#ace.session.getScrollTop();
      this.#replacing = true;
      this.#ace.setValue(text, -1);
      this.#replacing = false;
      this.#ace.moveCursorToPosition(cursor);
      this.#ace.clearSelection();
      this.#ace.session.setScrollTop(top);
    }

    // The line of the cursor, counted from 1.
    get line() {
      return this.#ace.getCursorPosition().row + 1;
    }

    goTo(line) {
      this.#ace.resize(true);
      this.#ace.gotoLine(line, 0, false);
      this.#ace.scrollToLine(line - 1, true, false);
      this.#ace.focus();
    }

    focus() {
      this.#ace.focus();
    }

    onChange(listener) {
      this.#changed.push(listener);
    }

    // `words` tells the reader what the keys do: ("Ctrl-Enter|Ctrl-S", "saves", ..).
    onKey(keys, words, listener) {
      const mac = `${keys}|${keys.replaceAll("Ctrl", "Command")}`;
      this.#ace.commands.addCommand({ name: words, bindKey: { win: keys, mac }, exec: () => listener() });
      const names = keys.replaceAll("-", "+").replaceAll("|", " or ");
      this.#keys.textContent = `${names} ${words}. ${this.#keys.textContent}`;
    }

    // Marks lines in the text and beside it: `[{line, level, message}]`. Those without a line are left
    // out, and the marks made before go.
    mark(diagnostics) {
      const { session } = this.#ace;
      this.#marks.forEach(({ anchor, marker }) => {
        anchor.detach();
        session.removeMarker(marker);
      });
      this.#marks = diagnostics
        .filter(({ line }) => line)
        .map(({ line, level, message }) => ({
          anchor: session.doc.createAnchor(line - 1, 0),
          type: level === "error" ? "error" : "warning",
          text: message,
        }));
      // ACE would leave them where they are when lines above them come or go.
      this.#marks.forEach(({ anchor }) => anchor.on("change", () => this.#drawMarks()));
      this.#drawMarks();
    }

    #drawMarks() {
      const { session } = this.#ace;
      const { Range } = ace.require("ace/range");
      for (const mark of this.#marks) {
        session.removeMarker(mark.marker);
        const { row } = mark.anchor.getPosition();
        mark.marker = session.addMarker(new Range(row, 0, row, 1), `editor-${mark.type}`, "fullLine");
      }
      session.setAnnotations(
        this.#marks.map(({ anchor, type, text }) => ({ row: anchor.getPosition().row, column: 0, type, text })),
      );
    }

    remove() {
      open.delete(this.#ace);
      this.#ace.destroy();
      this.#element.replaceChildren();
    }
  }

  workbook.editor = async (element, text, label, { maxLines = 30 } = {}) => {
    await loadAce();
    return new Editor(element, text, label, maxLines);
  };
}
