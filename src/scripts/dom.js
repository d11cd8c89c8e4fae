// Elements: making them, and bringing those that are on the page up to date.
import { addressOf } from "./page.js";
import { parseMarkup } from "./text.js";

const present = (children) => children.flat(Infinity).filter((child) => (child ?? false) !== false);

/**
 * Makes an element: `element("button", { type: "button" }, "Check")`. An attribute that is null or false is left
 * out, and so is a child that is null, undefined or false. `key` and `same` are for `patch`.
 */
export const element = (tag, { key, same, ...attributes } = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), { key, same });
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...present(children));
  return made;
};

/** A symbol that repeats the text beside it. */
export const symbol = (character) => element("span", { class: "symbol", "aria-hidden": "true" }, character);

/** A button that calls `onClick`. */
export const button = (label, onClick, attributes = {}) => {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", () => onClick(made));
  return made;
};

/** A button whose clicks an element around it handles, by the action's name. */
export const actionButton = (action, label, attributes = {}) =>
  element("button", { type: "button", key: action, "data-action": action, ...attributes }, label);

/** Text whose line breaks are shown. It can be focused, because only then can the keyboard scroll it. */
export const codeBlock = (text, label) =>
  element("pre", { tabindex: "0", role: "group", "aria-label": label }, element("code", {}, text.trimEnd()));

export const folded = (key, isOpen, summary, ...children) =>
  element(
    "details",
    { key, open: isOpen, "data-open": isOpen ? "yes" : "no" },
    element("summary", {}, summary),
    ...children,
  );

export const paragraph = (...children) => element("p", {}, children);

/** The nodes of HTML that the tool has made. */
export const parseHtml = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.childNodes];
};

/** A text with its markup (see `parseMarkup`) as nodes. */
export const withMarkup = (text) =>
  parseMarkup(text).map(({ text, code, page }) => {
    if (code !== undefined) return element("code", {}, code);
    return page === undefined ? text : element("a", { href: addressOf(page) }, "Read on in the book");
  });

/** What the tool adds to a message of the compiler: an explanation, and a section of the book that shows one like it. */
export const explained = (diagnostic) =>
  [
    diagnostic?.explanation && paragraph(withMarkup(diagnostic.explanation)),
    diagnostic?.read_on &&
      paragraph(element("a", { href: addressOf(diagnostic.read_on) }, "An error like this in the book")),
  ].filter(Boolean);

/**
 * Makes the children of `parent` equal to `wanted`, and leaves in place what already is: the focus, the selection,
 * and what the reader has opened or scrolled stay as they are.
 *
 * An element is kept if its tag, `key` and `same` are equal to those of a wanted one. If `same` is set, nothing
 * inside is touched, because other code may have changed it. A <details> is opened or closed only if its
 * `data-open` changes. If the element with the focus is removed, the nearest one around it that can have the focus
 * gets it.
 */
export const patch = (parent, wanted) => {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const ancestors = [];
  for (let outer = focused; outer; outer = outer.parentElement) ancestors.push(outer);
  patchChildren(parent, present(wanted));
  if (focused && !focused.isConnected) {
    ancestors.find((outer) => outer.isConnected && outer.hasAttribute("tabindex"))?.focus();
  }
};

const patchChildren = (parent, wanted) => {
  const unmatched = new Set(parent.childNodes);
  const pairs = wanted.map((next) => {
    const kept = [...unmatched].find(
      (node) => node.nodeName === next.nodeName && node.key === next.key && node.same === next.same,
    );
    unmatched.delete(kept);
    return { kept, next };
  });
  for (const node of unmatched) node.remove();
  let place = parent.firstChild;
  for (const { kept, next } of pairs) {
    if (kept === undefined) {
      parent.insertBefore(next, place);
      continue;
    }
    // An element that is moved loses the focus, so it is moved only if the order has changed.
    if (kept === place) place = place.nextSibling;
    else parent.insertBefore(kept, place);
    if (kept.same === undefined) patchNode(kept, next);
  }
};

const patchNode = (kept, next) => {
  if (kept.nodeType !== Node.ELEMENT_NODE) {
    if (kept.data !== next.data) kept.data = next.data;
    return;
  }
  const isDetails = kept.nodeName === "DETAILS";
  if (isDetails && kept.dataset.open !== next.dataset.open) kept.open = next.open;
  const isReaders = (name) => isDetails && name === "open";
  for (const { name } of [...kept.attributes]) {
    if (!next.hasAttribute(name) && !isReaders(name)) kept.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (kept.getAttribute(name) !== value && !isReaders(name)) kept.setAttribute(name, value);
  }
  patchChildren(kept, [...next.childNodes]);
};
