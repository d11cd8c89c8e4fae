// Where the events of a timeline are drawn.
import { timeText } from "./describe.js";

/** The space at both ends, in pixels. */
export const MARGIN = 16;

// The distance between two events of one instant, in pixels, where there is room.
const SPACING = 24;

/**
 * The horizontal scale. Time is drawn to scale, and an instant at which several events happen is as wide as it
 * takes to draw them one after the other. Every event is given a `step`: how many such distances lie before it.
 */
export class Scale {
  constructor({ end, events }) {
    this.end = end;
    this.instants = [];
    // Threads may have recorded events in another order than they happened.
    const inOrder = events.filter(({ kind }) => kind !== "created").sort((a, b) => a.at - b.at);
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

  /** A width at which every event is apart from the next one. */
  get comfortableWidth() {
    const gaps = this.instants.slice(1).map(({ at }, index) => at - this.instants[index].at);
    const narrowest = gaps.length === 0 ? 0 : this.end / Math.min(...gaps);
    return 2 * MARGIN + 2 * SPACING * Math.max(this.steps, narrowest);
  }

  fit(width) {
    const inner = Math.max(width - 2 * MARGIN, 1);
    // The order within instants takes at most half of the width.
    const forOrder = this.end === 0 ? inner : inner / 2;
    this.spacing = this.steps === 0 ? 0 : Math.min(SPACING, forOrder / this.steps);
    this.perMicrosecond = this.end === 0 ? 0 : (inner - this.spacing * this.steps) / this.end;
  }

  at(time, step) {
    return MARGIN + time * this.perMicrosecond + this.spacing * step;
  }

  of({ at, step }) {
    return this.at(at, step);
  }

  /** Where an instant begins. */
  begin(time) {
    const later = this.instants.findIndex(({ at }) => at >= time);
    return this.at(time, later < 0 ? this.steps : this.instants[later].first);
  }

  /** Round times whose labels do not overlap. */
  ticks() {
    if (this.perMicrosecond === 0) return [0];
    const labelWidth = 9 * timeText(Math.round(this.end)).length + 24;
    const steps = Array.from({ length: 36 }, (_, index) => [1, 2, 5][index % 3] * 10 ** Math.floor(index / 3));
    const step = steps.find((microseconds) => microseconds * this.perMicrosecond >= labelWidth) ?? Infinity;
    const ticks = [0];
    while (ticks.at(-1) + step <= this.end) ticks.push(ticks.at(-1) + step);
    return ticks;
  }

  /** The event that is drawn nearest to a place, or null. */
  nearest(events, x) {
    const distance = (event) => Math.abs(this.of(event) - x);
    return events.reduce((best, event) => (best && distance(best) <= distance(event) ? best : event), null);
  }
}
