//! Programs and outputs as HTML that fits a column.

use super::diagnostic;

/// How many characters of code fit into a column. A longer line is continued with an indent.
const COLUMN: usize = 68;

/// The lines of a program that may be continued in the next column, between two of its items: such a program would leave a
/// large part of a column empty, or does not fit into one.
const LONG_PROGRAM: usize = 32;

/// The attribute of an empty element at which the columns end, so that what follows goes across both.
pub const ACROSS: &str = "data-across";

/// The attribute of the one at which they begin again.
pub const END_OF_ACROSS: &str = "data-columns";

/// HTML that goes across both columns.
pub fn across(html: &str) -> String {
    format!("<div {ACROSS}=\"\"></div>\n\n{html}\n\n<div {END_OF_ACROSS}=\"\"></div>")
}

/// The lines that a page shows of a program: those that it hides begin with `# `.
pub fn visible(info: &str, lines: &[String]) -> Vec<String> {
    let is_rust = info == "rust" || info.starts_with("rust,");
    let mut visible: Vec<String> = Vec::new();
    for line in lines {
        let code = line.trim_start();
        if is_rust && (code == "#" || code.starts_with("# ")) {
            continue;
        }
        // A blank line on either side of hidden lines.
        if line.trim().is_empty() && visible.last().is_none_or(|last| last.trim().is_empty()) {
            continue;
        }
        visible.push(match code.strip_prefix("##") {
            Some(rest) if is_rust => line[..line.len() - code.len()].to_owned() + "#" + rest,
            _ => line.clone(),
        });
    }
    while visible.last().is_some_and(|last| last.trim().is_empty()) {
        visible.pop();
    }
    visible
}

/// A stub in which each paragraph and each list item of a doc comment is one line, so that it is broken where the column
/// ends.
pub fn with_whole_comments(lines: &[&str]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for line in lines {
        match (whole.last_mut(), continuation(line)) {
            (Some(last), Some(text)) if is_comment_with_text(last) => {
                last.push(' ');
                last.push_str(text);
            }
            _ => whole.push((*line).to_owned()),
        }
    }
    whole
}

/// The text of a line that may continue the paragraph or the list item in the line above.
fn continuation(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("/// ")?;
    let text = text.strip_prefix("  ").unwrap_or(text);
    let begins = text.starts_with(['-', '#', '|', ' ']) || text.starts_with("```");
    (!begins).then_some(text)
}

fn is_comment_with_text(line: &str) -> bool {
    let text = line.trim_start().strip_prefix("/// ");
    text.is_some_and(|text| !text.starts_with(['#', '|']) && !text.starts_with("```"))
}

/// A program. What continues a line that is too long is indented.
pub fn program(lines: &[String]) -> String {
    if lines.len() < LONG_PROGRAM {
        let code = wrapped(lines);
        return format!("<pre class=\"program\"><code>{code}</code></pre>");
    }
    let items = items(lines).into_iter();
    let items: String = items
        .map(|item| format!("<code>{}</code>", wrapped(item)))
        .collect();
    format!("<pre class=\"program long-program\">{items}</pre>")
}

/// The items of a program: functions, types. Each ends with the blank line below it. A long one is several, where it has
/// blank lines of its own.
fn items(lines: &[String]) -> Vec<&[String]> {
    let items = paragraphs(lines, |below| !below.starts_with(' ')).into_iter();
    let items = items.flat_map(|item| match item.len() {
        LONG_PROGRAM.. => paragraphs(item, |below| !below.starts_with("     ")),
        _ => vec![item],
    });
    items.collect()
}

/// Lines, divided where a line that begins a new part is below a blank line.
fn paragraphs(lines: &[String], begins: impl Fn(&str) -> bool) -> Vec<&[String]> {
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for (at, pair) in lines.windows(2).enumerate() {
        if pair[0].is_empty() && begins(&pair[1]) {
            paragraphs.push(&lines[start..=at]);
            start = at + 1;
        }
    }
    paragraphs.push(&lines[start..]);
    paragraphs
}

/// What a program prints, or what the compiler says about it, with a label if it has one. What is drawn cannot be broken: if it
/// is too wide, it goes across both columns.
pub fn output(label: &str, lines: &[String]) -> String {
    let html = |text: &str| format!("<pre class=\"output\">{label}<code>{text}</code></pre>");
    let is_wide = lines.iter().any(|line| line.chars().count() > COLUMN);
    if !is_wide || !is_drawn(lines) {
        return html(&wrapped(lines));
    }
    match diagnostic::narrowed(lines, COLUMN) {
        Some(lines) => html(&wrapped(&lines)),
        None => across(&html(&escaped(&lines.join("\n")))),
    }
}

