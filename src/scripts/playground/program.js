// What the Rust playground can run of the book's programs.

// Crates of the workbook, and those that the playground does not have.
const UNAVAILABLE = /\b(?:timeline|grading|exercises|tokio_test|loom)(?:::|\s*;)/;
const DRAWING = /^\s*(?:#\[timeline::lane\(.*\)\]|let _figure = timeline::figure\(.*\);)\s*$/gm;

/** The program without the lines that only draw. They become empty, so that the other lines keep their numbers. */
export const withoutDrawing = (program) => program.replace(DRAWING, "");

export const runsInPlayground = (program) => !UNAVAILABLE.test(withoutDrawing(program));
