// The search: its box opens with its button, with `s` or `/`, and on a page whose address has a query. What finds the
// hits is loaded when the box is opened for the first time.
import { loadScript } from "./load-script.js";

const FAILURE = "The search could not be loaded. Close it and try again.";
const QUERY = "search";
const HIGHLIGHT = "highlight";
const HIGHLIGHTED = "search-match";

// Browsers limit how often a page may change its address, so it is changed when the reader pauses.
const PAUSE_MS = 300;

const byId = (id) => document.getElementById(id);
const isField = (target) => target.matches("input, select, textarea, [contenteditable]");
const inAddress = (name) => new URL(location).searchParams.get(name) ?? "";

class Search {
  #toggle = byId("mdbook-search-toggle");
  #box = byId("mdbook-search-wrapper");
  #form = byId("mdbook-searchbar-outer");
  #field = byId("mdbook-searchbar");
  #results = null;
  // What had the focus before the box was opened.
  #opener = null;
  #pause = null;

  constructor() {
    // mdBook's scripts expect this object: `searchindex.js` adds to it, and `book.js` asks it before it turns the page.
    window.search = { hasFocus: () => this.#box.contains(document.activeElement) };
    this.#toggle.addEventListener("click", () => (this.#isOpen ? this.#close() : this.#open()));
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => keepInAddress(this.#query), PAUSE_MS);
      this.#search();
    });
    this.#box.addEventListener("click", () => keepInAddress(this.#query));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#goToFirstHit();
    });
    this.#box.addEventListener("keydown", (event) => this.#moveFocus(event));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    if (inAddress(QUERY) !== "") {
      this.#field.value = inAddress(QUERY);
      this.#open();
    }
  }

  get #isOpen() {
    return !this.#box.classList.contains("hidden");
  }

  get #query() {
    return this.#field.value.trim();
  }

  get #links() {
    return [...this.#box.querySelectorAll("#mdbook-searchresults a")];
  }

  #open() {
    if (!this.#isOpen) this.#opener = document.activeElement;
    this.#showBox(true);
    scrollTo(0, 0);
    this.#field.focus();
    this.#field.select();
    keepInAddress(this.#query);
    this.#search();
  }

  #close() {
    const opener = this.#opener === document.body ? this.#toggle : this.#opener;
    if (window.search.hasFocus()) opener.focus();
    this.#showBox(false);
    clearTimeout(this.#pause);
    keepInAddress("");
  }

  #showBox(isOpen) {
    this.#box.classList.toggle("hidden", !isOpen);
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
  }

  async #search() {
    removeHighlight();
    this.#form.classList.add("searching");
    try {
      this.#results ??= loadResults();
      (await this.#results).show(this.#query);
    } catch (error) {
      this.#results = null;
      byId("mdbook-searchresults-outer").classList.remove("hidden");
      byId("mdbook-searchresults-header").textContent = FAILURE;
      reportError(error);
    }
    this.#form.classList.remove("searching");
  }

  async #goToFirstHit() {
    await this.#search();
    this.#links[0]?.click();
  }

  #moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || hasModifier(event)) return;
    event.preventDefault();
    const stops = [this.#field, ...this.#links];
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  }

  #onKey(event) {
    const isElsewhere = isField(event.target) && event.target !== this.#field;
    if (hasModifier(event) || isElsewhere || event.defaultPrevented) return;
    if (event.key === "Escape") {
      // By itself, the field would clear its text.
      event.preventDefault();
      removeHighlight();
      this.#close();
    } else if (["s", "/"].includes(event.key.toLowerCase()) && event.target !== this.#field) {
      event.preventDefault();
      this.#open();
    }
  }
}

// Shift is none: on some keyboards `/` needs it.
const hasModifier = ({ altKey, ctrlKey, metaKey }) => altKey || ctrlKey || metaKey;

const loadResults = async () => {
  const [{ Results }] = await Promise.all([
    import("./search/results.js"),
    loadScript(document.documentElement.dataset.searchIndex, FAILURE),
  ]);
  const results = new Results(window.search);
  // It is far larger than what is used of it.
  delete window.search.index;
  return results;
};

// The query is in the address, so that the way back from a hit leads to the hits.
const keepInAddress = (query) => {
  const address = new URL(location);
  address.searchParams.delete(HIGHLIGHT);
  if (query === "") {
    address.searchParams.delete(QUERY);
  } else {
    address.searchParams.set(QUERY, query);
    address.hash = "";
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
};

const removeHighlight = () => window.CSS?.highlights?.delete(HIGHLIGHTED);

/** Adds the search, if the book has one. */
export const addSearch = () => {
  if (byId("mdbook-search-wrapper")) new Search();
};

/** Marks the query on a page that was opened from the search. */
export const highlightMatches = async () => {
  const query = inAddress(HIGHLIGHT);
  if (query === "" || !window.Highlight) return;
  const { rangesOf } = await import("./search/ranges.js");
  CSS.highlights.set(HIGHLIGHTED, new Highlight(...rangesOf(document.querySelector("main"), query)));
};
