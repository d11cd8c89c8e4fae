// What a page asks about a program's output, and what would give the answer away.

export const HEADINGS = "h1, h2, h3, h4, h5, h6";

const QUESTION = /\?$|\bguess\b|\bpredict\b/i;
const PROGRAMS = "workbook-program, pre:has(> code:is(.language-rust, .language-python))";

/** The paragraph that asks what a program prints: the one before the program, or before the answer that begins with it. */
export const questionBefore = (pre) => {
  const isAnswer = pre.previousElementSibling?.localName === "summary";
  const before = (isAnswer ? pre.parentElement : pre).previousElementSibling;
  return before?.localName === "p" && QUESTION.test(before.textContent.trim()) ? before : null;
};

/** An output, and what the page says about it, up to the next program, heading or answer. What leads there stays. */
export const givingAway = (output) => {
  const found = [output];
  const isEnd = (next) => next === null || next.matches(`${HEADINGS}, ${PROGRAMS}, details, workbook-exercise`);
  for (let next = output.nextElementSibling; !isEnd(next); next = next.nextElementSibling) found.push(next);
  const last = found.at(-1);
  const leadsOn = last.nextElementSibling?.matches(PROGRAMS) && /[:?]$/.test(last.textContent.trim());
  const isLinkToNextPage = /^Next\b/.test(last.textContent);
  if (last.localName === "p" && (leadsOn || isLinkToNextPage)) found.pop();
  return found;
};

/** The comments after an element: a speaker's notes about it. */
export const commentsAfter = (element) => {
  const comments = [];
  for (let next = element.nextSibling; next && next.nodeType !== Node.ELEMENT_NODE; next = next.nextSibling) {
    if (next.nodeType === Node.COMMENT_NODE) comments.push(next);
  }
  return comments;
};
