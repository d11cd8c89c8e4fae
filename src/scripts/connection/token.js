// How a page is allowed to use the tool: the address that the terminal shows has a key, which can be exchanged
// once for a token, and the token goes with every request.
import { stored } from "../storage.js";

export const TOKEN_STORAGE = "workbook-token";

/** The token, for all tabs of this origin. Where the browser stores nothing, it lives as long as the page. */
export const token = {
  inMemory: null,
  stored: stored(TOKEN_STORAGE),

  get() {
    return this.stored.get() ?? this.inMemory;
  },
  set(value) {
    this.inMemory = value;
    this.stored.set(value);
  },
  /** Forgets a token that was refused. Another tab may have stored a newer one, which stays. */
  forget(refused) {
    if (this.inMemory === refused) this.inMemory = null;
    if (this.stored.get() === refused) this.stored.remove();
  },
};

/** The key, as long as it has not been exchanged for a token. */
export const key = {
  value: null,

  /** Removes the key from the address at once, so that it is in no bookmark and in no shared link. */
  takeFromAddress() {
    const found = /^#key=(\w+)(?:&anchor=(.+))?$/.exec(location.hash);
    if (!found) return false;
    const [, value, anchor] = found;
    this.value = value;
    history.replaceState(history.state, "", location.pathname + location.search);
    // Besides the key, the address may have the anchor of a place on the page.
    if (anchor !== undefined) location.replace(`#${anchor}`);
    return true;
  },
};
