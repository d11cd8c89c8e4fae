// The bar below the slides: which one it is, and buttons for those who use a pointer.
import { button, element } from "../dom.js";

const BUTTONS = [
  ["previous", "←", "Previous slide", "ArrowLeft"],
  ["next", "→", "Next slide", "ArrowRight"],
  ["notes", "Notes", "Notes in a second window", "n"],
  ["leave", "Leave", "Leave the slides", "Escape"],
];

export class Bar {
  #position = element("span", { class: "present-position" });
  #message = element("span", { class: "present-message", role: "status" });
  #done = element("div", { class: "present-done", "aria-hidden": "true" });
  element;

  /** `act` is called with the name of an action. */
  constructor(act) {
    const buttons = BUTTONS.map(([action, label, title, key]) =>
      button(label, () => act(action), { title, "aria-label": title, "aria-keyshortcuts": key }),
    );
    this.element = element(
      "nav",
      { class: "present-bar", "aria-label": "Slides" },
      this.#message,
      this.#position,
      buttons,
      this.#done,
    );
    document.body.append(this.element);
  }

  show({ position, number, count }) {
    this.#position.textContent = position;
    this.#done.style.setProperty("inline-size", `${(100 * number) / count}%`);
    this.tell("");
  }

  tell(message) {
    this.#message.textContent = message;
  }

  remove() {
    this.element.remove();
  }
}
