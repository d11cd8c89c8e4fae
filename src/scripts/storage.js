/**
 * A value that the browser keeps under a key, as JSON. It may refuse: because the reader forbids it, or because
 * the space is used up. Then `get` gives null, and `set` gives false.
 */
export const stored = (key) => ({
  get() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  remove() {
    try {
      localStorage.removeItem(key);
    } catch {
      // Where nothing can be removed, nothing was stored.
    }
  },
});

/** The values whose keys begin with `prefix`. Their keys are given without it. */
export const storedBelow = (prefix) => ({
  at: (key) => stored(prefix + key),
  keys() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
      return keys.map((key) => key.slice(prefix.length)).filter((key) => this.at(key).get() !== null);
    } catch {
      return [];
    }
  },
});
