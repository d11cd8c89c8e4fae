// SVG: shapes, and drawings that programs have made.

const NAMESPACE = "http://www.w3.org/2000/svg";
const REFERENCES = ["aria-labelledby", "aria-describedby"];

export const shape = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS(NAMESPACE, tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
};

export const setAttributes = (shape, attributes) => {
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
};

/**
 * Makes an element of an SVG file that a program has written. Everything in it that runs or loads is removed, and
 * its ids are prefixed, so that it can be shown beside the book's figure of the same name. Gives null if the text
 * is no SVG.
 */
export const importDrawing = (text, idPrefix) => {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const svg = parsed.documentElement;
  if (svg.localName !== "svg" || parsed.querySelector("parsererror")) return null;
  for (const element of svg.querySelectorAll("script, foreignObject, iframe, animate, set")) element.remove();
  for (const element of [svg, ...svg.querySelectorAll("*")]) clean(element, idPrefix);
  return document.adoptNode(svg);
};

const clean = (element, idPrefix) => {
  for (const { name, value } of [...element.attributes]) {
    const isLink = name === "href" || name === "xlink:href";
    if (/^on/i.test(name) || (isLink && !value.startsWith("#"))) {
      element.removeAttribute(name);
    } else if (name === "id") {
      element.id = idPrefix + value;
    } else if (REFERENCES.includes(name)) {
      element.setAttribute(name, value.replace(/\S+/g, `${idPrefix}$&`));
    } else if (isLink) {
      element.setAttribute(name, `#${idPrefix}${value.slice(1)}`);
    } else if (value.includes("url(#")) {
      element.setAttribute(name, value.replaceAll("url(#", `url(#${idPrefix}`));
    }
  }
};
