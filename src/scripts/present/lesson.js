// The times of a lesson, and whether it keeps to the plan. A lesson is a value: `started`, and for each page the
// milliseconds spent on it. `entered` is when the page that is shown now was opened, or null while none is.

/** A lesson that begins now. Its id is the name of the channel between the slides and the notes. */
export const beginLesson = (id, now) => ({ id, started: now, pages: {}, page: null, entered: null });

/** The times begin again. */
export const restartLesson = (lesson, now) => ({
  ...lesson,
  started: now,
  pages: {},
  entered: lesson.entered === null ? null : now,
});

export const enterPage = (lesson, page, now) => ({ ...pauseLesson(lesson, now), page, entered: now });

/** No page is shown: the time that was spent on the last one is kept. */
export const pauseLesson = (lesson, now) => ({
  ...lesson,
  pages: lesson.page === null ? lesson.pages : { ...lesson.pages, [lesson.page]: spentOn(lesson, lesson.page, now) },
  entered: null,
});

/** The milliseconds that were spent on a page. */
export const spentOn = ({ pages, page, entered }, wanted, now) => {
  const before = Object.hasOwn(pages, wanted) ? pages[wanted] : 0;
  return page === wanted && entered !== null ? before + now - entered : before;
};

const MINUTE = 60_000;

/**
 * Whether a page keeps to its plan, if each of its slides takes the same time: `minutes` are planned for it, `spent`
 * milliseconds have passed, and slide `number` of `count` is shown. Gives how many minutes it is behind: a negative
 * number if it is ahead, and 0 while the time is within that of the slide, or less than a minute from it.
 */
export const minutesBehind = ({ spent, minutes, number, count }) => {
  const each = (minutes * MINUTE) / count;
  const late = spent - each * number;
  const early = each * (number - 1) - spent;
  if (late >= MINUTE) return Math.floor(late / MINUTE);
  return early >= MINUTE ? -Math.floor(early / MINUTE) : 0;
};

/** The same in words, with a symbol. */
export const paceText = (behind) => {
  if (behind === 0) return { symbol: "●", text: "On time" };
  const minutes = `${Math.abs(behind)} min`;
  return behind > 0 ? { symbol: "▼", text: `${minutes} behind` } : { symbol: "▲", text: `${minutes} ahead` };
};

/** A time as on a clock: "4:05", or "1:04:05". */
export const clockText = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const padded = (number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(seconds % 60)}` : `${minutes}:${padded(seconds % 60)}`;
};
