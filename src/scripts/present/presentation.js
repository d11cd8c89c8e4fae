// A presentation: the slides of this page with their bar, the keys, and the window with the notes. It goes on with the
// next page when the last slide is left.
import { Bar } from "./bar.js";
import { newId, SlidesChannel } from "./channel.js";
import { actionOf } from "./keys.js";
import { beginLesson, enterPage, pauseLesson, restartLesson } from "./lesson.js";
import { openNotes } from "./notes-window.js";
import { linkTo, pageName, titleOfPage } from "./pages.js";
import { continueAt, placeToContinue, savedLesson, saveLesson } from "./session.js";
import { notesOf, Stage, titleOf } from "./stage.js";
import { loadStyle } from "./style.js";

const FROM_NOTES = ["next", "previous", "first", "last", "restart"];

const menuBar = document.getElementById("mdbook-menu-bar");

let presentation = null;

/** Shows the slides of this page, or leaves them. */
export const startPresenting = async () => {
  await loadStyle();
  if (presentation) presentation.act("leave");
  else presentation = new Presentation();
};

class Presentation {
  #opener = document.activeElement;
  #scroll = { left: scrollX, top: scrollY };
  #begun;
  #stage;
  #bar;
  #lesson;
  #channel;
  #ended = new AbortController();

  constructor() {
    const place = placeToContinue();
    const inSight = place === null ? firstInSight() : document.querySelector(":target");
    this.#stage = new Stage(() => this.#changed());
    // What is not visible cannot get the focus.
    document.documentElement.classList.remove("resuming");
    this.#bar = new Bar((action) => this.act(action));
    this.#lesson = enterPage(savedLesson() ?? beginLesson(newId(), Date.now()), pageName, Date.now());
    this.#connect();
    this.#listen();
    this.#begun = this.#numberAt(place, inSight);
    this.#stage.show(this.#begun);
  }

  #numberAt(place, inSight) {
    if (place?.end === "last") return this.#stage.slides.length - 1;
    if (place?.page === pageName) return place.number;
    return inSight ? this.#stage.numberOf(inSight) : 0;
  }

  act(action) {
    this.#actions[action]?.();
  }

  #actions = {
    next: () => this.#next(),
    previous: () => this.#turnTo(this.#stage.number - 1),
    first: () => this.#stage.show(0),
    last: () => this.#stage.show(this.#stage.slides.length - 1),
    down: () => this.#stage.scroll(1) || this.#next(),
    up: () => this.#stage.scroll(-1) || this.#turnTo(this.#stage.number - 1),
    run: () => this.#stage.runButton?.click(),
    notes: () => {
      if (!openNotes(this.#lesson.id)) this.#bar.tell("The browser has blocked the window with the notes.");
    },
    restart: () => this.#restart(),
    leave: () => this.#leave(),
    "leave-field": () => this.#stage.heading.focus(),
  };

  // An output that is covered is shown before the next slide.
  #next() {
    const cover = this.#stage.coverButton;
    if (cover) cover.click();
    else this.#turnTo(this.#stage.number + 1);
  }

  #turnTo(number) {
    if (number >= this.#stage.slides.length) this.#goTo(linkTo("next"), "first");
    else if (number < 0) this.#goTo(linkTo("previous"), "last");
    else this.#stage.show(number);
  }

  #goTo(link, end) {
    if (link) {
      continueAt({ end });
      location.assign(link.href);
    } else {
      this.#bar.tell(end === "first" ? "This is the last slide of the book." : "This is the first slide of the book.");
    }
  }

  #connect() {
    this.#channel = new SlidesChannel(this.#lesson.id, {
      onRequest: (wants) => {
        if (wants === "state") this.#tellNotes();
        else if (FROM_NOTES.includes(wants)) this.act(wants);
      },
      onTaken: () => {
        this.#channel.close(null);
        this.#keep({ ...this.#lesson, id: newId() });
        this.#connect();
      },
    });
  }

  #keep(lesson) {
    this.#lesson = lesson;
    saveLesson(lesson);
  }

  #restart() {
    this.#keep(restartLesson(this.#lesson, Date.now()));
    this.#tellNotes();
  }

  #changed() {
    const { number, slides, position } = this.#stage;
    this.#bar.show({ position, number: number + 1, count: slides.length });
    continueAt({ page: pageName, number });
    saveLesson(this.#lesson);
    this.#tellNotes();
  }

  #tellNotes() {
    const { current, slides, number, position } = this.#stage;
    const following = slides[number + 1];
    const link = linkTo("next");
    this.#channel.show({
      position,
      number: number + 1,
      count: slides.length,
      title: titleOf(current),
      notes: notesOf(current),
      next: following ? titleOf(following) : link && `Next page: ${titleOfPage(link)}`,
      page: pageName,
      lesson: this.#lesson,
    });
  }

  #listen() {
    const { signal } = this.#ended;
    // Before the listeners on the document, which turn pages and open the search.
    document.documentElement.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    document.addEventListener("click", (event) => this.#onClick(event), { signal });
    addEventListener("pagehide", () => this.#pause(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#resume(), { signal });
  }

  #onKey(event) {
    if (event.defaultPrevented) return;
    // The help takes Escape before it comes here.
    const action = isHelpOpen() ? null : actionOf(event, placeOf(event.target));
    const isKeyOfPage = (event.key !== "?" || isHelpOpen()) && !(event.altKey || event.ctrlKey || event.metaKey);
    if (isKeyOfPage || action) event.stopPropagation();
    if (!action) return;
    event.preventDefault();
    this.act(action);
  }

  // A link to another section of this page leads to its slide.
  #onClick(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { pathname, hash } = new URL(link.href);
    const target = pathname === location.pathname && hash !== "" && document.getElementById(decoded(hash.slice(1)));
    const number = target ? this.#stage.numberOf(target) : -1;
    if (number < 0) return;
    event.preventDefault();
    this.#stage.show(number);
  }

  // The page is left, or kept by the browser for the way back.
  #pause() {
    this.#keep(pauseLesson(this.#lesson, Date.now()));
    this.#channel.close("page");
  }

  #resume() {
    if (placeToContinue() === null) {
      this.#end();
      return;
    }
    this.#keep(enterPage(savedLesson() ?? this.#lesson, pageName, Date.now()));
    this.#connect();
    this.#changed();
  }

  #leave() {
    const { number, firstElement } = this.#stage;
    this.#keep(pauseLesson(this.#lesson, Date.now()));
    this.#channel.close("left");
    this.#end();
    if (number === this.#begun) {
      scrollTo(this.#scroll);
    } else {
      firstElement.scrollIntoView();
      // The menu bar covers the upper edge of the page.
      scrollBy(0, -2 * menuBar.offsetHeight);
    }
    this.#opener?.focus({ preventScroll: true });
  }

  #end() {
    continueAt(null);
    this.#ended.abort();
    this.#bar.remove();
    this.#stage.leave();
    presentation = null;
  }
}

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const isHelpOpen = () => document.getElementById("mdbook-help-container")?.checkVisibility() ?? false;

const PLACES = [
  ["field", "input, select, textarea, [contenteditable]"],
  ["grid", "[role=grid] *"],
  ["control", "button, summary, a[href], [role=button]"],
];

const placeOf = (element) => PLACES.find(([, selector]) => element.matches(selector))?.[0] ?? "page";

// The first block that can be seen below the menu bar.
const firstInSight = () => {
  const top = menuBar.getBoundingClientRect().bottom;
  return [...document.querySelectorAll("main > *")].find((element) => element.getBoundingClientRect().bottom > top);
};
