// What a tab remembers of its lesson while it goes from page to page. Another tab has a lesson of its own.

// `early.js` reads this one, too.
const PRESENTING = "workbook-presenting";
const LESSON = "workbook-lesson";

const read = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
};

const write = (key, value) => {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Where nothing can be stored, the lesson ends with the page.
  }
};

/**
 * Where the slides of the next page that is loaded begin: "first", "last", or the place on this page that is shown
 * again after a reload. `null` ends it.
 */
export const continueAt = (place) => write(PRESENTING, place);

export const placeToContinue = () => read(PRESENTING);

export const savedLesson = () => read(LESSON);

export const saveLesson = (lesson) => write(LESSON, lesson);
