// The timeline viewer: a figure's timeline drawn again from the data in its SVG, wide, with each poll, wake-up, mark
// and end on its own, in a grid for the keyboard and for screen readers, and as a table.
import { button, element } from "../dom.js";
import { setAttributes, shape } from "../svg.js";
import { describe, describeInTable, isInTable, timeText } from "./describe.js";
import { LaneRow, ROW_HEIGHT } from "./lane-row.js";
import { parseTimeline } from "./model.js";
import { MARGIN, Scale } from "./scale.js";
import { traceEvents } from "./trace-events.js";

const WIDEST = 100_000;
const ZOOM_STEP = 1.5;
const HELP =
  "Point at a shape to see what it means. On the keyboard, the arrow keys move between the shapes, and + - 0 zoom.";
const ABOUT_INSTANTS = "Events at the same instant are drawn in order on a grey strip. No time passes within it.";
const ABOUT_PERFETTO = "The file for Perfetto, a viewer for long traces, can be opened at ui.perfetto.dev.";

export class TimelineViewer {
  constructor(svg) {
    this.svg = svg;
    const { textContent: title } = svg.querySelector("title");
    this.timeline = parseTimeline(title, svg.querySelector("metadata").dataset.timeline);
    this.scale = new Scale(this.timeline);
    this.zoom = 1;
    this.rows = this.timeline.lanes.map((lane) => new LaneRow(lane));
    this.rowOfLane = new Map(this.rows.map((row) => [row.lane, row]));
    this.rowOfElement = new Map(this.rows.map((row) => [row.element, row]));
    this.eventOfCell = new Map(this.rows.flatMap(({ cells }) => [...cells].map(([event, cell]) => [cell, event])));
    this.highlight = shape("rect", { class: "timeline-highlight", y: 1, height: ROW_HEIGHT - 4, rx: 3 });
    this.element = this.build();
    this.current = this.rows.find(({ events }) => events.length > 0)?.events[0] ?? null;
    this.cellOf(this.current)?.setAttribute("tabindex", 0);
    new ResizeObserver(() => this.layOut()).observe(this.scroller);
  }

  build() {
    const { title, notes } = this.timeline;
    this.axis = shape("svg", { class: "timeline-axis", "aria-hidden": "true", height: 24 });
    this.background = shape("svg", { class: "timeline-background", "aria-hidden": "true" });
    this.grid = element(
      "div",
      { role: "grid", "aria-label": `${title}, event by event`, "aria-readonly": "true" },
      this.rows.map((row) => row.element),
    );
    this.canvas = element("div", { class: "timeline-canvas" }, this.axis, this.background, this.grid);
    this.scroller = element("div", { class: "timeline-scroller" }, this.canvas);
    this.description = element("p", { class: "timeline-description" });
    const hasWideInstants = this.scale.instants.some(({ first, last }) => last > first);
    const allNotes = [HELP, hasWideInstants && ABOUT_INSTANTS, ...notes, ABOUT_PERFETTO].filter(Boolean);
    const viewer = element(
      "div",
      { class: "timeline-viewer" },
      this.buttons(),
      this.scroller,
      this.description,
      allNotes.map((note) => element("p", { class: "timeline-note" }, note)),
    );
    this.listen(viewer);
    return viewer;
  }

  buttons() {
    const name = this.svg.id || "timeline";
    return element(
      "div",
      { class: "timeline-bar" },
      button("\u2212", () => this.zoomBy(1 / ZOOM_STEP), { "aria-label": "Zoom out" }),
      button("+", () => this.zoomBy(ZOOM_STEP), { "aria-label": "Zoom in" }),
      button("Fit", () => this.zoomBy(0)),
      button("As a table", (made) => this.toggleTable(made), { "aria-expanded": "false" }),
      button("Save as SVG", () =>
        save(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(this.svg)),
      ),
      button("Save for Perfetto", () => save(`${name}.json`, "application/json", traceEvents(this.timeline))),
    );
  }

  listen(viewer) {
    viewer.addEventListener("keydown", (key) => this.onKey(key));
    this.grid.addEventListener("focusin", ({ target }) => {
      const event = this.eventOfCell.get(target);
      if (event) this.show(event);
    });
    this.grid.addEventListener("pointermove", (pointer) => this.show(this.eventUnder(pointer) ?? this.focused()));
    this.grid.addEventListener("pointerleave", () => this.show(this.focused()));
    this.grid.addEventListener("click", (pointer) => this.focus(this.eventUnder(pointer)));
    this.scroller.addEventListener(
      "wheel",
      (wheel) => {
        if (!wheel.ctrlKey) return;
        wheel.preventDefault();
        const x = wheel.clientX - this.scroller.getBoundingClientRect().left - this.namesWidth;
        this.zoomBy(1.2 ** -Math.sign(wheel.deltaY), x);
      },
      { passive: false },
    );
  }

  cellOf(event) {
    return event && this.rowOfLane.get(event.lane).cells.get(event);
  }

  focused() {
    return this.cellOf(this.current) === document.activeElement ? this.current : null;
  }

  eventUnder(pointer) {
    const row = this.rowOfElement.get(pointer.target.closest("[role=row]"));
    return row?.at(pointer.clientX - row.track.getBoundingClientRect().left, this.scale) ?? null;
  }

  // Highlights an event and describes it.
  show(event) {
    this.shown = event;
    this.highlight.remove();
    if (event === null) return;
    this.description.textContent = describe(event);
    this.rowOfLane.get(event.lane).track.append(this.highlight);
    const x = this.scale.of(event);
    const right = event.segments ? Math.max(this.scale.begin(event.until), x) : x;
    setAttributes(this.highlight, { x: x - 10, width: right - x + 20 });
  }