/// Whether characters of one line are below those of another for a reason, as in a compile error, a table or a timeline.
fn is_drawn(lines: &[String]) -> bool {
    let draws = |line: &&String| {
        line.contains(['│', '─', '■', '●']) || line.contains("^^") || line.contains(" --> ")
    };
    lines.iter().any(|line| draws(&line))
}

fn wrapped(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| {
        let indent = line.len() - line.trim_start().len();
        let text = escaped(line.trim_start());
        let blanks = " ".repeat(indent);
        if text.is_empty() {
            "<span class=\"blank\">\n</span>".to_owned()
        } else if closes(line) {
            format!("<span class=\"closing\">{blanks}{text}\n</span>")
        } else if line.chars().count() > COLUMN {
            let hang = indent + 4;
            // No line ends after them.
            let blanks = "\u{a0}".repeat(indent);
            format!(
                "<span class=\"long\" style=\"padding-left:{hang}ch;text-indent:-{hang}ch\">{blanks}{text}\n</span>"
            )
        } else {
            format!("{blanks}{text}\n")
        }
    });
    lines.collect()
}

/// Whether a line only ends what earlier lines began. It takes less height.
fn closes(line: &str) -> bool {
    let text = line.trim_start();
    text.starts_with(['}', ')', ']']) && text.chars().all(|c| "})]?;,".contains(c))
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn hidden_lines_are_left_out() {
        let text = "# use a;\n#\n\nfn a() {\n    # b();\n\n#\n\n    #[c]\n    ## d\n}\n\n# x\n";
        let shown = "fn a() {\n\n    #[c]\n    # d\n}";
        assert_eq!(visible("rust,should_panic", &lines(text)).join("\n"), shown);
        let python = "# a comment\nprint(1)";
        assert_eq!(visible("python", &lines(python)).join("\n"), python);
    }

    #[test]
    fn a_paragraph_of_a_doc_comment_is_one_line() {
        let stub = [
            "struct A {",
            "    /// One",
            "    /// two.",
            "    ///",
            "    /// # Errors",
            "    ///",
            "    /// - a",
            "    ///   `b`",
            "    /// - c",
            "    b: u8,",
        ];
        let whole = [
            "struct A {",
            "    /// One two.",
            "    ///",
            "    /// # Errors",
            "    ///",
            "    /// - a `b`",
            "    /// - c",
            "    b: u8,",
        ];
        assert_eq!(with_whole_comments(&stub), whole);
    }

    #[test]
    fn a_long_line_of_a_program_is_continued_with_an_indent() {
        let long = format!("  let a = \"{}\";", "x".repeat(COLUMN));
        let html = program(&lines(&format!("if a < b {{\n{long}")));
        assert!(html.contains("<code>if a &lt; b {\n<span"), "{html}");
        assert!(
            html.contains("padding-left:6ch;text-indent:-6ch\">\u{a0}\u{a0}let a"),
            "{html}"
        );
    }

    #[test]
    fn a_wide_drawing_is_broken_where_it_can_be_or_goes_across_both_columns() {
        let of = |width| output("", &lines(&format!("1 | {} ■", "x".repeat(width - 6))));
        assert!(of(COLUMN).starts_with("<pre class=\"output\"><code>"));
        assert!(
            of(COLUMN + 1)
                .starts_with("<div data-across=\"\"></div>\n\n<pre class=\"output\"><code>")
        );
        let error = output("", &lines(&format!("{}\n --> x", "x ".repeat(COLUMN))));
        assert!(error.starts_with("<pre class=\"output\"><code>"), "{error}");
        let text = output("", &lines(&"x".repeat(COLUMN + 1)));
        assert!(text.contains("class=\"long\""), "{text}");
    }

    #[test]
    fn a_program_that_is_longer_than_most_columns_may_be_continued_between_its_items() {
        let function = "fn a() {\n    b();\n\n    c();\n}\n\n";
        let short = program(&lines(&function.repeat(5)));
        assert_eq!(short.matches("<code>").count(), 1);
        let long = program(&lines(&function.repeat(8)));
        assert_eq!(long.matches("<code>fn a() {").count(), 8);
        assert_eq!(long.matches("<code>").count(), 8);
    }
}
