// Names in tables and headings: on a narrow screen they may be broken between their words, and nowhere else.

const BREAK = /::|[_/]|[(<](?![)>])|[a-z0-9)](?=\.[a-z])|[a-z0-9](?=[A-Z])/g;

/** The parts between which a name may be broken: `mpsc::Sender::try_send()` has four. */
export const partsOf = (name) =>
  name
    .replace(BREAK, "$&\n")
    .split("\n")
    .filter((part) => part !== "");

const textsOf = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts;
};

/** Adds these places to the page. The styles use them: `with-breaks` says that they are there. */
export const breakNames = () => {
  for (const name of document.querySelectorAll("main :is(.table-wrapper, h1, h2, h3) code")) {
    for (const text of textsOf(name)) {
      const parts = partsOf(text.data);
      text.replaceWith(...parts.flatMap((part, n) => (n === 0 ? [part] : [document.createElement("wbr"), part])));
    }
  }
  document.documentElement.classList.add("with-breaks");
};
