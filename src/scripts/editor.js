// The editor: ACE, which mdBook brings along, loaded when the reader begins to edit.
import { loadScript } from "./load-script.js";

const FAILURE = "The editor could not be loaded. Reload the page and try again.";

let count = 0;

/**
 * Puts an editor into the empty `element`. `label` names it for screen readers. It grows with its text up to
 * `maxLines`, and scrolls beyond.
 */
export const openEditor = async (element, text, label, { maxLines = 30 } = {}) => {
  await loadAce();
  return new Editor(element, text, label, maxLines);
};

const loadAce = async () => {
  const { ace, aceRust } = document.documentElement.dataset;
  await loadScript(ace, FAILURE);
  // It registers itself with the first.
  await loadScript(aceRust, FAILURE);
};

// They load parts of ACE that the book does not have, or take keys that browsers need.
const REMOVED_COMMANDS = ["find", "replace", "showSettingsMenu", "gotoline", "openCommandPallete"];

class Editor {
  #element;
  #ace;
  #keys = document.createElement("p");
  #changeListeners = [];
  #isReplacing = false;
  #marks = [];

  constructor(element, text, label, maxLines) {
    const place = document.createElement("div");
    place.className = "editor-text";
    this.#keys.className = "editor-keys";
    count += 1;
    this.#keys.id = `editor-keys-${count}`;
    // Escape moves the focus here, because Tab indents and cannot leave the editor.
    this.#keys.tabIndex = -1;
    this.#keys.textContent = "Tab indents. Escape leaves the editor.";
    element.append(place, this.#keys);
    this.#element = element;

    this.#ace = window.ace.edit(place, {
      mode: "ace/mode/rust",
      // The style sheet for code has the colors.
      theme: "ace/theme/textmate",
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
    this.#ace.commands.removeCommands(REMOVED_COMMANDS);
    this.#ace.commands.addCommand({
      name: "leave",
      bindKey: "Escape",
      exec: () => this.#keys.focus(),
    });
    this.#ace.session.on("change", () => {
      if (this.#isReplacing) return;
      for (const listener of this.#changeListeners) listener();
    });
    const input = this.#ace.textInput.getElement();
    input.setAttribute("aria-label", label);
    input.setAttribute("aria-describedby", this.#keys.id);
  }

  get text() {
    return this.#ace.getValue();
  }

  // Replaces the text: the cursor stays on its line, and listeners to changes are not called.
  set text(text) {
    const cursor = this.#ace.getCursorPosition();
    const top = this.#ace.session.getScrollTop();
    this.#isReplacing = true;
    this.#ace.setValue(text, -1);
    this.#isReplacing = false;
    this.#ace.moveCursorToPosition(cursor);
    this.#ace.clearSelection();
    this.#ace.session.setScrollTop(top);
  }

  /** Moves the cursor to a line, counted from 1. */
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
    this.#changeListeners.push(listener);
  }

  /** `effect` tells the reader what the keys do: `onKey("Ctrl-Enter|Ctrl-S", "saves", listener)`. */
  onKey(keys, effect, listener) {
    const mac = `${keys}|${keys.replaceAll("Ctrl", "Command")}`;
    this.#ace.commands.addCommand({
      name: effect,
      bindKey: { win: keys, mac },
      exec: () => listener(),
    });
    const names = keys.replaceAll("-", "+").replaceAll("|", " or ");
    this.#keys.textContent = `${names} ${effect}. ${this.#keys.textContent}`;
  }

  /** Marks the lines of these diagnostics, `{ line, level, message }`, in place of those marked before. */
  mark(diagnostics) {
    const { session } = this.#ace;
    for (const { anchor, marker } of this.#marks) {
      anchor.detach();
      session.removeMarker(marker);
    }
    this.#marks = diagnostics
      .filter(({ line }) => line)
      .map(({ line, level, message }) => ({
        anchor: session.doc.createAnchor(line - 1, 0),
        type: level === "error" ? "error" : "warning",
        text: message,
      }));
    // ACE does not move marks when lines above them are added or removed; anchors are moved.
    for (const { anchor } of this.#marks) anchor.on("change", () => this.#drawMarks());
    this.#drawMarks();
  }

  #drawMarks() {
    const { session } = this.#ace;
    const { Range } = window.ace.require("ace/range");
    for (const mark of this.#marks) {
      session.removeMarker(mark.marker);
      const { row } = mark.anchor.getPosition();
      mark.marker = session.addMarker(new Range(row, 0, row, 1), `editor-${mark.type}`, "fullLine");
    }
    session.setAnnotations(
      this.#marks.map(({ anchor, type, text }) => ({
        row: anchor.getPosition().row,
        column: 0,
        type,
        text,
      })),
    );
  }

  remove() {
    this.#ace.destroy();
    this.#element.replaceChildren();
  }
}
