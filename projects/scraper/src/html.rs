use crate::target::target;
use html5gum::{HtmlString, StartTag, Token, Tokenizer};
use std::collections::HashSet;
use url::Url;

/// How many links of one page are followed.
const MAX_LINKS: usize = 1_000;

/// How many characters of a title are kept.
const MAX_TITLE: usize = 200;

/// What was found in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html {
    /// Where the page is.
    pub url: Url,
    /// The page. Bytes that are not UTF-8 are replaced.
    pub text: String,
    /// Its title, without line breaks, cut to 200 characters.
    pub title: Option<String>,
    /// Where its links lead: each URL once, without its fragment, in the order of the page, up to 1,000.
    pub links: Vec<Url>,
}

impl Html {
    /// Reads a page. That takes time in proportion to its length, so a long page belongs on a thread for blocking work.
    #[must_use]
    pub fn parse(url: Url, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body).into_owned();
        let mut parser = Parser::new(&url);
        for Ok(token) in Tokenizer::new(&text) {
            parser.token(token);
        }
        let title = parser.title();
        let links = parser.links;
        Self {
            url,
            text,
            title,
            links,
        }
    }
}

/// Where the links of a page lead: each URL once, without its fragment, in the order of the page. `<base href>` is honored.
#[must_use]
pub fn links(url: &Url, page: &str) -> Vec<Url> {
    Html::parse(url.clone(), page.as_bytes()).links
}

struct Parser {
    base: Url,
    has_base: bool,
    in_title: bool,
    title: Option<String>,
    seen: HashSet<Url>,
    links: Vec<Url>,
}

impl Parser {
    fn new(url: &Url) -> Self {
        Self {
            base: url.clone(),
            has_base: false,
            in_title: false,
            title: None,
            seen: HashSet::new(),
            links: Vec::new(),
        }
    }

    fn token(&mut self, token: Token) {
        match token {
            Token::StartTag(tag) => self.start(&tag),
            Token::EndTag(tag) if tag.name.as_slice() == b"title" => self.in_title = false,
            Token::String(text) if self.in_title => {
                let title = self.title.get_or_insert_default();
                title.push_str(&String::from_utf8_lossy(&text));
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        match tag.name.as_slice() {
            b"title" => self.in_title = self.title.is_none(),
            b"base" if !self.has_base => {
                if let Some(base) = self.href(tag) {
                    self.base = base;
                    self.has_base = true;
                }
            }
            b"a" | b"area" => {
                let link = self.href(tag).and_then(target);
                self.links.extend(
                    link.filter(|link| {
                        self.seen.len() < MAX_LINKS && self.seen.insert(link.clone())
                    }),
                );
            }
            _ => {}
        }
    }

    fn href(&self, tag: &StartTag<()>) -> Option<Url> {
        let href: &HtmlString = tag.attributes.get(b"href".as_slice())?;
        self.base.join(&String::from_utf8_lossy(href)).ok()
    }

    fn title(&mut self) -> Option<String> {
        let words = self.title.take()?;
        let words: Vec<_> = words.split_whitespace().collect();
        Some(words.join(" ").chars().take(MAX_TITLE).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Vec<String> {
        let url = Url::parse("http://a.test/docs/page").expect("a URL");
        links(&url, page).into_iter().map(String::from).collect()
    }

    #[test]
    fn resolves_relative_links() {
        let page = "<a href=next>1</a> <a href='/top'>2</a> <A HREF=\"?q=1&amp;r=2\">3</A>";
        let expected = [
            "http://a.test/docs/next",
            "http://a.test/top",
            "http://a.test/docs/page?q=1&r=2",
        ];
        assert_eq!(found(page), expected);
    }

    #[test]
    fn lists_each_page_once() {
        assert_eq!(
            found("<a href=x#a><a href=x#b><a href=x>"),
            ["http://a.test/docs/x"]
        );
    }

    #[test]
    fn ignores_links_in_comments_and_other_schemes() {
        let page = "<!-- <a href=no> --><a href='mailto:a@b'><a href='javascript:x()'><a>";
        assert!(found(page).is_empty());
    }

    #[test]
    fn honours_the_first_base() {
        let page = "<base href='/other/'><base href='/third/'><a href=x>";
        assert_eq!(found(page), ["http://a.test/other/x"]);
    }

    #[test]
    fn keeps_at_most_a_thousand_links() {
        let page: String = (0..5_000).map(|n| format!("<a href={n}>")).collect();
        assert_eq!(found(&page).len(), MAX_LINKS);
    }

    #[test]
    fn reads_the_title() {
        let url = Url::parse("http://a.test").expect("a URL");
        let page = b"<title>Terms &amp;\n conditions</title><svg><title>icon</title></svg>";
        let html = Html::parse(url, page);
        assert_eq!(html.title.as_deref(), Some("Terms & conditions"));
    }

    #[test]
    fn survives_bytes_that_are_not_text() {
        let url = Url::parse("http://a.test").expect("a URL");
        let page = b"<title>\xff</title><a href='\xff\0'><a href=\"unclosed";
        assert_eq!(Html::parse(url, page).links.len(), 1);
    }
}
