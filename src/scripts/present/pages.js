// This page of the book, and those before and after it.
import { addressOf } from "../page.js";

const root = new URL(addressOf("."), document.baseURI).pathname;

/** The path of this page below the book's root: "gather.html". */
export const pageName = location.pathname.slice(root.length) || "index.html";

/** The link to the "next" or "previous" page, or null. */
export const linkTo = (direction) => document.querySelector(`.nav-wide-wrapper .${direction}`);

/** The title of a page that a link leads to, as the table of contents has it. */
export const titleOfPage = ({ pathname }) => {
  const links = [...document.querySelectorAll("mdbook-sidebar-scrollbox a[href]")];
  const entry = links.find((link) => link.pathname === pathname)?.cloneNode(true);
  entry?.querySelector(".progress-mark")?.remove();
  return entry?.textContent.trim() ?? pathname.split("/").at(-1);
};
