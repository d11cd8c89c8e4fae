// The stage: shows the page one slide at a time. Nothing is moved or copied. What is not on the slide is inert, which the
// styles of Present do not show, and headings get attributes that say what they are. All of that can be taken back.
import { buttonOf, coverOf, readBlocks } from "./blocks.js";
import { Changes } from "./changes.js";
import { measured } from "./measure.js";
import { split } from "./split.js";

// Sizes of text and of code, in 720ths of the height of a slide. The largest that fit are taken; the last row can read the
// smallest. With those, the blocks are measured.
const SIZES = [
  { text: 34, code: 26 },
  { text: 31, code: 24 },
  { text: 28, code: 22 },
  { text: 28, code: 20 },
];
const SIZES_WITH_PROGRAM = [26, 24, 22, 20].map((code) => ({ text: 28, code }));

// How much a figure is enlarged at least, so that its text can be read.
const SCALE_OF_FIGURE = 2;

const elementsOf = ({ heading, blocks }) =>
  blocks.length > 0 ? blocks.map(({ element }) => element) : [heading.element];

const kindOf = ({ heading, blocks, part }) => {
  const kind = ["program", "figure", "exercise"].find((kind) => blocks.some((block) => block.kind === kind));
  const isTitle = blocks.length === 0 || (heading?.level === 1 && part === 1);
  return kind ?? (isTitle ? "title" : "text");
};

