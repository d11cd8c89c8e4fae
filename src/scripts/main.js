// The entry: everything that the pages do beyond what mdBook's own scripts do. Each part looks for its elements on the
// page and adds to them. What needs the tool does nothing where the tool does not serve the page.
import { connect } from "./connection.js";
import { addExercises } from "./exercise.js";
import { breakNames } from "./names.js";
import { addPresent } from "./present.js";
import { addPrograms } from "./program.js";
import { addProgress } from "./progress.js";
import { addSearch, highlightMatches } from "./search.js";
import { addTimelines } from "./timeline.js";

const PARTS = [
  addSearch,
  addTimelines,
  addPrograms,
  addExercises,
  addProgress,
  addPresent,
  connect,
  highlightMatches,
  breakNames,
];

for (const start of PARTS) {
  start();
  // The next part has a task of its own, so that the page can respond to the reader before it.
  await new Promise((resolve) => setTimeout(resolve));
}
