//! The tests of a reader of lines.

use exercises::testing::test_line_reader;

use super::line_readers::{Fake, Kind};
use super::*;

const fn program(kind: Kind, does: &'static str, usually: &'static str) -> Program<Kind> {
    Program {
        kind,
        does,
        usually,
    }
}

const PROGRAMS: Programs<Kind> = Programs {
    right: &[
        program(Kind::Right, "reads as much as has arrived.", ""),
        program(Kind::SmallReads, "reads a few bytes at a time.", ""),
    ],
    wrong: &[
        program(
            Kind::NoLastLine,
            "it loses a last line without a `\\n`.",
            "no test has an input that does not end in `\\n`.",
        ),
        program(
            Kind::SkipsEmpty,
            "it skips empty lines.",
            "no test has an empty line between two others.",
        ),
        program(
            Kind::KeepsCr,
            "it returns the `\\r` of `\\r\\n`.",
            "no test has a line that ends in `\\r\\n`.",
        ),
        program(
            Kind::EndIsALine,
            "it returns an empty line at the end of an input that ends in `\\n`.",
            "no test has an input that ends in `\\n`, and reads up to `None`.",
        ),
        program(
            Kind::LosesTheRest,
            "it loses what has arrived in the same piece after a `\\n`.",
            "no test has two lines in one piece.",
        ),
        program(
            Kind::PieceIsALine,
            "it takes the end of a piece for the end of a line.",
            "no test has a line that arrives in two pieces.",
        ),
        program(
            Kind::CrInAnotherPiece,
            "it returns the `\\r` of `\\r\\n` if the `\\n` arrives in the next piece.",
            "no test splits its input between `\\r` and `\\n`.",
        ),
        program(
            Kind::CharacterInPieces,
            "it breaks a character whose bytes arrive in two pieces.",
            "no test splits its input inside a character of several bytes.",
        ),
        program(
            Kind::Trims,
            "it removes the blanks at the end of a line.",
            "no test has a line that ends in a blank.",
        ),
        program(
            Kind::RemovesAllCr,
            "it removes every `\\r` at the end of a line.",
            "no test has a line that ends in `\\r\\r\\n`.",
        ),
        program(
            Kind::CutsLongLines,
            "it makes two lines of one that is longer than 1,024 bytes.",
            "no test has a long line.",
        ),
        program(
            Kind::WaitsForMore,
            "it returns a line only when something after it has arrived.",
            "no test lets time pass after a `\\n`, and compares the instant at which the line is returned.",
        ),
        program(
            Kind::LosesOnDrop,
            "it loses the beginning of a line if the future of `next_line` is dropped.",
            "no test drops a call in the middle of a line, for example in a `timeout`.",
        ),
        program(
            Kind::ErrorIsTheEnd,
            "it returns `None` if reading fails.",
            "no test has an input that fails.",
        ),
        program(
            Kind::OtherError,
            "when reading fails, it returns an error of another kind.",
            "no test compares the kind of the error.",
        ),
        program(
            Kind::ErrorFirst,
            "it loses the lines that have arrived before an error.",
            "no test has several lines in the piece before an error, and reads all of them.",
        ),
        program(
            Kind::EndsOnce,
            "its `next_line` returns `None` once at the end of the input, and waits forever after that.",
            "no test calls `next_line` again after `None`.",
        ),
        program(
            Kind::RemovesLastCr,
            "it removes a `\\r` at the end of the input, which no `\\n` follows.",
            "no test has an input that ends in `\\r`.",
        ),
    ],
    read: "testing-io.html#a-script-for-a-reader",
};

#[test]
fn passes_programs_that_keep_the_contract() {
    PROGRAMS.right_ones_pass(async |kind, case| {
        test_line_reader(|input| Fake::new(kind, input, &case)).await;
    });
}

#[test]
fn fails_programs_that_break_it() {
    PROGRAMS.wrong_ones_fail(async |kind, case| {
        test_line_reader(|input| Fake::new(kind, input, &case)).await;
    });
}
