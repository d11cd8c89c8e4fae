//! Texts that come from students, for people to read.

use autograder::visible::visible;
use maud::{Markup, html};

/// The width at which `grading` breaks the lines of its reports.
const COLUMNS: usize = 80;

/// How lines begin that never continue the line before.
const BEGINNINGS: &[&str] = &["The smallest case found", "This usually means", "Read on: "];

/// No report is shown in more characters.
const LONGEST_REPORT: usize = 2_000;

/// The mark of a text whose end is left out.
const CUT: &str = "…";

/// A text on one line, in at most `limit` characters. Control characters are visible.
pub fn line(text: &str, limit: usize) -> String {
    // A text of a megabyte is not read to its end.
    let start: String = text.chars().take(4 * limit).collect();
    let words: Vec<_> = start.split_whitespace().collect();
    cut(&visible(&words.join(" ")), limit)
}

/// A text of several lines, in at most `limit` characters. Control characters are visible.
pub fn block(text: &str, limit: usize) -> String {
    let start: String = text.chars().take(limit + 1).collect();
    cut(&visible(&start), limit)
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).collect::<String>() + CUT
}

/// The parts of a report.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// What was seen and what that usually means. Only lines that are whole end.
    pub sentences: String,
    /// Where to read on, in the book.
    pub read_on: Option<String>,
}

impl Report {
    /// Takes a report apart.
    pub fn parse(report: &str) -> Self {
        let report = block(report, LONGEST_REPORT);
        let (mut sentences, mut read_on) = (String::new(), None);
        let mut lines = report.lines().map(str::trim_end).peekable();
        while let Some(text) = lines.next() {
            if let Some(page) = text.strip_prefix("Read on: book/") {
                read_on = Some(page.to_owned()).filter(|page| is_page(page));
                continue;
            }
            sentences += text;
            let is_broken = lines.peek().is_some_and(|next| continues(text, next));
            sentences.push(if is_broken { ' ' } else { '\n' });
        }
        Self {
            sentences: sentences.trim_end().to_owned(),
            read_on,
        }
    }

    /// The first sentence.
    pub fn first_sentence(&self) -> &str {
        let end = |mark: &str| self.sentences.find(mark);
        let ends = [end(". "), end(".\n")]
            .into_iter()
            .flatten()
            .map(|at| at + 1);
        let end = ends.chain(end("\n\n")).min();
        &self.sentences[..end.unwrap_or(self.sentences.len())]
    }
}

/// Whether a line was broken because of its width: the first word of the next one would not have fitted.
fn continues(line: &str, next: &str) -> bool {
    let word = next.split(' ').next().unwrap_or_default();
    let width = line.chars().count() + 1 + word.chars().count();
    let is_begin = BEGINNINGS.iter().any(|begin| next.starts_with(begin));
    width > COLUMNS && !line.is_empty() && !word.is_empty() && !is_begin
}

/// Whether this is a page of the book, and nothing that an answer has made up.
fn is_page(page: &str) -> bool {
    let (file, anchor) = page.split_once('#').unwrap_or((page, ""));
    let plain = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    file.strip_suffix(".html")
        .is_some_and(|name| !name.is_empty() && plain(name))
        && plain(anchor)
}

/// Text with the code in it marked as code.
pub fn prose(text: &str) -> Markup {
    let parts: Vec<_> = text.split('`').collect();
    // With an odd number of backticks it is not known what is code.
    if parts.len() % 2 == 0 {
        return html! { (text) };
    }
    html! {
        @for (index, part) in parts.into_iter().enumerate() {
            @if index % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

/// The book, at an address. If that is empty, nothing is linked.
#[derive(Clone, Copy)]
pub struct Book<'a>(pub &'a str);

impl Book<'_> {
    /// A link to a page of it; only the text, if it has no such page.
    pub fn link(self, page: &str, text: &Markup) -> Markup {
        if !is_page(page) || self.0.is_empty() {
            return text.clone();
        }
        let base = self.0.trim_end_matches('/');
        html! { a href={ (base) "/" (page) } { (text) } }
    }

    /// A link that says where to read on.
    pub fn read_on(self, page: Option<&str>) -> Markup {
        html! {
            @if let Some(page) = page {
                p .read-on { "Read on: " (self.link(page, &html! { (page) })) }
            }
        }
    }
}

/// How many there are: `1 student`, `2 students`.
pub fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// A number that a submission says about itself, which may be anything.
pub fn number(number: u64) -> String {
    if number > 9_999 {
        "> 9999".to_owned()
    } else {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Book, Report, block, is_page, line};
    use maud::html;

    #[test]
    fn lines_that_were_broken_for_a_terminal_are_joined() {
        let report = "9 jobs of 40 ms with 3 workers should take 120 ms, 3 jobs at a time. They took\n\
                      360 ms.\nIt returned:\n  [1, 2]\nRead on: book/queues.html#workers\n";
        let expected = Report {
            sentences: "9 jobs of 40 ms with 3 workers should take 120 ms, 3 jobs at a time. They took 360 ms.\n\
                        It returned:\n  [1, 2]"
                .to_owned(),
            read_on: Some("queues.html#workers".to_owned()),
        };
        let parsed = Report::parse(report);
        assert_eq!(parsed, expected);
        assert_eq!(
            parsed.first_sentence(),
            "9 jobs of 40 ms with 3 workers should take 120 ms, 3 jobs at a time."
        );
    }

    #[test]
    fn only_pages_of_the_book_are_linked() {
        assert!(is_page("gather.html#join_all") && is_page("gather.html"));
        for page in [
            "",
            ".html",
            "javascript:alert(1)//.html",
            "../gather.html",
            "//evil.example/gather.html",
            "gather.html?x#y",
            "gather.html#\"><script>",
        ] {
            assert!(!is_page(page), "{page}");
            let link = Book("book/").link(page, &html! { (page) });
            assert!(!link.into_string().contains("href"), "{page}");
        }
        let link = Book("https://example.org/book").link("gather.html", &html! { "Gather" });
        assert_eq!(
            link.into_string(),
            "<a href=\"https://example.org/book/gather.html\">Gather</a>"
        );
    }

    #[test]
    fn long_texts_are_cut_and_controls_are_visible() {
        assert_eq!(line(&"x".repeat(10_000), 5), "xxxx…");
        assert_eq!(line("a\n\u{202e}b\t c", 40), "a <U+202E>b c");
        assert_eq!(block("a\nb", 3), "a\nb");
        assert_eq!(block("a\nbc", 3), "a\n…");
    }
}
