// `workbook.drawing(text, prefix)` makes an element of an SVG that a program has made: without anything
// in it that runs or loads, and with `prefix` before its ids, so that it can stand on a page beside the
// book's figure of the same name. It gives null if the text is no SVG.
"use strict";

{
  const REFERENCES = ["aria-labelledby", "aria-describedby"];

  const clean = (element, prefix) => {
    for (const { name, value } of [...element.attributes]) {
      const isLink = name === "href" || name === "xlink:href";
      if (/^on/i.test(name) || (isLink && !value.startsWith("#"))) {
        element.removeAttribute(name);
      } else if (name === "id") {
        element.id = prefix + value;
      } else if (REFERENCES.includes(name)) {
        element.setAttribute(name, value.replace(/\S+/g, `${prefix}$&`));
      } else if (isLink) {
        element.setAttribute(name, `#${prefix}${value.slice(1)}`);
      } else if (value.includes("url(#")) {
        element.setAttribute(name, value.replaceAll("url(#", `url(#${prefix}`));
      }
    }
  };

  workbook.drawing = (text, prefix) => {
    const drawn = new DOMParser().parseFromString(text, "image/svg+xml");
    const svg = drawn.documentElement;
    if (svg.localName !== "svg" || drawn.querySelector("parsererror")) return null;
    svg.querySelectorAll("script, foreignObject, iframe, animate, set").forEach((element) => element.remove());
    [svg, ...svg.querySelectorAll("*")].forEach((element) => clean(element, prefix));
    return document.adoptNode(svg);
  };
}
