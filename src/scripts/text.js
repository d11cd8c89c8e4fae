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
