// The learner's progress: marks beside the exercise pages in the sidebar, and <workbook-progress>, the table of all
// exercises. Without the tool the sidebar has no marks, and the element keeps what the page has put into it.
import { on } from "./connection.js";
import { element, patch, symbol } from "./dom.js";
import { addressOf, isServed } from "./page.js";
import { counted, duration } from "./text.js";

const cards = new Map();
let progress = null;
let notice = null;

const isSolved = (card) => card.solved !== null;
const total = (list, number) => list.reduce((sum, card) => sum + number(card), 0);

// Whole minutes, so that a total is the sum of the numbers above it.
const timeSpent = (list) => {
  const minutes = total(list, (card) => Math.floor(card.seconds / 60));
  return minutes > 0 ? duration(60 * minutes) : "none";
};

const date = (seconds) =>
  new Date(seconds * 1000).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
  });

// The cards of each chapter, in the order of the book.
const chapters = () =>
  progress.chapters.map(({ title, exercises }) => ({
    title,
    cards: exercises.map((name) => cards.get(name)).filter(Boolean),
  }));

const markSidebar = () => {
  const links = [...document.querySelectorAll("mdbook-sidebar-scrollbox a[href]")];
  for (const { cards } of chapters()) {
    if (cards.length === 0) continue;
    const [page] = cards[0].page.split("#");
    const { pathname } = new URL(addressOf(page), document.baseURI);
    const link = links.find((link) => link.pathname === pathname);
    if (!link) continue;
    const [solved, all] = [cards.filter(isSolved).length, cards.length];
    const mark = link.querySelector(".progress-mark") ?? link.appendChild(element("span", { class: "progress-mark" }));
    patch(mark, [
      element("span", { "aria-hidden": "true" }, `${solved}/${all}${solved === all ? " ✓" : ""}`),
      element("span", { class: "visually-hidden" }, `, ${solved} of ${all} solved`),
    ]);
  }
};

class Progress extends HTMLElement {
  show() {
    const all = chapters().flatMap(({ cards }) => cards);
    patch(this, [
      notice && element("p", { class: "exercise-notice", key: "notice" }, notice),
      next(all),
      ...chapters().map(({ title, cards }) => table(title, cards)),
      element("p", { key: "total" }, summary(all)),
    ]);
  }
}

const next = (all) => {
  const card = cards.get(progress.current);
  if (!card) return element("p", { key: "next" }, all.every(isSolved) ? "All exercises are solved." : null);
  const link = element("a", { href: addressOf(card.page) }, card.title);
  return element("p", { key: "next" }, "Continue with ", link, ` (${card.minutes} minutes).`);
};

const table = (title, cards) => {
  const columns = ["Exercise", "Planned", "Spent", "Hints", "Solved"];
  const head = columns.map((column) => element("th", { scope: "col" }, column));
  return element(
    "div",
    { key: title, class: "table-wrapper", tabindex: "0", role: "group", "aria-label": title },
    element(
      "table",
      {},
      element("caption", {}, title),
      element("thead", {}, element("tr", {}, head)),
      element("tbody", {}, cards.map(exerciseRow)),
      element("tfoot", {}, totalRow(cards)),
    ),
  );
};

const row = (head, ...cells) =>
  element(
    "tr",
    {},
    element("th", { scope: "row" }, head),
    cells.map((cell) => element("td", {}, cell)),
  );

const exerciseRow = (card) =>
  row(
    [symbol(isSolved(card) ? "✓" : "○"), " ", element("a", { href: addressOf(card.page) }, card.title)],
    `${card.minutes} min`,
    timeSpent([card]),
    `${card.hints_html.length} of ${card.hint_count}`,
    isSolved(card) ? date(card.solved) : "not yet",
  );

const totalRow = (cards) =>
  row(
    "Total",
    `${total(cards, (card) => card.minutes)} min`,
    timeSpent(cards),
    `${total(cards, (card) => card.hints_html.length)} of ${total(cards, (card) => card.hint_count)}`,
    `${cards.filter(isSolved).length} of ${cards.length}`,
  );

const summary = (all) => {
  const solved = `${all.filter(isSolved).length} of ${counted(all.length, "exercise")} solved`;
  const planned = total(all, (card) => card.minutes);
  return `${solved}, ${planned} minutes planned, ${timeSpent(all)} spent.`;
};

// The events of a new connection arrive one by one, and are drawn together.
let isScheduled = false;
const schedule = () => {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(() => {
    isScheduled = false;
    if (progress === null || cards.size === 0) return;
    markSidebar();
    for (const table of document.querySelectorAll("workbook-progress")) table.show();
  });
};

/** Shows the progress in the sidebar and in every <workbook-progress>. */
export const addProgress = () => {
  if (!isServed) return;
  customElements.define("workbook-progress", Progress);
  on("exercise", (card) => {
    cards.set(card.name, card);
    schedule();
  });
  on("notice", (event) => {
    notice = event.text;
    schedule();
  });
  on("progress", (event) => {
    progress = event;
    schedule();
  });
};
