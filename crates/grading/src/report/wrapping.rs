//! Text broken into lines that fit a terminal.

/// No line of a report is wider than this.
pub(crate) const COLUMNS: usize = 80;

/// `text` with no line wider than [`COLUMNS`], broken between words, with a line break after each line.
pub(super) fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        if width(line) <= COLUMNS {
            lines.push_str(line.trim_end());
            lines.push('\n');
        } else {
            wrap_line(line, &mut lines);
        }
    }
    lines
}

fn wrap_line(line: &str, lines: &mut String) {
    let mut column = 0;
    for word in line.split_whitespace().flat_map(pieces) {
        if column > 0 && column + 1 + width(word) > COLUMNS {
            lines.push('\n');
            column = 0;
        }
        if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += width(word);
    }
    lines.push('\n');
}

/// Cuts a word that is wider than a line, such as a long list without spaces.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let cut = rest
            .char_indices()
            .nth(COLUMNS)
            .map_or(rest.len(), |(cut, _)| cut);
        let (piece, remaining) = rest.split_at(cut);
        rest = remaining;
        (!piece.is_empty()).then_some(piece)
    })
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, width, wrapped};

    #[test]
    fn a_sentence_that_fits_stays_on_one_line() {
        let exactly = "x".repeat(COLUMNS);
        assert_eq!(wrapped(&exactly), format!("{exactly}\n"));
    }

    #[test]
    fn a_long_sentence_is_broken_between_words() {
        let sentence = "word ".repeat(40);
        let lines = wrapped(&sentence);
        assert_eq!(lines.split_whitespace().count(), 40);
        assert!(lines.lines().all(|line| width(line) <= COLUMNS), "{lines}");
        assert_eq!(lines.lines().count(), 3);
    }

    #[test]
    fn short_lines_keep_their_breaks_and_indents() {
        let message = "assertion failed\n  left: 1\n right: 2";
        assert_eq!(wrapped(message), format!("{message}\n"));
    }

    #[test]
    fn a_word_wider_than_a_line_is_cut() {
        let lines = wrapped(&format!("é: {}", "ä".repeat(200)));
        assert!(lines.lines().all(|line| width(line) <= COLUMNS), "{lines}");
        assert_eq!(lines.matches('ä').count(), 200);
    }
}
