//! Changes what mdBook has rendered: headings and links.

use std::collections::{BTreeMap, HashSet};

/// A heading of a rendered page.
#[derive(Debug, PartialEq)]
pub struct Heading {
    /// 1 is the title of the page.
    pub level: usize,
    /// What links to it name.
    pub id: String,
    /// Its text, as HTML.
    pub title: String,
}

/// The pages on which the targets of links are.
#[derive(Debug, Clone, PartialEq)]
pub enum PageNumbers {
    /// The document has not been printed yet. A number takes the place of each.
    Placeholders,
    /// As they were printed last.
    Known(BTreeMap<String, usize>),
}

impl PageNumbers {
    /// The number of the page on which a target is.
    pub fn of(&self, id: &str) -> Option<usize> {
        match self {
            Self::Placeholders => Some(10),
            Self::Known(numbers) => numbers.get(id).copied(),
        }
    }
}

/// What is known about the targets of links.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'t> {
    /// The pages of targets in the document; `None` if they are not known.
    pub numbers: Option<&'t PageNumbers>,
    /// The titles of pages of the book that are not in the document, by their names: `tasks.html`.
    pub titles: &'t BTreeMap<String, String>,
}

/// The headings of a page.
pub fn headings(html: &str) -> Vec<Heading> {
    let starts = html.match_indices("<h").filter_map(|(start, _)| {
        let rest = &html[start..];
        let level = rest.as_bytes().get(2)?.checked_sub(b'0')?;
        let (tag, inside) = rest.split_once('>')?;
        let (inside, _) = inside.split_once(&format!("</h{level}>"))?;
        Some(Heading {
            level: usize::from(level),
            id: attribute(tag, "id")?.to_owned(),
            title: without_links(inside),
        })
    });
    starts.collect()
}

/// The page with each heading moved down by one level.
pub fn demoted(html: &str) -> String {
    let mut html = html.to_owned();
    for level in (1..6).rev() {
        let below = level + 1;
        html = html.replace(&format!("<h{level} "), &format!("<h{below} "));
        html = html.replace(&format!("</h{level}>"), &format!("</h{below}>"));
    }
    html
}

/// HTML with the text of its links in place of the links.
pub fn without_links(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag, after)) = next_tag(rest, "<a ") {
        let (inside, next) = after.split_once("</a>").unwrap_or((after, ""));
        text.extend([before, inside]);
        debug_assert!(!tag.is_empty());
        rest = next;
    }
    text + rest
}

/// A page whose links can be followed on paper: after a link into the document is the number of the page, after one to another
/// page of the book its title, and after one to the web its address. Each is said once on a page.
pub fn with_references(html: &str, targets: Targets<'_>) -> String {
    let mut said = HashSet::new();
    let mut page = String::new();
    let mut rest = html;
    while let Some((before, tag, after)) = next_tag(rest, "<a ") {
        page += before;
        let Some((inside, next)) = after.split_once("</a>") else {
            page += tag;
            rest = after;
            continue;
        };
        rest = next;
        let target = attribute(tag, "href").unwrap_or_default();
        let is_heading = attribute(tag, "class") == Some("header");
        if is_heading || target.is_empty() {
            page += inside;
        } else if let Some(id) = target.strip_prefix('#') {
            page += &format!("<a href=\"#{id}\">{inside}</a>");
            if said.insert(id) {
                page += &page_number(targets.numbers, id);
            }
        } else if target.contains("://") {
            page += &format!("<a href=\"{target}\">{inside}</a>");
            let address = target.trim_start_matches("https://");
            if said.insert(target) {
                page += &format!(" <span class=\"address\">({address})</span>");
            }
        } else {
            page += inside;
            let file = target.split('#').next().unwrap_or_default();
            if let Some(title) = targets.titles.get(file)
                && !plain(inside).contains(&plain(title))
                && said.insert(title)
            {
                page += &format!(" <span class=\"see\">(see <cite>{title}</cite>)</span>");
            }
        }
    }
    page + rest
}

/// The reference to a page, if its number is known.
fn page_number(numbers: Option<&PageNumbers>, id: &str) -> String {
    let number = numbers.and_then(|numbers| numbers.of(id));
    number.map_or_else(String::new, |number| {
        format!("<span class=\"page\"> (p.&nbsp;{number})</span>")
    })
}

/// Text in a form in which titles are compared.
fn plain(html: &str) -> String {
    let mut text = html.to_lowercase();
    while let Some((before, _, after)) = next_tag(&text, "<") {
        text = format!("{before}{after}");
    }
    text
}

/// The next tag that begins like this, with what comes before and after it.
fn next_tag<'h>(html: &'h str, begins: &str) -> Option<(&'h str, &'h str, &'h str)> {
    let start = html.find(begins)?;
    let end = start + html[start..].find('>')? + 1;
    Some((&html[..start], &html[start..end], &html[end..]))
}

fn attribute<'h>(tag: &'h str, name: &str) -> Option<&'h str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    Some(value.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<h1 id=\"a\"><a class=\"header\" href=\"#a\"><code>A</code></a></h1>\n<p><a href=\"#b\">b</a>, \
                        <a href=\"#b\">again</a>, <a href=\"tasks.html#c\">a task</a>, <a href=\"https://x.org/y\">y</a>.</p>\n\
                        <h2 id=\"b\"><a class=\"header\" href=\"#b\">B</a></h2>";

    fn titles() -> BTreeMap<String, String> {
        BTreeMap::from([("tasks.html".to_owned(), "Tasks".to_owned())])
    }

    #[test]
    fn headings_are_found_and_moved_down() {
        let heading = |level, id: &str, title: &str| Heading {
            level,
            id: id.to_owned(),
            title: title.to_owned(),
        };
        let found = headings(PAGE);
        assert_eq!(
            found,
            [heading(1, "a", "<code>A</code>"), heading(2, "b", "B")]
        );
        let levels: Vec<_> = headings(&demoted(PAGE)).iter().map(|h| h.level).collect();
        assert_eq!(levels, [2, 3]);
    }

    #[test]
    fn each_link_says_once_where_it_leads() {
        let numbers = PageNumbers::Known(BTreeMap::from([("b".to_owned(), 7)]));
        let titles = titles();
        let targets = Targets {
            numbers: Some(&numbers),
            titles: &titles,
        };
        let expected = "<h1 id=\"a\"><code>A</code></h1>\n<p><a href=\"#b\">b</a><span class=\"page\"> (p.&nbsp;7)</span>, \
                        <a href=\"#b\">again</a>, a task <span class=\"see\">(see <cite>Tasks</cite>)</span>, \
                        <a href=\"https://x.org/y\">y</a> <span class=\"address\">(x.org/y)</span>.</p>\n<h2 id=\"b\">B</h2>";
        assert_eq!(with_references(PAGE, targets), expected);
    }

    #[test]
    fn a_link_that_names_its_page_or_whose_page_is_unknown_says_no_more() {
        let titles = titles();
        let targets = Targets {
            numbers: None,
            titles: &titles,
        };
        let html = "<a href=\"tasks.html\">spawned <em>tasks</em></a> <a href=\"#a\">a</a>";
        let expected = "spawned <em>tasks</em> <a href=\"#a\">a</a>";
        assert_eq!(with_references(html, targets), expected);
    }
}
