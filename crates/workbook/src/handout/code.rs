//! Programs and outputs as HTML that fits a column.

/// How many characters of code fit into a column. A longer line is continued with an indent.
const COLUMN: usize = 62;

/// How many fit if the type is as small as it may be. Longer lines of an output go across both columns, because a table or
/// a compile error that is broken cannot be read.
const SMALL: usize = 74;

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

/// A stub in which each paragraph of a doc comment is one line, so that it is broken where the column ends.
pub fn with_whole_comments(lines: &[&str]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for line in lines {
        let text = line.trim_start().strip_prefix("/// ");
        let continues = text.is_some_and(|text| !text.starts_with(['-', '#', '|', '`', ' ']));
        match whole.last_mut() {
            Some(last) if continues && is_comment_with_text(last) => {
                last.push(' ');
                last.push_str(text.unwrap_or_default());
            }
            _ => whole.push((*line).to_owned()),
        }
    }
    whole
}

fn is_comment_with_text(line: &str) -> bool {
    let text = line.trim_start().strip_prefix("/// ");
    text.is_some_and(|text| !text.starts_with(['#', '|']))
}

/// A program. What continues a line that is too long is indented.
pub fn program(lines: &[String]) -> String {
    format!(
        "<pre class=\"program\"><code>{}</code></pre>",
        wrapped(lines)
    )
}

/// What a program prints, or what the compiler says about it, below a label if it has one. What is drawn cannot be broken: if it
/// is too wide, it is set smaller, or goes across both columns.
pub fn output(label: &str, lines: &[String]) -> String {
    let width = lines.iter().map(|line| line.chars().count()).max();
    let width = width.unwrap_or(0);
    if width <= COLUMN || !is_drawn(lines) {
        let text = wrapped(lines);
        return format!("{label}<pre class=\"output\"><code>{text}</code></pre>");
    }
    let text = escaped(&lines.join("\n"));
    if width > SMALL {
        return across(&format!(
            "{label}<pre class=\"output\"><code>{text}</code></pre>"
        ));
    }
    let percent = COLUMN * 100 / width;
    let style = format!("font-size:calc(var(--code) * {percent} / 100)");
    format!("{label}<pre class=\"output\"><code style=\"{style}\">{text}</code></pre>")
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
        } else if line.chars().count() > COLUMN {
            let hang = indent + 4;
            format!(
                "<span class=\"long\" style=\"padding-left:{hang}ch;text-indent:-{hang}ch\">{blanks}{text}\n</span>"
            )
        } else {
            format!("{blanks}{text}\n")
        }
    });
    lines.collect()
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
            "    ///   b",
            "    /// - c",
            "    b: u8,",
        ];
        let whole = [
            "struct A {",
            "    /// One two.",
            "    ///",
            "    /// # Errors",
            "    ///",
            "    /// - a",
            "    ///   b",
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
            html.contains("padding-left:6ch;text-indent:-6ch\">  let a"),
            "{html}"
        );
    }

    #[test]
    fn a_wide_drawing_is_set_smaller_or_across_both_columns() {
        let of = |width| output("", &lines(&format!("{} --> x", "x".repeat(width - 6))));
        assert!(of(COLUMN).starts_with("<pre class=\"output\"><code>"));
        assert!(of(SMALL).contains("* 83 / 100"));
        assert!(
            of(SMALL + 1)
                .starts_with("<div data-across=\"\"></div>\n\n<pre class=\"output\"><code>")
        );
        let text = output("", &lines(&"x".repeat(SMALL + 1)));
        assert!(text.contains("class=\"long\""), "{text}");
    }
}
