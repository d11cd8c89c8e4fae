// Text that arrives in chunks, cut anywhere: whole lines of it, and the server-sent events in those.

/** Collects chunks into lines. `lineEnd` is a regular expression. */
export class Lines {
  #lineEnd;
  #rest = "";

  constructor(lineEnd) {
    this.#lineEnd = lineEnd;
  }

  /** The lines that are complete with this chunk. */
  push(chunk) {
    const lines = (this.#rest + chunk).split(this.#lineEnd);
    this.#rest = lines.pop();
    return lines;
  }

  /** The last line, if no line end follows it. */
  finish() {
    const rest = this.#rest;
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }
}

export const NEWLINE = /\n/;

// A CR at the end of a chunk may be the first half of a CR LF, so it waits for the next chunk.
export const EVENT_LINE_END = /\r\n|\n|\r(?!$)/;

/** Collects the lines of a stream of server-sent events, whose data is JSON, into events. */
export class EventParser {
  #kind = "";
  #data = [];

  /** The event that ends with this line, or null. */
  push(line) {
    if (line === "") return this.#finish();
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (field === "event") this.#kind = value;
    if (field === "data") this.#data.push(value);
    return null;
  }

  #finish() {
    const [kind, data] = [this.#kind || "message", this.#data];
    this.#kind = "";
    this.#data = [];
    return data.length === 0 ? null : { kind, data: JSON.parse(data.join("\n")) };
  }
}
