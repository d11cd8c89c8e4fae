// How far the learner is: marks beside the exercise pages in the sidebar, and <workbook-progress>, the
// table of all exercises. Without the tool the sidebar has no marks, and the element shows what the page
// has put into it.
"use strict";

{
  const { element, sign } = workbook;
  const { counted, spent } = workbook.words;
  const root = document.documentElement.dataset.root ?? "";
  const cards = new Map();
  let progress = null;
  let notice = null;

  const isSolved = (card) => card.solved !== null;
  const sum = (list, number) => list.reduce((total, card) => total + number(card), 0);
  // Whole minutes, so that a sum is that of the numbers above it.
  const spentOn = (list) => {
    const minutes = sum(list, (card) => Math.floor(card.seconds / 60));
    return minutes > 0 ? spent(60 * minutes) : "none";
  };
  const date = (seconds) =>
    new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });

  // The cards of each chapter, in the order of the book.
  const chapters = () =>
    progress.chapters.map(({ title, exercises }) => ({
      title,
      cards: exercises.map((name) => cards.get(name)).filter(Boolean),
    }));

  const markSidebar = () => {
    const links = document.querySelectorAll("mdbook-sidebar-scrollbox a[href]");
    for (const { cards } of chapters()) {
      if (cards.length === 0) continue;
      const [page] = cards[0].page.split("#");
      const link = [...links].find((link) => link.pathname === new URL(root + page, document.baseURI).pathname);
      if (!link) continue;
      const [solved, all] = [cards.filter(isSolved).length, cards.length];
      const there = link.querySelector(".progress-mark");
      const place = there ?? link.appendChild(element("span", { class: "progress-mark" }));
      workbook.patch(place, [
        element("span", { "aria-hidden": "true" }, `${solved}/${all}${solved === all ? " ✓" : ""}`),
        element("span", { class: "for-screen-readers" }, `, ${solved} of ${all} solved`),
      ]);
    }
  };

  class Progress extends HTMLElement {
    show() {
      const all = chapters().flatMap(({ cards }) => cards);
      workbook.patch(this, [
        notice && element("p", { class: "exercise-notice", key: "notice" }, notice),
        this.#next(all),
        ...chapters().map(({ title, cards }) => this.#table(title, cards)),
        element("p", { key: "sum" }, this.#sum(all)),
      ]);
    }

    #next(all) {
      const next = cards.get(progress.current);
      if (!next) return element("p", { key: "next" }, all.every(isSolved) ? "Everything is solved." : null);
      const link = element("a", { href: root + next.page }, next.title);
      return element("p", { key: "next" }, "Go on with ", link, ` (${next.minutes} minutes).`);
    }

    #table(title, cards) {
      const columns = ["Exercise", "Planned", "Spent", "Hints", "Solved"];
      const row = (...cells) => element("tr", {}, cells);
      const cell = (...inside) => element("td", {}, ...inside);
      const rows = cards.map((card) => {
        const link = element("a", { href: root + card.page }, card.title);
        return row(
          element("th", { scope: "row" }, sign(isSolved(card) ? "✓" : "○"), " ", link),
          cell(`${card.minutes} min`),
          cell(spentOn([card])),
          cell(`${card.hints.length} of ${card.all_hints}`),
          cell(isSolved(card) ? date(card.solved) : "not yet"),
        );
      });
      const sums = row(
        element("th", { scope: "row" }, "Together"),
        cell(`${sum(cards, (card) => card.minutes)} min`),
        cell(spentOn(cards)),
        cell(`${sum(cards, (card) => card.hints.length)} of ${sum(cards, (card) => card.all_hints)}`),
        cell(`${cards.filter(isSolved).length} of ${cards.length}`),
      );
      return element(
        "div",
        { key: title, class: "table-wrapper", tabindex: "0", role: "group", "aria-label": title },
        element(
          "table",
          {},
          element("caption", {}, title),
          element("thead", {}, row(columns.map((column) => element("th", { scope: "col" }, column)))),
          element("tbody", {}, rows),
          element("tfoot", {}, sums),
        ),
      );
    }

    #sum(all) {
      const planned = sum(all, (card) => card.minutes);
      const solved = `${all.filter(isSolved).length} of ${counted(all.length, "exercise")} solved`;
      return `${solved}, ${planned} minutes planned, ${spentOn(all)} spent.`;
    }
  }

  customElements.define("workbook-progress", Progress);

  // The events of a connection come one by one, and are drawn together.
  let isDue = false;
  const show = () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      if (progress === null || cards.size === 0) return;
      markSidebar();
      document.querySelectorAll("workbook-progress").forEach((table) => table.show());
    });
  };

  if (workbook.served) {
    workbook.on("exercise", (card) => {
      cards.set(card.name, card);
      show();
    });
    workbook.on("notice", ({ text }) => {
      notice = text;
      show();
    });
    workbook.on("progress", (event) => {
      progress = event;
      show();
    });
  }
}
