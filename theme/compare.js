// `workbook.compare(left, right)` shows two texts beside each other, with the lines that differ marked.
// Each is `{ title, text }`.
"use strict";

{
  // More pairs of lines than this are not compared: everything between the first and the last line that
  // differ counts as different then.
  const MOST_PAIRS = 4_000_000;

  // For each line of both texts whether the other one has it too, at a place that keeps the order: a
  // longest common subsequence.
  const common = (left, right) => {
    const inLeft = Array(left.length).fill(false);
    const inRight = Array(right.length).fill(false);
    let begin = 0;
    let [leftEnd, rightEnd] = [left.length, right.length];
    while (begin < Math.min(leftEnd, rightEnd) && left[begin] === right[begin]) {
      inLeft[begin] = inRight[begin] = true;
      begin += 1;
    }
    while (Math.min(leftEnd, rightEnd) > begin && left[leftEnd - 1] === right[rightEnd - 1]) {
      leftEnd -= 1;
      rightEnd -= 1;
      inLeft[leftEnd] = inRight[rightEnd] = true;
    }
    const [rows, columns] = [leftEnd - begin, rightEnd - begin];
    if (rows * columns > MOST_PAIRS) return [inLeft, inRight];

    // longest[i][j]: of the lines from i on the left and from j on the right.
    const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
    for (let i = rows - 1; i >= 0; i -= 1) {
      for (let j = columns - 1; j >= 0; j -= 1) {
        longest[i][j] =
          left[begin + i] === right[begin + j]
            ? longest[i + 1][j + 1] + 1
            : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    for (let i = 0, j = 0; i < rows && j < columns; ) {
      if (left[begin + i] === right[begin + j]) {
        inLeft[begin + i] = inRight[begin + j] = true;
        i += 1;
        j += 1;
      } else if (longest[i + 1][j] >= longest[i][j + 1]) {
        i += 1;
      } else {
        j += 1;
      }
    }
    return [inLeft, inRight];
  };

  // So many lines that are equal are shown before and after those that differ.
  const AROUND = 4;

  // Empty rows on both sides, so that lines that are equal stand at the same height.
  const aligned = ([left, inLeft], [right, inRight]) => {
    const rows = { left: [], right: [] };
    for (let i = 0, j = 0; i < left.length || j < right.length; ) {
      const leftDiffers = i < left.length && !inLeft[i];
      const rightDiffers = j < right.length && !inRight[j];
      const both = !leftDiffers && !rightDiffers;
      rows.left.push(leftDiffers || both ? { text: left[i], differs: leftDiffers } : null);
      rows.right.push(rightDiffers || both ? { text: right[j], differs: rightDiffers } : null);
      if (leftDiffers || both) i += 1;
      if (rightDiffers || both) j += 1;
    }
    return rows;
  };

  // A row that stands for those that are equal on both sides and far from any that differ.
  const shortened = ({ left, right }) => {
    const differs = left.map((row, index) => !row || !right[index] || row.differs || right[index].differs);
    const isNear = (index) => differs.slice(Math.max(0, index - AROUND), index + AROUND + 1).includes(true);
    const rows = { left: [], right: [] };
    for (let begin = 0; begin < left.length; ) {
      let end = begin;
      while (end < left.length && !isNear(end)) end += 1;
      if (end - begin > 1) {
        const skipped = { skipped: end - begin };
        rows.left.push(skipped);
        rows.right.push(skipped);
      } else {
        end = begin + 1;
        rows.left.push(left[begin]);
        rows.right.push(right[begin]);
      }
      begin = end;
    }
    return rows;
  };

  const lines = (text) => text.replace(/\r?\n$/, "").split(/\r?\n/);

  const shown = (row) => {
    if (row === null) return workbook.element("span", { class: "compare-gap", "aria-hidden": "true" });
    if (row.skipped) {
      return workbook.element("span", { class: "compare-skipped" }, `(${row.skipped} lines that are the same)\n`);
    }
    return workbook.element("span", { class: row.differs ? "compare-differs" : null }, `${row.text}\n`);
  };

  const side = (title, rows) =>
    workbook.element(
      "div",
      { class: "compare-side" },
      workbook.element("p", { class: "compare-title" }, title),
      workbook.element(
        "pre",
        { tabindex: "0", role: "group", "aria-label": title },
        workbook.element(
          "code",
          {},
          rows.map(shown),
        ),
      ),
    );

  const count = (rows) => rows.filter((row) => row?.differs).length;

  const sentence = (left, right) => {
    const differ = left + right;
    if (differ === 0) return "Both are the same.";
    return `${differ} ${differ === 1 ? "line differs" : "lines differ"}, marked at the left edge.`;
  };

  workbook.compare = (left, right) => {
    const [leftLines, rightLines] = [lines(left.text), lines(right.text)];
    const [inLeft, inRight] = common(leftLines, rightLines);
    const all = aligned([leftLines, inLeft], [rightLines, inRight]);
    const rows = shortened(all);
    return workbook.element(
      "div",
      { class: "compare", same: JSON.stringify([left, right]) },
      workbook.element("p", {}, sentence(count(all.left), count(all.right))),
      workbook.element("div", { class: "compare-sides" }, side(left.title, rows.left), side(right.title, rows.right)),
    );
  };
}
