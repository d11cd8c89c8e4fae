//! Formats verdicts, lists and errors for a terminal.
//!
//! The text contains colour codes; `anstream` removes them if the output is not a
//! terminal or `NO_COLOR` is set.

pub mod describe;
pub mod diagnostics;
pub mod diff;
pub mod full_screen;
pub mod list;
pub mod report;
pub mod spinner;
pub mod style;

use std::io::{ErrorKind, Write};

use anyhow::Result;

/// The width of text, which is that of the timelines.
pub const WIDTH: usize = 80;

/// Prints text to standard output, with colours if it is a terminal.
///
/// # Errors
///
/// As [`write()`].
pub fn print(text: &str) -> Result<()> {
    write(&mut anstream::stdout().lock(), text)
}

/// Writes text to standard output. It is not an error if the reader has closed the pipe.
///
/// # Errors
///
/// If the text cannot be written for another reason.
pub fn write(stdout: &mut impl Write, text: &str) -> Result<()> {
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints a line to standard error, if it is read.
pub fn print_error(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints a notice to standard error, if there is one.
pub fn warn(notice: Option<String>) {
    if let Some(notice) = notice {
        print_error(&wrapped(&style::warning(&notice)));
    }
}

/// An error and its causes as a sequence of sentences.
pub fn sentences(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let message = cause.to_string();
        // Some errors include the message of their cause.
        if text.contains(message.trim_end()) {
            continue;
        }
        if !text.is_empty() {
            text.push(if message.contains('\n') { '\n' } else { ' ' });
        }
        text += message.trim_end();
        if !message.contains('\n') && !text.ends_with(['.', '?', '!', ':']) {
            text.push('.');
        }
    }
    text
}

/// Wraps text to 80 columns.
pub fn wrapped(text: &str) -> String {
    // Names and commands are not broken, so that they can be found and copied.
    let options = textwrap::Options::new(WIDTH)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::fill(text, options)
}

/// Wraps text to 80 columns, and colours code in backticks.
pub fn paragraph(text: &str) -> String {
    style::highlight_code(&wrapped(text))
}

/// Commands to type, each on a line of its own with its purpose.
pub fn command_list(lines: &[(&str, &str)]) -> String {
    let width = lines
        .iter()
        .map(|(command, _)| command.chars().count())
        .max()
        .unwrap_or(0);
    let line = |(command, what): &(&str, &str)| {
        let gap = " ".repeat(width - command.chars().count());
        let command = style::command(&format!("cargo workbook {command}"));
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
    fn formats_an_error_and_its_causes_as_sentences() {
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
    fn does_not_break_commands() {
        let text = "a ".repeat(30) + "`exercises/src/a-very-long-name-of-a-file-here.rs`";
        assert!(
            wrapped(&text)
                .lines()
                .any(|line| line.starts_with("`exercises"))
        );
    }
}
