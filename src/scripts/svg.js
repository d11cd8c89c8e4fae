// SVG: shapes, and drawings of timelines.

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
 * Makes an element of an SVG that the tool has drawn. Its ids are prefixed, so that it can be shown beside the book's
 * figure of the same name. Gives null if the text is no SVG.
 */
export const importDrawing = (text, idPrefix) => {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const svg = parsed.documentElement;
  if (svg.localName !== "svg" || parsed.querySelector("parsererror")) return null;
  for (const element of [svg, ...svg.querySelectorAll("[id]")]) element.id = idPrefix + element.id;
  for (const name of REFERENCES) {
    const references = svg.getAttribute(name);
    if (references) svg.setAttribute(name, references.replace(/\S+/g, `${idPrefix}$&`));
  }
  return document.adoptNode(svg);
};
