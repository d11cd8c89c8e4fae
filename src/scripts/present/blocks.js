// The blocks of a page that slides are made of: the children of <main>, and those of what covers an output.
import { noteIn } from "./notes-text.js";

const COVER = "covered-output";
const PROGRAM = "workbook-program, pre:has(> code:is(.language-rust, .language-python))";

const KINDS = [
  ["heading", "h1, h2, h3, h4, h5, h6"],
  ["program", PROGRAM],
  ["figure", "figure, .figures-compared"],
  ["exercise", ".exercise-card"],
  ["answer", "details"],
];

const kindOf = (element, before) => {
  const [kind] = KINDS.find(([, selector]) => element.matches(selector)) ?? ["text"];
  const isOutput = before?.kind === "program" && element.matches("pre:has(> code.language-text)");
  return isOutput ? "output" : kind;
};

const isLead = (element) => element.localName === "p" && /[:?]$/.test(element.textContent.trim());

const nodesOf = (main) =>
  [...main.childNodes].flatMap((node) =>
    node.nodeType === Node.ELEMENT_NODE && node.classList.contains(COVER) ? [...node.childNodes] : [node],
  );

const notesIn = (node) => {
  const comments = [];
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_COMMENT);
  for (let comment = walker.currentNode; comment; comment = walker.nextNode()) {
    if (comment.nodeType === Node.COMMENT_NODE) comments.push(noteIn(comment.data));
  }
  return comments.filter((note) => note !== null);
};

/** The blocks in order: `{ element, kind, level, isLead, notes }`. Notes belong to the block before them. */
export const readBlocks = (main) => {
  const blocks = [];
  const notesAbove = [];
  for (const node of nodesOf(main)) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      (blocks.at(-1)?.notes ?? notesAbove).push(...notesIn(node));
    } else if (!isButtonOfCover(node)) {
      const kind = kindOf(node, blocks.at(-1));
      const level = kind === "heading" ? Number(node.localName.slice(1)) : null;
      blocks.push({ element: node, kind, level, isLead: isLead(node), notes: notesIn(node) });
    }
  }
  blocks[0]?.notes.unshift(...notesAbove);
  return blocks;
};

const isButtonOfCover = (node) => node.localName === "button" && coverOf(node) !== null;

/** What covers an element until the reader has made a prediction, or null. */
export const coverOf = (element) => {
  const parent = element.parentElement;
  return parent?.classList.contains(COVER) ? parent : null;
};

/** The button that removes a cover. */
export const buttonOf = (cover) => cover.querySelector(":scope > button");
