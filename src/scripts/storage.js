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