export class Stage {
  #main = document.querySelector("main");
  // What all slides have in common, and what the one that is shown has.
  #common = new Changes();
  #drawn = new Changes();
  #onChange;
  #blocks = [];
  #size = "";
  #mutations = new MutationObserver((changes) => {
    if (changes.some((change) => this.#isAboutBlocks(change))) this.#rebuild();
  });
  #resizes = new ResizeObserver(() => {
    if (this.#size !== this.#currentSize) this.#rebuild();
  });
  slides = [];
  number = 0;

  /** `onChange` is called when another slide is shown, or when there are other slides. */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#common.addClass(document.documentElement, "presenting");
    this.#build();
    for (const element of [this.#main, ...this.#main.querySelectorAll("h1, h2, h3, h4, h5, h6")]) {
      if (!element.hasAttribute("tabindex")) this.#common.set(element, "tabindex", "-1");
    }
    this.#resizes.observe(this.#main);
    this.#observe();
  }

  leave() {
    this.#mutations.disconnect();
    this.#resizes.disconnect();
    this.#drawn.undo();
    this.#common.undo();
  }

  get current() {
    return this.slides[this.number];
  }

  /** The first element of the slide, without its heading. */
  get firstElement() {
    return elementsOf(this.current)[0];
  }

  get heading() {
    return this.current.heading?.element ?? this.#main;
  }

  /** Shows a slide. Its heading gets the focus, so that a screen reader says which slide it is. */
  show(number) {
    this.number = Math.min(Math.max(number, 0), this.slides.length - 1);
    this.#unobserved(() => {
      this.#uncover();
      this.#draw();
    });
    this.#main.scrollTop = 0;
    this.heading.focus({ preventScroll: true });
    this.#onChange();
  }

  /** The number of the slide that shows an element, or -1. */
  numberOf(element) {
    // What covers several blocks is none itself.
    const holds = (block) => block?.element.contains(element) || element.contains(block?.element ?? null);
    return this.slides.findIndex(({ heading, blocks }) => blocks.some(holds) || holds(heading));
  }

  /** The button that shows the output on this slide, while it is covered. */
  get coverButton() {
    const cover = coverOnSlideOfProgram(this.current);
    return cover && buttonOf(cover);
  }

  /** The button that runs the program on this slide. */
  get runButton() {
    const buttons = this.current.blocks.flatMap(({ element }) => [...element.querySelectorAll(".program-run")]);
    return buttons.find((button) => button.checkVisibility()) ?? null;
  }

  /** Scrolls what is too high for the slide, down with 1 and up with -1. Gives false where nothing can be scrolled. */
  scroll(direction) {
    const inside = this.current.blocks.flatMap(({ element }) => [...element.querySelectorAll("pre"), element]);
    const scrolled = [...inside, this.#main].find((element) => canScroll(element, direction));
    scrolled?.scrollBy({ top: direction * scrolled.clientHeight * 0.8 });
    return scrolled !== undefined;
  }

  get #currentSize() {
    // With a scroll bar or without one.
    return `${this.#main.offsetWidth} ${this.#main.offsetHeight}`;
  }

  #observe() {
    this.#mutations.observe(this.#main, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  }

  // What the stage changes itself is no reason to build the slides again.
  #unobserved(change) {
    this.#mutations.disconnect();
    change();
    this.#observe();
  }

  #isAboutBlocks({ type, target }) {
    if (type === "attributes") return this.#blocks.some(({ element }) => element === target);
    return target === this.#main;
  }

  #build() {
    this.#drawn.undo();
    this.#blocks = readBlocks(this.#main);
    this.#size = this.#currentSize;
    this.slides = split(...measured(this.#main, this.#blocks));
  }

  // A program has run, a figure was added, or the window has another size.
  #rebuild() {
    const [shown] = elementsOf(this.current).filter((element) => element.isConnected);
    const { scrollTop } = this.#main;
    this.#unobserved(() => {
      this.#build();
      this.number = shown ? Math.max(this.numberOf(shown), 0) : Math.min(this.number, this.slides.length - 1);
      this.#draw();
    });
    this.#main.scrollTop = scrollTop;
    this.#onChange();
  }

  // A slide with what a cover hides, and without the program that prints it, comes after the answer.
  #uncover() {
    const inPlace = coverOnSlideOfProgram(this.current);
    for (const { element } of this.current.blocks) {
      const cover = coverOf(element);
      if (cover && cover !== inPlace) buttonOf(cover).click();
    }
  }

  #draw() {
    this.#drawn.undo();
    const { heading, parents, blocks } = this.current;
    const drawn = this.#drawn;
    drawn.set(this.#main, "data-slide", kindOf(this.current));
    this.#label(heading?.element ?? this.#main);
    for (const { element, level } of parents) drawn.set(element, "data-slide", level === 1 ? "page" : "section");
    const shown = new Set([heading, ...parents, ...blocks]);
    for (const block of this.#blocks) {
      if (!shown.has(block)) drawn.set(block.element, "inert", "");
    }
    const cover = coverOnSlideOfProgram(this.current);
    for (const other of new Set(this.#blocks.map(({ element }) => coverOf(element)))) {
      if (other) drawn.set(other, ...(other === cover ? ["data-slide", "cover"] : ["inert", ""]));
    }
    this.#fit();
  }

  #label(heading) {
    if (heading !== this.#main) this.#drawn.set(heading, "data-slide", "heading");
    this.#drawn.set(heading, "aria-label", `${this.position}: ${titleOf(this.current)}`);
  }

  /** "Slide 3 of 12" */
  get position() {
    return `Slide ${this.number + 1} of ${this.slides.length}`;
  }

  #fit() {
    const { blocks } = this.current;
    const codes = blocks.flatMap(({ element }) => [...element.querySelectorAll("pre, pre > code")]);
    const scrolled = [this.#main, ...blocks.map(({ element }) => element), ...codes];
    const overflows = (element) =>
      element.checkVisibility() &&
      (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1);
    for (const { text, code } of blocks.some(({ kind }) => kind === "program") ? SIZES_WITH_PROGRAM : SIZES) {
      this.#drawn.style(this.#main, "--text-size", text);
      this.#drawn.style(this.#main, "--code-size", code);
      if (!scrolled.some(overflows)) break;
    }
    const heights = blocks.flatMap(({ element }) => [...element.querySelectorAll("svg.timeline")]).map(heightOf);
    this.#drawn.style(this.#main, "--figure-size", SCALE_OF_FIGURE * Math.max(0, ...heights));
  }
}

const heightOf = (svg) => svg.viewBox.baseVal?.height ?? 0;

/** The title of a slide: that of its section, and which part of it this is. */
export const titleOf = ({ heading, part, parts }) => {
  const title = heading?.element.textContent.trim() ?? document.title;
  return parts === 1 ? title : `${title} (${part} of ${parts})`;
};

/** The speaker's notes about a slide. Those about the heading are on the first slide of its section. */
export const notesOf = ({ heading, blocks, part }) => {
  const aboutHeading = part === 1 ? (heading?.notes ?? []) : [];
  return [...aboutHeading, ...blocks.flatMap(({ notes }) => notes)];
};

// What covers the output on a slide that has the program, too.
const coverOnSlideOfProgram = ({ blocks }) => {
  const [program, output] = ["program", "output"].map((kind) => blocks.find((block) => block.kind === kind));
  return program && output ? coverOf(output.element) : null;
};

const canScroll = (element, direction) => {
  const { scrollTop, scrollHeight, clientHeight } = element;
  if (!["auto", "scroll"].includes(getComputedStyle(element).overflowY)) return false;
  return direction < 0 ? scrollTop > 0 : scrollTop + clientHeight < scrollHeight - 1;
};
