//! The page around the sections.

use base64::prelude::{BASE64_STANDARD, Engine};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// The colours of the book.
const COLOURS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../theme/css/variables.css"
));
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("sort.js");

/// A section of the page.
pub struct Section {
    /// Its anchor.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What is in it.
    pub body: Markup,
}

/// The whole page.
pub fn page(title: &str, date: &str, sections: &[Section]) -> String {
    let style = style();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(&style, SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                // It has names of students.
                meta name="robots" content="noindex";
                meta name="referrer" content="no-referrer";
                title { (title) ", " (date) }
                style { (PreEscaped(&style)) }
            }
            body {
                header {
                    h1 { (title) }
                    p { "Overview of the class, " (date) }
                    nav aria-label="Sections" {
                        ul { @for section in sections { li { a href={ "#" (section.id) } { (section.title) } } } }
                    }
                }
                main {
                    @for section in sections {
                        section #(section.id) aria-labelledby={ (section.id) "-title" } {
                            h2 #{ (section.id) "-title" } { (section.title) }
                            (section.body)
                        }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The style of the page.
pub fn style() -> String {
    format!("{COLOURS}\n{STYLE}")
}

/// A table that is scrolled where it is too wide, with the keyboard as well. `caption` is the id of what names it.
pub fn scrolled(caption: &str, table: &Markup) -> Markup {
    html! { div .scroll role="region" tabindex="0" aria-labelledby=(caption) { (table) } }
}

/// Only the style and the script of the page itself, and nothing that is loaded.
fn policy(style: &str, script: &str) -> String {
    let of = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        of(style),
        of(script)
    )
}
