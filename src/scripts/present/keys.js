// What the keys do while slides are shown. Clickers send Page Up and Page Down.

const ACTIONS = new Map([
  ["ArrowRight", "next"],
  ["PageDown", "next"],
  ["ArrowLeft", "previous"],
  ["PageUp", "previous"],
  ["Home", "first"],
  ["End", "last"],
  ["ArrowDown", "down"],
  ["ArrowUp", "up"],
  ["Escape", "leave"],
  ["n", "notes"],
  ["p", "leave"],
]);
const OF_GRIDS = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];

/**
 * The action of a key, or null. `place` is what has the focus: a "field", which takes every key but Escape; a "grid",
 * which takes the arrow keys, Home and End; a "control" such as a button, which takes Space; or the "page".
 */
export const actionOf = ({ key, shiftKey, altKey, ctrlKey, metaKey }, place = "page") => {
  if (key === "Enter" && (ctrlKey || metaKey) && place !== "field") return "run";
  if (altKey || ctrlKey || metaKey) return null;
  if (place === "field") return key === "Escape" ? "leave-field" : null;
  if (place === "grid" && OF_GRIDS.includes(key)) return null;
  if (key !== " ") return ACTIONS.get(key.length === 1 ? key.toLowerCase() : key) ?? null;
  if (place === "control") return null;
  return shiftKey ? "previous" : "next";
};
