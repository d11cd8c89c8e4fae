// Lanes as they are drawn to be read closely: where time is on the paper, what an event looks like, and the
// row of one lane.
"use strict";

{
  const { element, timeline } = workbook;
  const { instant, sentences } = timeline;

  // --- places ---

  // Between two events of one instant, in pixels, where there is room.
  const APART = 24;
  const MARGIN = 16;
  const ROW = 36;
  const LINE = 14;

  // Where on the paper everything is. Time is drawn to scale, and an instant at which several things happen
  // is as wide as it takes to show them one after the other.
  class Scale {
    constructor({ end, events }) {
      this.end = end;
      this.instants = [];
      const inOrder = events.filter(({ kind }) => kind !== "created");
      // Threads may have been faster at doing than at telling.
      inOrder.sort((a, b) => a.at - b.at);
      let steps = 0;
      for (const event of inOrder) {
        let last = this.instants.at(-1);
        if (last?.at === event.at) {
          steps += 1;
        } else {
          last = { at: event.at, first: steps, last: steps };
          this.instants.push(last);
        }
        last.last = steps;
        event.step = steps;
      }
      this.steps = steps;
      this.fit(0);
    }

    // A width at which every event stands apart from the next one.
    get roomy() {
      const gaps = this.instants.slice(1).map(({ at }, index) => at - this.instants[index].at);
      const apart = gaps.length === 0 ? 0 : this.end / Math.min(...gaps);
      return 2 * MARGIN + 2 * APART * Math.max(this.steps, apart);
    }

    fit(width) {
      const inner = Math.max(width - 2 * MARGIN, 1);
      // The order within instants takes half of the width at most.
      this.apart = this.steps === 0 ? 0 : Math.min(APART, (this.end === 0 ? inner : inner / 2) / this.steps);
      this.perMicrosecond = this.end === 0 ? 0 : (inner - this.apart * this.steps) / this.end;
    }

    at(time, step) {
      return MARGIN + time * this.perMicrosecond + this.apart * step;
    }

    of({ at, step }) {
      return this.at(at, step);
    }

    // Where an instant begins.
    begin(time) {
      const later = this.instants.findIndex(({ at }) => at >= time);
      return this.at(time, later < 0 ? this.steps : this.instants[later].first);
    }

    // Round times, no closer than a label is wide.
    ticks() {
      if (this.perMicrosecond === 0) return [0];
      const room = 9 * instant(Math.round(this.end)).length + 24;
      const steps = Array.from({ length: 36 }, (_, index) => [1, 2, 5][index % 3] * 10 ** Math.floor(index / 3));
      const step = steps.find((microseconds) => microseconds * this.perMicrosecond >= room) ?? Infinity;
      const ticks = [0];
      while (ticks.at(-1) + step <= this.end) ticks.push(ticks.at(-1) + step);
      return ticks;
    }
  }

  // --- shapes ---

  const NS = "http://www.w3.org/2000/svg";

  const drawn = (tag, attributes = {}, ...children) => {
    const shape = document.createElementNS(NS, tag);
    setAll(shape, attributes);
    shape.append(...children);
    return shape;
  };

  const setAll = (shape, attributes) => {
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  };

  const stretch = (line, x1, x2) => setAll(line, { x1, x2, visibility: x1 < x2 ? "visible" : "hidden" });

  const box = (name, x, width) =>
    drawn("rect", { class: name, x, y: -7, width: Math.max(width, 0), height: 14, rx: 1.5 });

  const star = Array.from({ length: 16 }, (_, corner) => {
    const [angle, radius] = [corner * Math.PI / 8, corner % 2 === 0 ? 8 : 3.6];
    return `${(radius * Math.sin(angle)).toFixed(1)} ${(-radius * Math.cos(angle)).toFixed(1)}`;
  }).join("L");

  // What an event looks like around the point 0, 0: as in the figure.
  const shapeOf = ({ kind, woken, number, outcome }) => {
    const path = (name, d) => drawn("path", { class: name, d });
    if (kind === "polled") return box(woken || number === 1 ? "tl-poll" : "tl-along", -3.5, 7);
    if (kind === "woken") return path("tl-wake", "M0 8.5L4 14.5L-4 14.5Z");
    if (kind === "marked") return path("tl-mark", "M0 -5L5 0L0 5L-5 0Z");
    if (outcome === "finished") return drawn("circle", { class: "tl-finished", r: 4.8 });
    if (outcome === "dropped") return path("tl-dropped", "M-5 -5L5 5M-5 5L5 -5");
    return path("tl-panicked", `M${star}Z`);
  };

  // --- one row ---

  class Row {
    constructor(lane) {
      this.lane = lane;
      this.events = lane.events.filter(({ kind }) => kind !== "created").sort((a, b) => a.step - b.step);
      this.unpolled = drawn("line", { class: "tl-unpolled", y1: LINE, y2: LINE });
      const inVain = lane.ended?.outcome === "dropped";
      this.waits = drawn("line", { class: inVain ? "tl-vain" : "tl-wait", y1: LINE, y2: LINE });
      this.open = drawn("path", { class: "tl-open", d: "M-5 -5L0 0L-5 5" });
      this.cells = new Map(this.events.map((event) => [event, this.cell(event)]));
      // Ends lie on top of bars.
      this.track = drawn("svg", { class: "timeline-lane", role: "none", height: ROW },
        this.unpolled, this.waits, this.open, ...this.cells.values());
      const whole = lane.inside ? `${lane.name}, inside ${lane.inside.name}` : lane.name;
      this.name = element("div", { role: "rowheader", class: "timeline-name", title: whole }, lane.name);
      this.name.style.setProperty("--depth", Math.min(lane.depth, 4));
      this.element = element("div", { role: "row", class: "timeline-row" }, this.name, this.track);
    }

    cell(event) {
      const bars = (event.stretches ?? []).map(({ own }) => box(own ? "tl-busy" : "tl-inside", 0, 0));
      const label = sentences(event);
      return drawn("g", { role: "gridcell", tabindex: -1, "aria-label": label }, ...bars, shapeOf(event));
    }

    place(scale, width) {
      setAll(this.track, { width });
      const { created, ended, polls } = this.lane;
      const end = ended === null ? scale.begin(scale.end) : scale.of(ended);
      const first = this.events.find(({ kind }) => kind === "polled");
      const start = first ? scale.of(first) : end;
      const isOpen = created !== null && ended === null;
      const tip = isOpen ? end + 10 : end;
      stretch(this.unpolled, created === null ? start : scale.begin(created), polls > 0 ? start : tip);
      stretch(this.waits, start, polls > 0 ? tip : start);
      setAll(this.open, { transform: `translate(${tip} ${LINE})`, visibility: isOpen ? "visible" : "hidden" });
      for (const [event, cell] of this.cells) {
        const x = scale.of(event);
        setAll(cell, { transform: `translate(${x.toFixed(2)} ${LINE})` });
        (event.stretches ?? []).forEach(({ from, to }, index) => {
          const left = index === 0 ? x : scale.begin(from);
          setAll(cell.children[index], { x: left - x, width: Math.max(scale.begin(to) - left, 0) });
        });
      }
    }

    // The event at a place: the nearest one, or the poll whose bar is there.
    at(x, scale) {
      const near = nearest(this.events, x, scale);
      if (near && Math.abs(scale.of(near) - x) <= 12) return near;
      const holds = ({ stretches, until }, place) => stretches && place <= x && x <= scale.begin(until);
      return this.events.findLast((event) => holds(event, scale.of(event))) ?? null;
    }
  }

  const nearest = (events, x, scale) => {
    let best = null;
    for (const event of events) {
      if (best === null || Math.abs(scale.of(event) - x) < Math.abs(scale.of(best) - x)) best = event;
    }
    return best;
  };

  Object.assign(timeline, { MARGIN, ROW, Row, Scale, drawn, nearest, setAll });
}
