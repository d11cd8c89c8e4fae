// <workbook-timeline>: the button under every figure that has a timeline. It opens the viewer, which needs no tool.
import { button, element } from "./dom.js";

const FIGURE = "figure > svg.timeline:has(> metadata[data-timeline])";

class WorkbookTimeline extends HTMLElement {
  // The figure's SVG, set by the code that makes this element.
  source = null;
  #viewer = null;

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const title = this.source.querySelector("title").textContent;
    const open = button("Look closely", (made) => this.#toggle(made), {
      "aria-expanded": "false",
      "aria-label": `Look closely: ${title}`,
    });
    this.append(element("div", { class: "timeline-bar" }, open));
  }

  async #toggle(button) {
    if (!this.#viewer) {
      // Most readers never open one, so it is loaded when it is needed.
      const { TimelineViewer } = await import("./timeline/viewer.js");
      if (this.#viewer) return;
      this.#viewer = new TimelineViewer(this.source);
      this.#viewer.element.hidden = true;
      this.append(this.#viewer.element);
    }
    const viewer = this.#viewer.element;
    viewer.hidden = !viewer.hidden;
    button.setAttribute("aria-expanded", !viewer.hidden);
    if (!viewer.hidden) this.#viewer.enter();
  }
}

const elementOf = new WeakMap();

// Puts the element under an SVG, wherever the SVG has been moved to, and removes it together with the SVG.
const update = (svg) => {
  if (!svg.isConnected || !svg.matches(FIGURE)) {
    elementOf.get(svg)?.remove();
    return;
  }
  if (!elementOf.has(svg)) {
    elementOf.set(svg, Object.assign(document.createElement("workbook-timeline"), { source: svg }));
  }
  if (svg.nextElementSibling !== elementOf.get(svg)) svg.after(elementOf.get(svg));
};

const timelinesIn = (node) => {
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  return [...(node.matches("svg.timeline") ? [node] : []), ...node.querySelectorAll("svg.timeline")];
};

/** Adds the button to every timeline on the page, and to those that are added later. */
export const addTimelines = () => {
  customElements.define("workbook-timeline", WorkbookTimeline);
  timelinesIn(document.body).forEach(update);
  new MutationObserver((changes) => {
    const nodes = changes.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes]);
    nodes.flatMap(timelinesIn).forEach(update);
  }).observe(document.body, { childList: true, subtree: true });
};