  toggleTable(button) {
    this.table ??= this.makeTable();
    const opens = !this.table.isConnected;
    if (opens) this.description.after(this.table);
    else this.table.remove();
    button.setAttribute("aria-expanded", opens);
  }

  makeTable() {
    const { title, events } = this.timeline;
    const row = (event) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, timeText(event.at)),
        element("td", {}, event.lane.name),
        element("td", {}, describeInTable(event)),
      );
    const heads = ["Time", "Lane", "What happened"].map((head) => element("th", { scope: "col" }, head));
    const caption = `${title}: what happened, in order`;
    return element(
      "div",
      { class: "timeline-table", role: "region", tabindex: 0, "aria-label": caption },
      element(
        "table",
        {},
        element("caption", {}, caption),
        element("thead", {}, element("tr", {}, heads)),
        element("tbody", {}, events.filter(isInTable).map(row)),
      ),
    );
  }

  onKey(key) {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    const zoom = { "+": ZOOM_STEP, "=": ZOOM_STEP, "-": 1 / ZOOM_STEP, 0: 0 }[key.key];
    const action = zoom === undefined ? this.grid.contains(key.target) && this.move(key.key) : () => this.zoomBy(zoom);
    if (!action) return;
    key.preventDefault();
    action();
  }

  // What a key of the grid does, if it does anything.
  move(key) {
    const { events } = this.rowOfLane.get(this.current.lane);
    const index = events.indexOf(this.current);
    const within = {
      ArrowLeft: events[index - 1],
      ArrowRight: events[index + 1],
      Home: events[0],
      End: events.at(-1),
    };
    if (key in within) return () => this.focus(within[key] ?? null);
    const direction = { ArrowUp: -1, ArrowDown: 1 }[key];
    return direction && (() => this.focus(this.inNextLane(direction)));
  }

  // The nearest event of the next lane that has any.
  inNextLane(direction) {
    const here = this.rows.indexOf(this.rowOfLane.get(this.current.lane));
    const others = direction < 0 ? this.rows.slice(0, here).reverse() : this.rows.slice(here + 1);
    const next = others.find(({ events }) => events.length > 0);
    return next ? this.scale.nearest(next.events, this.scale.of(this.current)) : null;
  }

  /** Gives the focus to the event that the reader looked at last, so that the arrow keys move from there. */
  enter() {
    this.layOut();
    this.focus(this.current);
  }

  focus(event) {
    if (event === null) return;
    this.cellOf(this.current).setAttribute("tabindex", -1);
    this.current = event;
    this.cellOf(event).setAttribute("tabindex", 0);
    this.cellOf(event).focus();
  }

  // Zooms by a factor; 0 shows the whole timeline. The event at `x`, or else the one that the reader is looking at,
  // stays where it is.
  zoomBy(factor, x = null) {
    const { scale, scroller } = this;
    const room = scroller.clientWidth - this.namesWidth;
    const isVisible = (event) => event && Math.abs(scale.of(event) - scroller.scrollLeft - room / 2) <= room / 2;
    const watched = [this.focused(), this.shown, this.current].find(isVisible);
    const events = this.rows.flatMap((row) => row.events);
    const fixed = x === null && watched ? watched : scale.nearest(events, scroller.scrollLeft + (x ?? room / 2));
    const before = fixed === null ? 0 : scale.of(fixed);
    const most = Math.max(4, Math.min(scale.comfortableWidth, WIDEST) / room);
    this.zoom = Math.min(Math.max(this.zoom * factor, 1), most);
    this.layOut();
    if (fixed !== null) scroller.scrollLeft += scale.of(fixed) - before;
  }

  layOut() {
    const { scale, scroller } = this;
    if (scroller.clientWidth === 0) return;
    // Where there is little room, the names are above their lanes.
    const isNarrow = this.element.clientWidth < 480;
    this.element.classList.toggle("timeline-narrow", isNarrow);
    const lengths = this.timeline.lanes.map(({ name, depth }) => name.length + Math.min(depth, 4));
    this.canvas.style.setProperty("--name-columns", Math.min(Math.max(...lengths, 4), 17));
    this.namesWidth = isNarrow ? 0 : (this.rows[0]?.name.offsetWidth ?? 0);
    this.canvas.style.setProperty("--names", `${this.namesWidth}px`);
    const width = Math.floor((scroller.clientWidth - this.namesWidth) * this.zoom);
    scale.fit(width);
    for (const row of this.rows) row.place(scale, width);
    this.drawBackground(width);
    if (this.shown) this.show(this.shown);
  }

  drawBackground(width) {
    const { scale } = this;
    const ticks = scale.ticks().map((time) => [scale.begin(time), time]);
    setAttributes(this.axis, { width });
    this.axis.replaceChildren(
      ...ticks.map(([x, time]) =>
        shape("text", { x, y: 16, "text-anchor": x <= 2 * MARGIN ? "start" : "middle" }, timeText(time)),
      ),
    );
    const strips = scale.instants
      .filter(({ first, last }) => last > first)
      .map(({ at, first, last }) => {
        const [x, right] = [scale.at(at, first), scale.at(at, last)];
        return shape("rect", { class: "timeline-instant", x, y: 0, width: right - x, height: "100%" });
      });
    const lines = ticks.map(([x]) => shape("line", { class: "tl-grid", x1: x, x2: x, y1: 0, y2: "100%" }));
    setAttributes(this.background, { width });
    this.background.replaceChildren(...strips, ...lines);
  }
}

const save = (name, type, text) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: address, download: name }).click();
  // The browser may still be asking where to save it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};
