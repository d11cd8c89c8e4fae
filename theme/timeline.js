// A timeline that can be read closely. Under every `figure > svg.timeline` stands a button that opens the
// same timeline drawn anew from the data in the SVG: wide, with each poll, wake-up, mark and end on its
// own, in a grid for the keyboard and for screen readers, and as a table. It needs no tool.
"use strict";

{
  const { element } = workbook;
  const { MARGIN, ROW, Row, Scale, drawn, nearest, setAll } = workbook.timeline;
  const { instant, read, isWorthAWord, sentences, inTable, traceEvents } = workbook.timeline;
  const WIDEST = 100_000;

  const save = (name, type, text) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    element("a", { href: address, download: name }).click();
    // The browser may still be asking where to put it.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };

  // --- the whole ---

  class Closely {
    constructor(svg) {
      this.svg = svg;
      this.timeline = read(svg);
      this.scale = new Scale(this.timeline);
      this.zoom = 1;
      this.rows = this.timeline.lanes.map((lane) => new Row(lane));
      this.rowOf = new Map(this.rows.map((row) => [row.lane, row]));
      this.rowAt = new Map(this.rows.map((row) => [row.element, row]));
      this.eventOf = new Map(this.rows.flatMap(({ cells }) => [...cells].map(([event, cell]) => [cell, event])));
      this.ring = drawn("rect", { class: "timeline-ring", y: 1, height: ROW - 4, rx: 3 });
      this.element = this.build();
      this.current = this.rows.find(({ events }) => events.length > 0)?.events[0] ?? null;
      this.cell(this.current)?.setAttribute("tabindex", 0);
      new ResizeObserver(() => this.layOut()).observe(this.scroller);
    }

    build() {
      const { title, notes } = this.timeline;
      this.axis = drawn("svg", { class: "timeline-axis", "aria-hidden": "true", height: 24 });
      this.paper = drawn("svg", { class: "timeline-paper", "aria-hidden": "true" });
      this.grid = element("div", { role: "grid", "aria-label": `${title}, event by event`, "aria-readonly": "true" },
        this.rows.map((row) => row.element));
      this.sheet = element("div", { class: "timeline-sheet" }, this.axis, this.paper, this.grid);
      this.scroller = element("div", { class: "timeline-scroller" }, this.sheet);
      this.said = element("p", { class: "timeline-said" },
        "Point at a shape to read what it is. With the keyboard, Tab leads to the shapes, the arrow keys go " +
        "from one to the next, and + - 0 zoom.");
      const whole = element("div", { class: "timeline-closely" }, this.buttons(), this.scroller, this.said,
        this.scale.instants.some(({ first, last }) => last > first) && element("p", { class: "timeline-note" },
          "What happens at one instant stands in its order on a grey strip, in which no time passes."),
        notes.map((note) => element("p", { class: "timeline-note" }, note)),
        element("p", { class: "timeline-note" },
          "Perfetto, a viewer for long traces, opens its file at ui.perfetto.dev."));
      this.listen(whole);
      return whole;
    }

    buttons() {
      const button = (text, label, act, more = {}) => {
        const made = element("button", { type: "button", "aria-label": label, ...more }, text);
        made.addEventListener("click", () => act(made));
        return made;
      };
      const name = this.svg.id || "timeline";
      return element("div", { class: "timeline-bar" },
        button("\u2212", "Zoom out", () => this.zoomBy(1 / 1.5)),
        button("+", "Zoom in", () => this.zoomBy(1.5)),
        button("Fit", null, () => this.zoomBy(0)),
        button("As a table", null, (made) => this.toggleTable(made), { "aria-expanded": "false" }),
        button("Save as SVG", null, () =>
          save(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(this.svg))),
        button("Save for Perfetto", null, () =>
          save(`${name}.json`, "application/json", traceEvents(this.timeline))));
    }

    listen(whole) {
      whole.addEventListener("keydown", (key) => this.onKey(key));
      this.grid.addEventListener("focusin", ({ target }) => {
        const event = this.eventOf.get(target);
        if (event) this.show(event);
      });
      this.grid.addEventListener("pointermove", (pointer) => this.show(this.under(pointer) ?? this.focused()));
      this.grid.addEventListener("pointerleave", () => this.show(this.focused()));
      this.grid.addEventListener("click", (pointer) => this.go(this.under(pointer)));
      this.scroller.addEventListener("wheel", (wheel) => {
        if (!wheel.ctrlKey) return;
        wheel.preventDefault();
        const place = wheel.clientX - this.scroller.getBoundingClientRect().left - this.names;
        this.zoomBy(1.2 ** -Math.sign(wheel.deltaY), place);
      }, { passive: false });
    }

    cell(event) {
      return event && this.rowOf.get(event.lane).cells.get(event);
    }

    focused() {
      return this.cell(this.current) === document.activeElement ? this.current : null;
    }

    under(pointer) {
      const row = this.rowAt.get(pointer.target.closest("[role=row]"));
      return row?.at(pointer.clientX - row.track.getBoundingClientRect().left, this.scale) ?? null;
    }

    // --- what is said ---

    show(event) {
      this.shown = event;
      this.ring.remove();
      if (event === null) return;
      this.said.textContent = sentences(event);
      this.rowOf.get(event.lane).track.append(this.ring);
      const x = this.scale.of(event);
      const right = event.stretches ? Math.max(this.scale.begin(event.until), x) : x;
      setAll(this.ring, { x: x - 10, width: right - x + 20 });
    }

    toggleTable(button) {
      this.table ??= this.makeTable();
      const opens = !this.table.isConnected;
      if (opens) this.said.after(this.table);
      else this.table.remove();
      button.setAttribute("aria-expanded", opens);
    }

    makeTable() {
      const { title, events } = this.timeline;
      const row = (event) => element("tr", {},
        element("th", { scope: "row" }, instant(event.at)),
        element("td", {}, event.lane.name),
        element("td", {}, inTable(event)));
      const heads = ["Time", "Lane", "What happened"].map((head) => element("th", { scope: "col" }, head));
      const caption = `${title}: what happened, in order`;
      return element("div", { class: "timeline-table", role: "region", tabindex: 0, "aria-label": caption },
        element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, heads)),
          element("tbody", {}, events.filter(isWorthAWord).map(row))));
    }

    // --- going through it ---

    onKey(key) {
      if (key.ctrlKey || key.metaKey || key.altKey) return;
      const zoom = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, 0: 0 }[key.key];
      const isInGrid = this.grid.contains(key.target);
      const act = zoom !== undefined ? () => this.zoomBy(zoom) : isInGrid && this.move(key.key);
      if (!act) return;
      // On their own, the arrow keys turn the book's pages.
      key.preventDefault();
      key.stopPropagation();
      act();
    }

    move(key) {
      const { events } = this.rowOf.get(this.current.lane);
      const index = events.indexOf(this.current);
      const along = { ArrowLeft: events[index - 1], ArrowRight: events[index + 1], Home: events[0], End: events.at(-1) };
      if (key in along) return () => this.go(along[key] ?? null);
      const direction = { ArrowUp: -1, ArrowDown: 1 }[key];
      return direction && (() => this.go(this.across(direction)));
    }

    // The nearest event of the next lane that has one.
    across(direction) {
      const here = this.rows.indexOf(this.rowOf.get(this.current.lane));
      const others = direction < 0 ? this.rows.slice(0, here).reverse() : this.rows.slice(here + 1);
      const next = others.find(({ events }) => events.length > 0);
      return next ? nearest(next.events, this.scale.of(this.current), this.scale) : null;
    }

    go(event) {
      if (event === null) return;
      this.cell(this.current).setAttribute("tabindex", -1);
      this.current = event;
      this.cell(event).setAttribute("tabindex", 0);
      this.cell(event).focus();
    }

    // --- zoom ---

    // Zooms by a factor, 0 for all of it. What is at `place`, or else what is looked at, stays where it is.
    zoomBy(factor, place = null) {
      const { scale, scroller } = this;
      const room = scroller.clientWidth - this.names;
      const isSeen = (event) => event && Math.abs(scale.of(event) - scroller.scrollLeft - room / 2) <= room / 2;
      const looked = [this.focused(), this.shown, this.current].find(isSeen);
      const fixed = place === null && looked
        ? looked
        : nearest(this.rows.flatMap(({ events }) => events), scroller.scrollLeft + (place ?? room / 2), scale);
      const before = fixed === null ? 0 : scale.of(fixed);
      const most = Math.max(4, Math.min(scale.roomy, WIDEST) / room);
      this.zoom = Math.min(Math.max(this.zoom * factor, 1), most);
      this.layOut();
      if (fixed !== null) scroller.scrollLeft += scale.of(fixed) - before;
    }

    layOut() {
      const { scale, scroller } = this;
      if (scroller.clientWidth === 0) return;
      // Where there is little room, the names stand above their lanes.
      this.element.classList.toggle("timeline-narrow", this.element.clientWidth < 480);
      const longest = Math.max(...this.timeline.lanes.map(({ name, depth }) => name.length + Math.min(depth, 4)), 4);
      this.sheet.style.setProperty("--name-columns", Math.min(longest, 17));
      const isNarrow = this.element.classList.contains("timeline-narrow");
      this.names = isNarrow ? 0 : this.rows[0]?.name.offsetWidth ?? 0;
      this.sheet.style.setProperty("--names", `${this.names}px`);
      const width = Math.floor((scroller.clientWidth - this.names) * this.zoom);
      scale.fit(width);
      this.rows.forEach((row) => row.place(scale, width));
      this.drawPaper(width);
      if (this.shown) this.show(this.shown);
    }

    drawPaper(width) {
      const { scale } = this;
      const ticks = scale.ticks().map((time) => [scale.begin(time), time]);
      setAll(this.axis, { width });
      this.axis.replaceChildren(...ticks.map(([x, time]) =>
        drawn("text", { x, y: 16, "text-anchor": x <= 2 * MARGIN ? "start" : "middle" }, instant(time))));
      const wide = scale.instants.filter(({ first, last }) => last > first);
      const bands = wide.map(({ at, first, last }) =>
        drawn("rect", { class: "timeline-instant", x: scale.at(at, first), y: 0,
          width: scale.at(at, last) - scale.at(at, first), height: "100%" }));
      const lines = ticks.map(([x]) => drawn("line", { class: "tl-grid", x1: x, x2: x, y1: 0, y2: "100%" }));
      setAll(this.paper, { width });
      this.paper.replaceChildren(...bands, ...lines);
    }
  }

  // --- on the page ---

  class WorkbookTimeline extends HTMLElement {
    // The figure's SVG, set by whoever makes this.
    source = null;

    connectedCallback() {
      if (this.childElementCount > 0) return;
      const title = this.source.querySelector("title").textContent;
      const button = element("button",
        { type: "button", "aria-expanded": "false", "aria-label": `Look closely: ${title}` }, "Look closely");
      button.addEventListener("click", () => this.toggle(button));
      this.append(element("div", { class: "timeline-bar" }, button));
    }

    toggle(button) {
      if (!this.closely) {
        this.closely = new Closely(this.source).element;
        this.closely.hidden = true;
        this.append(this.closely);
      }
      this.closely.hidden = !this.closely.hidden;
      button.setAttribute("aria-expanded", !this.closely.hidden);
    }
  }

  const FIGURE = "figure > svg.timeline:has(> metadata[data-timeline])";
  const under = new WeakMap();

  // Puts what belongs under an SVG there, wherever the SVG has come, and takes it away with the SVG.
  const keepUp = (svg) => {
    if (!svg.isConnected || !svg.matches(FIGURE)) {
      under.get(svg)?.remove();
      return;
    }
    if (!under.has(svg)) {
      under.set(svg, Object.assign(document.createElement("workbook-timeline"), { source: svg }));
    }
    if (svg.nextElementSibling !== under.get(svg)) svg.after(under.get(svg));
  };

  const timelinesIn = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    return [...(node.matches("svg.timeline") ? [node] : []), ...node.querySelectorAll("svg.timeline")];
  };

  if (!document.documentElement.hasAttribute("data-print")) {
    customElements.define("workbook-timeline", WorkbookTimeline);
    timelinesIn(document.body).forEach(keepUp);
    new MutationObserver((changes) => {
      const nodes = changes.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes]);
      nodes.flatMap(timelinesIn).forEach(keepUp);
    }).observe(document.body, { childList: true, subtree: true });
  }
}
