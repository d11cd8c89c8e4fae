// Changes of a page that are taken back together.

export class Changes {
  #undo = [];

  set(element, name, value) {
    const before = element.getAttribute(name);
    element.setAttribute(name, value);
    this.#undo.push(() => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before)));
  }

  addClass(element, name) {
    element.classList.add(name);
    this.#undo.push(() => element.classList.remove(name));
  }

  /** Sets a property of an element that has no styles of its own. */
  style(element, name, value) {
    element.style.setProperty(name, value);
    this.#undo.push(() => element.removeAttribute("style"));
  }

  /** The page is as it was before. */
  undo() {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }
}
