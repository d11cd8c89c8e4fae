// What the Rust playground can run of the book's programs.

// Crates of the workbook, those that the playground does not have, and those of programs that need a network.
const UNAVAILABLE =
  /\b(?:timeline|grading|exercises|tokio_test|loom|chat|orders|scraper|axum|reqwest|sqlx|tokio_tungstenite)(?:::|\s*;)/;
const DRAWING = /^\s*(?:#\[timeline::lane\(.*\)\]|let _figure = timeline::figure\(.*\);)\s*$/gm;

/** The program without the lines that only draw. They become empty, so that the other lines keep their numbers. */
export const withoutDrawing = (program) => program.replace(DRAWING, "");

export const runsInPlayground = (program) => !UNAVAILABLE.test(withoutDrawing(program));
