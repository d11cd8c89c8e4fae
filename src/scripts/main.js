// The entry: everything that the pages do beyond what mdBook's own scripts do. Each part looks for its elements
// on the page and adds to them; where nothing serves the page, the parts that need the tool add nothing.
import "./timeline.js";
import "./program.js";
import "./exercise.js";
import "./progress.js";
