// A program's output on its way into the page.

/**
 * Takes at most `limit` characters from a queue of `{ stream, text }`, and joins neighbours of one stream. What is
 * taken leaves the queue.
 */
export const takeFrom = (queue, limit) => {
  const taken = [];
  let length = 0;
  while (queue.length > 0 && length < limit) {
    const { stream, text } = queue[0];
    const piece = text.slice(0, limit - length);
    if (taken.at(-1)?.stream === stream) taken.at(-1).text += piece;
    else taken.push({ stream, text: piece });
    length += piece.length;
    if (piece === text) queue.shift();
    else queue[0] = { stream, text: text.slice(piece.length) };
  }
  return taken;
};

/**
 * How many characters of a text go into a block of `size` that has room for `room` more: up to the end of the line
 * there, or a whole block where that line is too long.
 */
export const cutAtLine = (text, room, size) => {
  const lineEnd = text.indexOf("\n", Math.max(room, 0));
  return lineEnd === -1 || lineEnd > room + 2 * size ? Math.max(room, size) : lineEnd + 1;
};
