// What the template and the tool say about this page.
const root = document.documentElement;

/** Whether the tool serves this page. It adds the element that is looked for here. */
export const isServed = document.querySelector('meta[name="workbook"][content="served"]') !== null;

/** The address of one of the book's pages, as a link on this page. */
export const addressOf = (page) => (root.dataset.root ?? "") + page;
