// What the slides and the window with the notes say to each other. The name of their channel has the lesson's id, so
// that other tabs do not hear it.

const nameOf = (id) => `workbook-slides-${id}`;

/** An id that no other tab has. (`randomUUID` is not there on a host without HTTPS.) */
export const newId = () =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((number) => number.toString(36)).join("-");

/** The side of the slides. A tab that was duplicated has the id of another one: `onTaken` tells it to take a new one. */
export class SlidesChannel {
  #channel;
  #own = newId();

  constructor(id, { onRequest, onTaken }) {
    this.#channel = new BroadcastChannel(nameOf(id));
    this.#channel.addEventListener("message", ({ data }) => {
      if (data?.claims) {
        this.#post({ takes: data.claims });
        onRequest("state");
      } else if (data?.takes === this.#own) {
        // The notes may have shown this one's slide.
        this.#post({ wants: "state" });
        onTaken();
      } else if (typeof data?.wants === "string") {
        onRequest(data.wants);
      }
    });
    this.#post({ claims: this.#own });
  }

  /** What the notes show. */
  show(state) {
    this.#post({ state });
  }

  /** `why` is "left" if there are no slides anymore, "page" if those of another page may follow, and else null. */
  close(why) {
    if (why !== null) this.#post({ gone: why });
    this.#channel.close();
  }

  #post(message) {
    this.#channel.postMessage(message);
  }
}

/** The side of the notes. */
export class NotesChannel {
  #channel;

  constructor(id, { onState, onGone }) {
    this.#channel = new BroadcastChannel(nameOf(id));
    this.#channel.addEventListener("message", ({ data }) => {
      if (data?.state) onState(data.state);
      else if (data?.gone) onGone(data.gone);
    });
    this.ask("state");
  }

  /** Asks for the state, or for another slide: "next", "previous", "first", "last"; "restart" is about the clock. */
  ask(wants) {
    this.#channel.postMessage({ wants });
  }

  close() {
    this.#channel.close();
  }
}
