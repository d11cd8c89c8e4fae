// Where the words of a query are on a page.
import { Marker } from "./marks.js";

/** The ranges inside an element that match a query. */
export const rangesOf = (element, query) => {
  const nodes = textNodesOf(element);
  const marks = new Marker(query).marksIn(nodes.map(({ data }) => data).join(""));
  let [at, before] = [0, 0];
  const find = (place) => {
    while (before + nodes[at].length < place) before += nodes[at++].length;
    return [nodes[at], place - before];
  };
  // The marks are in the order of the text.
  return marks.map(({ begin, end }) => {
    const range = new Range();
    range.setStart(...find(begin));
    range.setEnd(...find(end));
    return range;
  });
};

const textNodesOf = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
};
