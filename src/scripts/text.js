// Texts for readers: counts, durations, and the simple markup of messages and reports.

export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

export const capitalized = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A duration in seconds as "under 1 min", "12 min" or "2 h 5 min". */
export const duration = (seconds) => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours === 0 && minutes === 0) return "under 1 min";
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes} min`;
};

/**
 * The parts of a text: `{ text }`, `{ code }` for what is between backticks, and `{ page }` for a line
 * `Read on: book/PAGE`.
 */
export const parseMarkup = (text) =>
  text
    .split(/(`[^`\n]+`|^Read on: \S+$)/m)
    .filter((part) => part !== "")
    .map((part) => {
      const code = /^`(.+)`$/.exec(part)?.[1];
      if (code !== undefined) return { code };
      const page = /^Read on: (?:book\/)?(\S+)$/.exec(part)?.[1];
      return page === undefined ? { text: part } : { page };
    });

// A grader breaks its lines between words at this width, for terminals.
const COLUMNS = 80;

/**
 * A report without the line breaks that only make it fit a terminal. Such a break is where the next word did not fit;
 * all others stay.
 */
export const unwrapped = (report) => {
  const lines = report.split("\n");
  return lines.map((line, at) => (at === 0 ? line : breakBetween(lines[at - 1], line) + line)).join("");
};

const breakBetween = (before, line) => {
  if (!continues(before, line)) return "\n";
  // A word that is wider than a line has been cut.
  return before.length === COLUMNS && !before.includes(" ") ? "" : " ";
};

const continues = (before, line) => {
  const [word] = /^\S*/.exec(line);
  const isOwn = word === "" || /^(This usually means|Read on:) /.test(line);
  return !isOwn && before.trim() !== "" && [...before].length + 1 + [...word].length > COLUMNS;
};
