//! Verdicts, lists and errors, put into words for a terminal.
//!
//! Everything here makes text with colours in it; `anstream` takes them out again where the output is no
//! terminal or `NO_COLOR` is set.

pub mod diff;
pub mod list;
pub mod paint;
pub mod report;
pub mod waiting;
pub mod words;

/// As wide as the timelines.
pub const WIDTH: usize = 80;

/// An error and its causes, as sentences one after the other.
pub fn sentences(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let said = cause.to_string();
        // Some errors repeat their cause in their own words.
        if text.contains(said.trim_end()) {
            continue;
        }
        if !text.is_empty() {
            text.push(if said.contains('\n') { '\n' } else { ' ' });
        }
        text += said.trim_end();
        if !said.contains('\n') && !text.ends_with(['.', '?', '!', ':']) {
            text.push('.');
        }
    }
    text
}

/// Text of whole sentences in lines that a terminal of 80 columns shows whole.
pub fn wrapped(text: &str) -> String {
    // Names and commands are looked for with the eye, and copied: they stay in one piece.
    let options = textwrap::Options::new(WIDTH)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::fill(text, options)
}

/// Sentences in lines, their code, in backticks, coloured.
pub fn paragraph(text: &str) -> String {
    paint::with_code(&wrapped(text))
}

/// Commands to type, each on a line of its own with what it is for.
pub fn commands(lines: &[(&str, &str)]) -> String {
    let width = lines
        .iter()
        .map(|(command, _)| command.chars().count())
        .max()
        .unwrap_or(0);
    let line = |(command, what): &(&str, &str)| {
        let gap = " ".repeat(width - command.chars().count());
        let command = paint::command(&format!("cargo workbook {command}"));
        format!("  {command}{gap}   {what}\n")
    };
    lines.iter().map(line).collect()
}

/// `1 exercise`, `2 exercises`.
pub fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn an_error_is_one_or_two_sentences() {
        let error = anyhow!("No such file or directory (os error 2)")
            .context("book.toml could not be read.");
        assert_eq!(
            sentences(&error),
            "book.toml could not be read. No such file or directory (os error 2)."
        );
        let repeated = anyhow!("It is full.").context("It could not be written. It is full.");
        assert_eq!(sentences(&repeated), "It could not be written. It is full.");
        let shown = anyhow!("  |\n1 | x\n").context("It has a mistake.");
        assert_eq!(sentences(&shown), "It has a mistake.\n  |\n1 | x");
    }

    #[test]
    fn commands_are_not_torn_apart() {
        let text = "a ".repeat(30) + "`exercises/src/a-very-long-name-of-a-file-here.rs`";
        assert!(
            wrapped(&text)
                .lines()
                .any(|line| line.starts_with("`exercises"))
        );
    }
}
