// The learner's progress: marks beside the exercise pages in the sidebar, and <workbook-progress>, the table of all
// exercises. Without the tool the sidebar has no marks, and the element keeps what the page has put into it.
import { on } from "./connection.js";
import { element, patch, symbol, withMarkup } from "./dom.js";
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
      bar("All exercises", all),
      element("p", { key: "total" }, summary(all)),
      table(chapters()),
    ]);
  }
}

const next = (all) => {
  const card = cards.get(progress.current);
  if (!card) return element("p", { key: "next" }, all.every(isSolved) ? "All exercises are solved." : null);
  return element("p", { key: "next" }, "Continue with ", exerciseLink(card), ` (${card.minutes} minutes).`);
};

const exerciseLink = (card) => element("a", { href: addressOf(card.page) }, withMarkup(card.title));

const bar = (label, list) =>
  element("progress", {
    key: label,
    class: "progress-bar",
    max: list.length,
    value: list.filter(isSolved).length,
    "aria-label": `${label}: solved`,
  });

const COLUMNS = ["Exercise", "Planned", "Spent", "Hints", "Solved"];

const table = (chapters) => {
  const head = COLUMNS.map((column) => element("th", { scope: "col" }, column));
  return element(
    "table",
    { key: "table" },
    element("thead", {}, element("tr", {}, head)),
    chapters.filter(({ cards }) => cards.length > 0).map(chapterRows),
  );
};

const chapterRows = ({ title, cards }) =>
  element(
    "tbody",
    { key: title, "aria-label": title },
    element("tr", {}, element("th", { scope: "rowgroup", colspan: COLUMNS.length }, title, bar(title, cards))),
    cards.map(exerciseRow),
    totalRow(cards),
  );

const row = (attributes, head, ...cells) =>
  element(
    "tr",
    attributes,
    element("th", { scope: "row" }, head),
    cells.map((cell) => element("td", {}, cell)),
  );

const exerciseRow = (card) =>
  row(
    { "data-solved": isSolved(card) },
    [symbol(isSolved(card) ? "✓" : "○"), " ", exerciseLink(card), " ", element("code", {}, card.exercise)],
    `${card.minutes} min`,
    timeSpent([card]),
    `${card.hints_html.length} of ${card.hint_count}`,
    isSolved(card) ? date(card.solved) : "not yet",
  );

const totalRow = (cards) =>
  row(
    { class: "progress-total" },
    "Total",
    `${total(cards, (card) => card.minutes)} min`,
    timeSpent(cards),
    `${total(cards, (card) => card.hints_html.length)} of ${total(cards, (card) => card.hint_count)}`,
    `${cards.filter(isSolved).length} of ${cards.length}`,
  );

const summary = (all) => {
  const solved = `${all.filter(isSolved).length} of ${counted(all.length, "exercise")} solved`;
  const planned = duration(60 * total(all, (card) => card.minutes));
  return `${solved}, ${planned} planned, ${timeSpent(all)} spent.`;
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
