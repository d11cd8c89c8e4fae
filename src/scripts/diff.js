// The differences between two texts, as rows to be shown beside each other.

// With more pairs of lines than this, the lines between the first difference and the last are not compared: all of
// them count as different.
const MOST_PAIRS = 4_000_000;

// How many equal lines are shown before and after a difference.
const CONTEXT = 4;

/**
 * Compares two texts line by line. `left` and `right` have as many rows each: `{ text, differs }`, null where the
 * other side has a line that this one does not have, or `{ skipped }` for so many equal lines. `differences` says
 * how many lines differ, on both sides together.
 */
export const compareTexts = (leftText, rightText) => {
  const [left, right] = [linesOf(leftText), linesOf(rightText)];
  const [inLeft, inRight] = common(left, right);
  const rows = aligned([left, inLeft], [right, inRight]);
  const differences = [...inLeft, ...inRight].filter((isCommon) => !isCommon).length;
  return { ...withoutEqual(rows), differences };
};

const linesOf = (text) => text.replace(/\r?\n$/, "").split(/\r?\n/);

// For each line of both texts, whether it belongs to their longest common subsequence.
const common = (left, right) => {
  const inLeft = Array(left.length).fill(false);
  const inRight = Array(right.length).fill(false);
  let begin = 0;
  let [leftEnd, rightEnd] = [left.length, right.length];
  while (begin < Math.min(leftEnd, rightEnd) && left[begin] === right[begin]) {
    inLeft[begin] = true;
    inRight[begin] = true;
    begin += 1;
  }
  while (Math.min(leftEnd, rightEnd) > begin && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd -= 1;
    rightEnd -= 1;
    inLeft[leftEnd] = true;
    inRight[rightEnd] = true;
  }
  const [rows, columns] = [leftEnd - begin, rightEnd - begin];
  if (rows * columns > MOST_PAIRS) return [inLeft, inRight];

  // longest[i][j]: the length for the lines from i on the left and from j on the right.
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
      inLeft[begin + i] = true;
      inRight[begin + j] = true;
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

// Rows in which equal lines are at the same height.
const aligned = ([left, inLeft], [right, inRight]) => {
  const rows = { left: [], right: [] };
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const leftDiffers = i < left.length && !inLeft[i];
    const rightDiffers = j < right.length && !inRight[j];
    const areEqual = !leftDiffers && !rightDiffers;
    rows.left.push(leftDiffers || areEqual ? { text: left[i], differs: leftDiffers } : null);
    rows.right.push(rightDiffers || areEqual ? { text: right[j], differs: rightDiffers } : null);
    if (leftDiffers || areEqual) i += 1;
    if (rightDiffers || areEqual) j += 1;
  }
  return rows;
};

// One row in place of equal lines that are far from any difference.
const withoutEqual = ({ left, right }) => {
  const differs = left.map((row, index) => !row || !right[index] || row.differs || right[index].differs);
  const isNear = (index) => differs.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).includes(true);
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
