// Without this script the rows are in the order of the names.
for (const head of document.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sort(head.dataset.sort));
}

const bodies = [...document.querySelectorAll("table.map tbody")].map((body) => ({ body, rows: [...body.rows] }));
const first = bodies[0]?.rows ?? [];
const inOrder = [...first.keys()];
const byPoints = [...inOrder].sort((a, b) => first[b].dataset.points - first[a].dataset.points);

function sort(by) {
  const order = by === "points" ? byPoints : inOrder;
  for (const { body, rows } of bodies) body.append(...order.map((index) => rows[index]));
  for (const head of document.querySelectorAll("th[data-sort]")) {
    if (head.dataset.sort === by) head.setAttribute("aria-sort", by === "points" ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}
