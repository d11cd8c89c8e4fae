// The output of a run, compared with the book's and with what the reader predicted.

const withoutWhitespace = (text) => text.replace(/\s/g, "").toLowerCase();

export const isSameAsBook = (book, printed) => book.trim() === printed.trim();

/** What the page says about an output, beside the one in the book. */
export const compareWithBook = (book, printed) => {
  if (isSameAsBook(book, printed)) return "Same as in the book.";
  const code = /^error\[E\d+\]/.exec(book)?.[0];
  if (code && printed.includes(code)) return "The same error as in the book, with a different message.";
  return "This differs from the book.";
};

/** Whether a prediction is right. It may be of the last line alone: often a page asks for no more. */
export const isRightPrediction = (prediction, printed) => {
  const lastLine = printed.trim().split("\n").at(-1);
  const given = withoutWhitespace(prediction);
  return given !== "" && [printed, lastLine].map(withoutWhitespace).includes(given);
};

/**
 * The panic's message as the book shows it: without the thread's number, which differs from run to run, and without
 * the folder in which cargo keeps a library.
 */
export const panicMessage = (stderr) => {
  const found = /^(thread '.*?')(?: \(\d+\))?( panicked at .*\n[\s\S]*?)(?=note: run with|$(?![\s\S]))/m.exec(stderr);
  return found ? found[1] + found[2].replace(/(?<= at ).*\/registry\/src\/[^/]*\//, "") : "";
};

/** The line of the program at which it panicked, or null. */
export const panicLine = (stderr) => {
  const line = /panicked at src\/main\.rs:(\d+):/.exec(stderr)?.[1];
  return line === undefined ? null : Number(line);
};
