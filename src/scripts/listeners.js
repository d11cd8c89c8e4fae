/** Functions that are called when something happens. One that fails does not keep the others from being called. */
export class Listeners {
  #listeners = new Set();

  add(listener) {
    this.#listeners.add(listener);
  }

  call(...values) {
    for (const listener of this.#listeners) callSafely(listener, ...values);
  }
}

/** Calls a listener; the browser reports its error, as it does for errors of event listeners. */
export const callSafely = (listener, ...values) => {
  try {
    listener(...values);
  } catch (error) {
    reportError(error);
  }
};
