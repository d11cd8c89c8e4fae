// `<workbook-output>`: what one run of a program gave, as it comes: its output, the compiler's words, and the guess
// that the reader made before.
"use strict";

{
  // Text is put into blocks of this size, because a browser lays out a whole block again for each addition.
  const BLOCK = 16 * 1024;
  // More than this at once, and the page would no longer answer to keys meanwhile.
  const PER_FRAME = 8 * BLOCK;

  const { element } = workbook;
  let labels = 0;

  class Output extends HTMLElement {
    #printed;
    #beside;
    #problems;
    #warnings;
    #waiting = [];
    #frame = 0;
    // By stream, whole: this is compared with the book.
    text = { stdout: "", stderr: "" };

    connectedCallback() {
      this.hidden = true;
    }

    // Forgets the run before. `guess` stands beside the output if it is not empty.
    begin(guess) {
      cancelAnimationFrame(this.#frame);
      this.#waiting = [];
      this.#frame = 0;
      this.text = { stdout: "", stderr: "" };
      this.#beside = element("div", { class: "output-beside" });
      this.#problems = element("div");
      this.#warnings = null;
      this.#printed = null;
      if (guess !== "") this.#beside.append(this.#titled("Your guess", element("pre", {}, guess)));
      this.replaceChildren(this.#problems, this.#beside);
      this.hidden = guess === "";
    }

    write(stream, text) {
      this.text[stream] += text;
      this.#waiting.push({ stream, text });
      // One change of the page for each frame, however fast a program prints.
      this.#frame ||= requestAnimationFrame(() => this.#print());
    }

    warning(diagnostic, onLine) {
      this.#warnings ??= this.#fold();
      this.#warnings.append(this.#diagnostic(diagnostic, onLine));
      const count = this.#warnings.childElementCount - 1;
      this.#warnings.firstElementChild.textContent = count === 1 ? "1 warning" : `${count} warnings`;
      this.hidden = false;
    }

    errors(errors, onLine) {
      this.#problems.append(...errors.map((error) => this.#diagnostic(error, onLine)));
      this.hidden = false;
    }

    // A remark under the output, with a link to a place on the page.
    remark(words, target) {
      this.append(element("p", { class: "output-remark" }, element("a", { href: `#${target}` }, words)));
      this.hidden = false;
    }

    #titled(title, pre) {
      const label = element("p", { class: "output-title", id: `output-title-${++labels}` }, title);
      pre.tabIndex = 0;
      pre.setAttribute("role", "group");
      pre.setAttribute("aria-labelledby", label.id);
      return element("div", {}, label, pre);
    }

    #fold() {
      const warnings = element("details", { class: "output-warnings" }, element("summary"));
      this.#problems.after(warnings);
      return warnings;
    }

    #diagnostic({ line, rendered, message, level }, onLine) {
      const attributes = { class: `output-${level}`, tabindex: 0, role: "group", "aria-label": message };
      const words = element("pre", attributes, rendered.trimEnd());
      const place = element("div", { class: "output-diagnostic" });
      if (line !== null) {
        const go = element("button", { type: "button" }, `Line ${line}`);
        go.addEventListener("click", () => onLine(line));
        place.append(go);
      }
      place.append(words);
      return place;
    }

    #print() {
      this.#frame = 0;
      if (!this.#printed) {
        this.#printed = element("pre", { class: "output-printed" });
        this.#beside.append(this.#titled("Your run", this.#printed));
        this.hidden = false;
      }
      const pre = this.#printed;
      const atEnd = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 4;
      this.#nextPieces().forEach(({ stream, text }) => this.#append(stream, text));
      // Whoever reads further up is left there.
      if (atEnd && pre.clientHeight < pre.scrollHeight) pre.scrollTop = pre.scrollHeight;
      if (this.#waiting.length > 0) this.#frame = requestAnimationFrame(() => this.#print());
    }

    // As much of what waits as one frame can take, with neighbours of one stream as one text.
    #nextPieces() {
      const pieces = [];
      let length = 0;
      while (this.#waiting.length > 0 && length < PER_FRAME) {
        const { stream, text } = this.#waiting[0];
        const piece = text.slice(0, PER_FRAME - length);
        if (pieces.at(-1)?.stream === stream) pieces.at(-1).text += piece;
        else pieces.push({ stream, text: piece });
        length += piece.length;
        if (piece === text) this.#waiting.shift();
        else this.#waiting[0] = { stream, text: text.slice(piece.length) };
      }
      return pieces;
    }

    #append(stream, text) {
      let rest = text;
      while (rest !== "") {
        const last = this.#printed.lastElementChild;
        const length = last?.textContent.length ?? 0;
        // Blocks end with a line; a line that never ends is cut all the same.
        const full = length >= 4 * BLOCK || (length >= BLOCK && last.textContent.endsWith("\n"));
        const block = last?.className === stream && !full
          ? last
          : this.#printed.appendChild(element("span", { class: stream }));
        const room = BLOCK - (block === last ? length : 0);
        const lineEnd = rest.indexOf("\n", Math.max(room, 0));
        const cut = lineEnd === -1 || lineEnd > room + 2 * BLOCK ? Math.max(room, BLOCK) : lineEnd + 1;
        block.append(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
    }
  }

  customElements.define("workbook-output", Output);
}
