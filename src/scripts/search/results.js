// The list of hits under the search box.
import { element } from "../dom.js";
import { addressOf } from "../page.js";
import { counted } from "../text.js";
import { Marker } from "./marks.js";
import { Ranking } from "./ranking.js";
import { sectionsOf } from "./sections.js";

const MOST_HITS = 30;

export class Results {
  #ranking;
  #query = "";
  #outer = document.getElementById("mdbook-searchresults-outer");
  #status = document.getElementById("mdbook-searchresults-header");
  #list = document.getElementById("mdbook-searchresults");

  /** `index` is what mdBook's `searchindex.js` has defined. */
  constructor(index) {
    this.#ranking = new Ranking(sectionsOf(index));
  }

  show(query) {
    // A status that is set again would be announced again.
    if (query === this.#query) return;
    this.#query = query;
    this.#outer.classList.toggle("hidden", query === "");
    const hits = this.#ranking.search(query);
    const marker = new Marker(query);
    const shown = hits.slice(0, MOST_HITS);
    this.#list.replaceChildren(...shown.map((section, at) => hit(section, query, marker, `search-hit-${at}`)));
    this.#status.textContent = query === "" ? "" : summary(shown.length, hits.length, query);
  }
}

const summary = (shown, found, query) => {
  if (found === 0) return `No search results for '${query}'.`;
  const count = shown < found ? `The best ${shown} of ${found} search results` : counted(found, "search result");
  return `${count} for '${query}':`;
};

const hit = ({ url, title, trail, text }, query, marker, id) => {
  const [page, anchor] = url.split("#");
  const address = `${addressOf(page)}?${new URLSearchParams({ highlight: query })}#${anchor ?? ""}`;
  const excerpt = marker.excerptOf(text);
  return element(
    "li",
    {},
    element("a", { href: address, "aria-describedby": id }, marked(title, marker.marksIn(title))),
    element(
      "div",
      { id },
      trail.length > 0 && element("p", { class: "hit-trail" }, trail.join(" » ")),
      element("p", { class: "hit-excerpt" }, marked(excerpt.text, excerpt.marks)),
    ),
  );
};

const marked = (text, marks) => {
  const edges = marks.flatMap(({ begin, end }) => [begin, end]);
  return [0, ...edges].map((edge, at) => {
    const part = text.slice(edge, edges[at]);
    return at % 2 === 1 ? element("mark", {}, part) : part;
  });
};
