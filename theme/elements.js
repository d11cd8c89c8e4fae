// Making elements, and bringing those on a page up to date.
"use strict";

{
  const present = (children) => children.flat(Infinity).filter((child) => (child ?? false) !== false);

  // `workbook.element("button", { type: "button" }, "Check")`. An attribute that is null or false is left
  // out, and so is a child that is null, undefined or false. `key` and `same` are for `workbook.patch`.
  workbook.element = (tag, { key, same, ...attributes } = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), { key, same });
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...present(children));
    return made;
  };

  const { element } = workbook;

  // A sign that eyes see and that words beside it say.
  workbook.sign = (mark) => element("span", { class: "sign", "aria-hidden": "true" }, mark);

  // A button that says what it does to whoever listens to the clicks around it.
  workbook.button = (action, words, attributes = {}) =>
    element("button", { type: "button", key: action, "data-action": action, ...attributes }, words);

  // Text with lines of its own. What is wider than the page is scrolled by keyboard.
  workbook.block = (text, label) =>
    element("pre", { tabindex: "0", role: "group", "aria-label": label }, element("code", {}, text.trimEnd()));

  workbook.folded = (key, isOpen, summary, ...inside) =>
    element(
      "details",
      { key, open: isOpen, "data-open": isOpen ? "yes" : "no" },
      element("summary", {}, summary),
      ...inside,
    );

  // HTML that the tool has made.
  workbook.html = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return [...template.content.childNodes];
  };

  // Makes the children of `parent` what `wanted` says, and leaves in place whatever is already so: what
  // has the focus keeps it, what the reader has opened or scrolled stays. An element is taken for the one
  // that was there if tag and `key` are equal. Where `same` is equal too, nothing in it is touched: it may
  // have been given more by others. Where `same` differs, it is made anew. A <details> opens and closes by
  // itself only when its `data-open` changes. If what had the focus is gone, the
  // nearest element around it that can have it gets it.
  workbook.patch = (parent, wanted) => {
    const focused = parent.contains(document.activeElement) ? document.activeElement : null;
    const around = [];
    for (let outer = focused; outer; outer = outer.parentElement) around.push(outer);
    patchChildren(parent, present(wanted));
    if (focused && !focused.isConnected) {
      around.find((outer) => outer.isConnected && outer.hasAttribute("tabindex"))?.focus();
    }
  };

  const patchChildren = (parent, wanted) => {
    const left = new Set(parent.childNodes);
    const pairs = wanted.map((next) => {
      const there = [...left].find(
        (node) => node.nodeName === next.nodeName && node.key === next.key && node.same === next.same,
      );
      left.delete(there);
      return { there, next };
    });
    left.forEach((node) => node.remove());
    let place = parent.firstChild;
    for (const { there, next } of pairs) {
      if (there === undefined) {
        parent.insertBefore(next, place);
        continue;
      }
      // An element that is moved loses the focus, so this happens only where the order is another one.
      if (there === place) place = place.nextSibling;
      else parent.insertBefore(there, place);
      if (there.same === undefined) patchNode(there, next);
    }
  };

  const patchNode = (there, next) => {
    if (there.nodeType !== Node.ELEMENT_NODE) {
      if (there.data !== next.data) there.data = next.data;
      return;
    }
    const opens = there.nodeName === "DETAILS" && there.dataset.open !== next.dataset.open;
    if (opens) there.open = next.open;
    const isKept = (name) => there.nodeName === "DETAILS" && name === "open";
    for (const { name } of [...there.attributes]) {
      if (!next.hasAttribute(name) && !isKept(name)) there.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (there.getAttribute(name) !== value && !isKept(name)) there.setAttribute(name, value);
    }
    patchChildren(there, [...next.childNodes]);
  };
}
