// The sections of the book, as mdBook's `searchindex.js` has them. The index in it is not used: it has only words that
// are between blanks, and leaves out such words as `while` and `else`.

// mdBook also indexes the lines of a program that a page hides: at the start of a function and before one, those that
// draw its figure. In prose they stay.
const FIGURE =
  /(?<=\{\s*)let _figure = timeline::figure\(.*?\);\s*|#\[timeline::lane\("[^"]*"\)\]\s*(?=(?:pub )?(?:async )?fn )/g;

/** The sections as `{ url, title, trail, text, isPage }`: `trail` has the titles above, and a page's first one `isPage`. */
export const sectionsOf = ({ doc_urls: urls, index }) => {
  const seen = new Set();
  return Object.values(index.documentStore.docs).map(({ id, title, body, breadcrumbs }) => {
    const url = urls[id];
    const [page] = url.split("#");
    const isPage = !seen.has(page);
    seen.add(page);
    return { url, title, trail: trailOf(breadcrumbs.split(" » "), title), text: body.replace(FIGURE, ""), isPage };
  });
};

// The last title is the section's own. Above the first section of a page is the title that the table of contents has
// for the page, which is the same.
const trailOf = (titles, own) => {
  const above = titles.slice(0, -1);
  return above.at(-1) === own ? above.slice(0, -1) : above;
};
