// One lane in the viewer. Its shapes are those of the figure.
import { element } from "../dom.js";
import { setAttributes, shape } from "../svg.js";
import { describe } from "./describe.js";

export const ROW_HEIGHT = 36;
const BASELINE = 14;
const POINTER_REACH = 12;

export class LaneRow {
  constructor(lane) {
    this.lane = lane;
    this.events = lane.events.filter(({ kind }) => kind !== "created").sort((a, b) => a.step - b.step);
    this.unpolled = shape("line", { class: "tl-unpolled", y1: BASELINE, y2: BASELINE });
    const wasDropped = lane.ended?.outcome === "dropped";
    this.waiting = shape("line", { class: wasDropped ? "tl-wait-dropped" : "tl-wait", y1: BASELINE, y2: BASELINE });
    this.openEnd = shape("path", { class: "tl-open", d: "M-5 -5L0 0L-5 5" });
    this.cells = new Map(this.events.map((event) => [event, makeCell(event)]));
    // Later children are drawn over earlier ones: the end of a lane over the bars of its polls.
    this.track = shape(
      "svg",
      { class: "timeline-lane", role: "none", height: ROW_HEIGHT },
      this.unpolled,
      this.waiting,
      this.openEnd,
      ...this.cells.values(),
    );
    const title = lane.parent ? `${lane.name}, inside ${lane.parent.name}` : lane.name;
    this.name = element("div", { role: "rowheader", class: "timeline-name", title }, lane.name);
    this.name.style.setProperty("--depth", Math.min(lane.depth, 4));
    this.element = element("div", { role: "row", class: "timeline-row" }, this.name, this.track);
  }

  place(scale, width) {
    setAttributes(this.track, { width });
    const { created, ended, polls } = this.lane;
    const end = ended === null ? scale.begin(scale.end) : scale.of(ended);
    const firstPoll = this.events.find(({ kind }) => kind === "polled");
    const start = firstPoll ? scale.of(firstPoll) : end;
    const isOpen = created !== null && ended === null;
    const tip = isOpen ? end + 10 : end;
    setSpan(this.unpolled, created === null ? start : scale.begin(created), polls > 0 ? start : tip);
    setSpan(this.waiting, start, polls > 0 ? tip : start);
    setAttributes(this.openEnd, {
      transform: `translate(${tip} ${BASELINE})`,
      visibility: isOpen ? "visible" : "hidden",
    });
    for (const [event, cell] of this.cells) placeCell(cell, event, scale);
  }

  /** The event at a place: the nearest one, or the poll whose bar is there. */
  at(x, scale) {
    const nearest = scale.nearest(this.events, x);
    if (nearest && Math.abs(scale.of(nearest) - x) <= POINTER_REACH) return nearest;
    const covers = (event) => event.segments && scale.of(event) <= x && x <= scale.begin(event.until);
    return this.events.findLast(covers) ?? null;
  }
}

const setSpan = (line, x1, x2) => setAttributes(line, { x1, x2, visibility: x1 < x2 ? "visible" : "hidden" });

const bar = (name, x, width) =>
  shape("rect", { class: name, x, y: -7, width: Math.max(width, 0), height: 14, rx: 1.5 });

const makeCell = (event) => {
  const bars = (event.segments ?? []).map(({ isOwn }) => bar(isOwn ? "tl-busy" : "tl-inside", 0, 0));
  const attributes = { role: "gridcell", tabindex: -1, "aria-label": describe(event) };
  return shape("g", attributes, ...bars, shapeOf(event));
};

const placeCell = (cell, event, scale) => {
  const x = scale.of(event);
  setAttributes(cell, { transform: `translate(${x.toFixed(2)} ${BASELINE})` });
  (event.segments ?? []).forEach(({ from, to }, index) => {
    const left = index === 0 ? x : scale.begin(from);
    setAttributes(cell.children[index], {
      x: left - x,
      width: Math.max(scale.begin(to) - left, 0),
    });
  });
};

const STAR = Array.from({ length: 16 }, (_, corner) => {
  const [angle, radius] = [(corner * Math.PI) / 8, corner % 2 === 0 ? 8 : 3.6];
  return `${(radius * Math.sin(angle)).toFixed(1)} ${(-radius * Math.cos(angle)).toFixed(1)}`;
}).join("L");

const shapeOf = ({ kind, woken, number, outcome }) => {
  const path = (name, d) => shape("path", { class: name, d });
  if (kind === "polled") return bar(woken || number === 1 ? "tl-poll" : "tl-poll-unwoken", -3.5, 7);
  if (kind === "woken") return path("tl-wake", "M0 8.5L4 14.5L-4 14.5Z");
  if (kind === "marked") return path("tl-mark", "M0 -5L5 0L0 5L-5 0Z");
  if (outcome === "finished") return shape("circle", { class: "tl-finished", r: 4.8 });
  if (outcome === "dropped") return path("tl-dropped", "M-5 -5L5 5M-5 5L5 -5");
  return path("tl-panicked", `M${STAR}Z`);
};
