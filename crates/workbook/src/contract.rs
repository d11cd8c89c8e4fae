//! The contract of an exercise: the doc comment of its stub.

use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};

use crate::answers;

/// What the stub of an exercise says.
#[derive(Debug)]
pub struct Contract {
    /// The doc comment, as HTML.
    pub html: String,
    /// The stub without its doc comment.
    pub signature: String,
}

impl Contract {
    /// The contract of an exercise from `stub`, the text that its chapter's file starts from.
    pub fn of(exercise: &str, stub: &str) -> Self {
        let item = answers::items_of(stub, exercise).unwrap_or_default();
        let (comment, signature) = split_doc_comment(&item);
        Self {
            html: to_html(&comment),
            signature,
        }
    }
}

/// Splits an item into its doc comment and its code.
fn split_doc_comment(item: &str) -> (String, String) {
    let (mut comment, mut code) = (String::new(), String::new());
    for line in item.lines() {
        match line.trim_start().strip_prefix("///") {
            // A comment after the first line of code belongs to a field.
            Some(text) if code.is_empty() => {
                comment += text.strip_prefix(' ').unwrap_or(text);
                comment.push('\n');
            }
            _ => {
                code += line;
                code.push('\n');
            }
        }
    }
    (comment, code)
}

/// Renders the workbook's own Markdown as HTML. Links to the crate's documentation do not work on a page, so only their
/// text is shown. A heading such as `# Errors` becomes a line in bold, because its level would not fit the page.
pub fn to_html(markdown: &str) -> String {
    let markdown = without_doc_links(markdown);
    let mut page = String::new();
    let events = Parser::new(&markdown).flat_map(|event| match event {
        Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link) => Vec::new(),
        Event::Start(Tag::Heading { .. }) => {
            vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]
        }
        Event::End(TagEnd::Heading(_)) => {
            vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]
        }
        event => vec![event],
    });
    html::push_html(&mut page, events);
    page
}

/// A doc comment without its links to code: of ``[`stop`](Self::stop)`` it leaves `` `stop` ``.
pub fn without_doc_links(comment: &str) -> String {
    let mut plain = String::new();
    let mut rest = comment;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, after)) = after.split_once("`]") else {
            break;
        };
        plain.extend([before, "`", name, "`"]);
        let target = after.strip_prefix('(').and_then(|t| t.split_once(')'));
        rest = target.map_or(after, |(_, after)| after);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::{split_doc_comment, to_html, without_doc_links};

    #[test]
    fn the_doc_comment_of_an_item_is_its_contract() {
        let (comment, code) = split_doc_comment(
            "/// Adds [`One`].\n///\n/// Twice.\nstruct A {\n    /// b\n    b: u8,\n}",
        );
        assert_eq!(comment, "Adds [`One`].\n\nTwice.\n");
        assert_eq!(code, "struct A {\n    /// b\n    b: u8,\n}\n");
        let html = "<p>Adds <code>One</code>.</p>\n<p>Twice.</p>\n";
        assert_eq!(to_html(&comment), html);
    }

    #[test]
    fn a_heading_in_a_contract_is_not_a_heading_of_the_page() {
        let html = "<p><strong>Errors</strong></p>\n<p>If it is late.</p>\n";
        assert_eq!(to_html("# Errors\n\nIf it is late.\n"), html);
    }

    #[test]
    fn links_to_the_documentation_leave_their_text() {
        let comment = "[`stop`](Self::stop) ends [`drain`], not [the others](self).";
        let plain = "`stop` ends `drain`, not [the others](self).";
        assert_eq!(without_doc_links(comment), plain);
        let html = "<p><code>stop</code> ends <code>drain</code>, not the others.</p>\n";
        assert_eq!(to_html(comment), html);
        assert_eq!(without_doc_links("sizes [`1, 2"), "sizes [`1, 2");
    }
}
