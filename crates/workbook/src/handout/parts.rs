//! The parts of a page's Markdown that paper treats in different ways.

/// A part of a page.
#[derive(Debug, PartialEq)]
pub enum Part {
    /// A heading, without its number signs.
    Heading { level: usize, text: String },
    /// A fenced block.
    Code { info: String, lines: Vec<String> },
    /// What a page folds, without its summary: the answer to a question.
    Answer(String),
    /// Any other block: a paragraph, a list, a table, a figure.
    Text(String),
}

/// What the first line of a page or a section says if it is off the core path.
const DEEP_DIVE: &str = "Deep dive.**";

/// The parts of a page. Comments are left out.
pub fn parts(markdown: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text: Vec<&str> = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let part = if let Some(info) = line.strip_prefix("```") {
            let lines = lines.by_ref().take_while(|line| *line != "```");
            Some(Part::Code {
                info: info.to_owned(),
                lines: lines.map(str::to_owned).collect(),
            })
        } else if line == "<details>" {
            let inside = lines.by_ref().take_while(|line| *line != "</details>");
            let inside: Vec<_> = inside
                .filter(|line| !line.starts_with("<summary>"))
                .collect();
            Some(Part::Answer(inside.join("\n").trim().to_owned()))
        } else {
            heading(line)
        };
        if part.is_none() && !line.trim().is_empty() {
            text.push(line);
            continue;
        }
        parts.extend(text_of(&mut text));
        parts.extend(part);
    }
    parts.extend(text_of(&mut text));
    parts
}

fn heading(line: &str) -> Option<Part> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = text.strip_prefix(' ')?.to_owned();
    (1..=6)
        .contains(&level)
        .then_some(Part::Heading { level, text })
}

fn text_of(lines: &mut Vec<&str>) -> Option<Part> {
    let text = std::mem::take(lines).join("\n");
    let is_comment = text.starts_with("<!--") && text.ends_with("-->");
    (!text.is_empty() && !is_comment).then_some(Part::Text(text))
}

/// What is on the core path: everything but the pages and sections whose first line says that they are deep dives.
pub fn core_path(parts: Vec<Part>) -> Vec<Part> {
    let mut kept = Vec::new();
    // The level of the heading whose section is being left out.
    let mut left_out: Option<usize> = None;
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        if let Part::Heading { level, .. } = part
            && left_out.is_none_or(|outer| level <= outer)
        {
            let is_deep = parts.peek().is_some_and(is_deep_dive);
            left_out = is_deep.then_some(level);
        }
        if left_out.is_none() {
            kept.push(part);
        }
    }
    kept
}

fn is_deep_dive(part: &Part) -> bool {
    matches!(part, Part::Text(text) if text.lines().next().is_some_and(|line| line.contains(DEEP_DIVE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_split_into_its_parts() {
        let page = "# Tides\n\nHigh water\nat noon.\n\n```rust\nfn main() {\n\n}\n```\n\n<!-- report: x -->\n```text\n1\n```\n\n\
                    <details>\n<summary>Answer</summary>\n\nAt *noon*.\n\n```text\n# 2\n```\n\n</details>\n\n- a\n- b\n";
        let code = |info: &str, lines: &[&str]| Part::Code {
            info: info.to_owned(),
            lines: lines.iter().map(|line| line.to_string()).collect(),
        };
        let expected = [
            Part::Heading {
                level: 1,
                text: "Tides".to_owned(),
            },
            Part::Text("High water\nat noon.".to_owned()),
            code("rust", &["fn main() {", "", "}"]),
            code("text", &["1"]),
            Part::Answer("At *noon*.\n\n```text\n# 2\n```".to_owned()),
            Part::Text("- a\n- b".to_owned()),
        ];
        assert_eq!(parts(page), expected);
    }

    #[test]
    fn pages_and_sections_that_begin_as_deep_dives_are_left_out() {
        let core = |page: &str| -> Vec<String> {
            let texts = core_path(parts(page)).into_iter();
            let texts = texts.map(|part| match part {
                Part::Heading { text, .. } | Part::Text(text) => text,
                other => panic!("{other:?}"),
            });
            texts.collect()
        };
        assert!(core("# A\n\n**Deep dive.** B\n\n## C\n\nD\n").is_empty());
        let page = "# A\n\nB\n\n## C\n\n**25 minutes. Deep dive.** D\n\n### E\n\nF\n\n## G\n\nA **Deep dive**\n";
        assert_eq!(core(page), ["A", "B", "G", "A **Deep dive**"]);
    }
}
