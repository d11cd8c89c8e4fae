//! The document around the pages: a title, contents, chapters, answers and the cheat sheet.

use std::collections::BTreeMap;

use super::code::{ACROSS, END_OF_ACROSS, escaped};
use super::html::{Heading, PageNumbers, Targets, demoted, headings, with_references};
use crate::cli::Paper;

/// The style sheet of everything but the size of the paper and the running heads.
const STYLE: &str = include_str!("paper.css");

/// A single chapter begins on the page of the title and the contents, which has no head.
const ONE_CHAPTER: &str = "\
.cover, .contents { page: section-1; }
#section-1 { break-before: auto; }
@page section-1:first { @top-left { content: none; } }
";

/// Directly after a single chapter, the cheat sheet is on its last page if there is room.
const CHEAT_SHEET_BELOW: &str =
    "#section-2 { break-before: auto; break-inside: avoid; page: section-1; }\n";

/// How to read it, on the page of the contents.
const HOW_TO_READ: &str = include_str!("how_to_read.html");

/// A section that begins on a new page.
#[derive(Debug)]
pub struct Section {
    /// What the browser may set differently.
    pub kind: Kind,
    /// The pages of the book in it, as HTML. The first begins with the title of the section.
    pub pages: Vec<String>,
}

/// The kinds of sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The pages of a chapter.
    Chapter,
    /// The answers to the questions of a chapter.
    Answers,
    /// The cheat sheet.
    CheatSheet,
}

/// All that is printed.
#[derive(Debug)]
pub struct Document {
    /// The title of the book.
    pub title: String,
    /// The language of the book.
    pub language: String,
    /// The size of the paper.
    pub paper: Paper,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

impl Document {
    /// The document as HTML, in which links have the numbers of pages as far as they are known.
    pub fn html(&self, targets: Targets<'_>) -> String {
        let title = escaped(&self.title);
        let sections: String = (1..)
            .zip(&self.sections)
            .map(|(number, section)| section.html(number, targets))
            .collect();
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}: handout</title>\n<style>\n{}\
             </style>\n</head>\n<body>\n<section class=\"cover\">\n<h1>{title}</h1>\n\
             <p class=\"name\">Name: <span></span></p>\n</section>\n<section class=\"contents\">\n<h1>Contents</h1>\n<ul>{}</ul>\n{HOW_TO_READ}</section>\n{sections}</body>\n</html>\n",
            escaped(&self.language),
            self.style(),
            self.contents(targets.numbers),
        )
    }

    /// The style sheet with the paper, and a kind of page for each section, whose head has its title.
    fn style(&self) -> String {
        let size = match self.paper {
            Paper::A4 => "A4",
            Paper::Letter => "letter",
        };
        let mut style = format!("@page {{ size: {size}; }}\n{STYLE}");
        for (number, section) in (1..).zip(&self.sections) {
            let title = as_string(&section.title().title);
            style += &format!(
                "@page section-{number} {{ @top-left {{ content: {title}; }} }}\n\
                 #section-{number} {{ page: section-{number}; }}\n"
            );
        }
        let kinds: Vec<_> = self.sections.iter().map(|section| section.kind).collect();
        if kinds.iter().filter(|kind| **kind == Kind::Chapter).count() == 1 {
            style += ONE_CHAPTER;
        }
        if kinds == [Kind::Chapter, Kind::CheatSheet] {
            style += CHEAT_SHEET_BELOW;
        }
        style
    }

    fn contents(&self, numbers: Option<&PageNumbers>) -> String {
        self.sections
            .iter()
            .map(|section| {
                let pages = section
                    .pages
                    .iter()
                    .skip(1)
                    .filter(|_| section.kind == Kind::Chapter);
                let pages: String = pages
                    .flat_map(|page| listed(page))
                    .map(|heading| entry(&heading, numbers, ""))
                    .collect();
                entry(&section.title(), numbers, &format!("<ul>{pages}</ul>"))
            })
            .collect::<String>()
            .replace("<ul></ul>", "")
    }
}

impl Section {
    fn title(&self) -> Heading {
        let first = self.pages.first().map(|page| headings(page));
        let first = first.and_then(|headings| headings.into_iter().next());
        first.unwrap_or(Heading {
            level: 1,
            id: String::new(),
            title: String::new(),
        })
    }

    fn html(&self, number: usize, targets: Targets<'_>) -> String {
        let class = match self.kind {
            Kind::Chapter => "chapter",
            Kind::Answers => "answers",
            Kind::CheatSheet => "cheat-sheet",
        };
        let none = BTreeMap::new();
        let targets = match self.kind {
            // Its rows have no room for titles.
            Kind::CheatSheet => Targets {
                titles: &none,
                ..targets
            },
            _ => targets,
        };
        let mut pages = self.pages.iter().map(|page| {
            // The data of a figure is for the page in a browser.
            let page = without_elements(page, "<metadata ", ">").replace("</metadata>", "");
            across_columns(&with_references(&page, targets))
        });
        // The title goes across both columns.
        let first = pages.next().unwrap_or_default();
        let (title, first) = first.split_at(first.find("</h1>").map_or(0, |end| end + 5));
        let rest: String = pages.map(|page| demoted(&page)).collect();
        format!(
            "<section class=\"{class}\" id=\"section-{number}\">\n{title}\n<div class=\"columns\">{first}\n{rest}</div>\n</section>\n"
        )
    }
}

/// Ends the columns before what goes across them, and begins columns again after it.
fn across_columns(html: &str) -> String {
    html.replace(&format!("<div {ACROSS}=\"\"></div>"), "</div>")
        .replace(
            &format!("<div {END_OF_ACROSS}=\"\"></div>"),
            "<div class=\"columns\">",
        )
}

/// The titles of a page and of the exercises on it, which have a rule above them.
fn listed(page: &str) -> Vec<Heading> {
    let is_exercise = |heading: &Heading| {
        let exercise = format!("<hr>\n<h3 id=\"{}\"", heading.id);
        page.contains(&exercise)
    };
    let mut headings = headings(page);
    headings.retain(|heading| heading.level == 1 || is_exercise(heading));
    headings
}

fn entry(heading: &Heading, numbers: Option<&PageNumbers>, below: &str) -> String {
    let Heading { id, title, level } = heading;
    let number = numbers.map_or_else(String::new, |numbers| {
        let number = numbers.of(id);
        number.map_or_else(String::new, |number| number.to_string())
    });
    format!(
        "<li class=\"level-{level}\"><a href=\"#{id}\"><span class=\"entry\">{title}</span>\
         <span class=\"number\">{number}</span></a>{below}</li>"
    )
}

/// HTML as a string of CSS, without its tags.
fn as_string(html: &str) -> String {
    let text = without_elements(html, "<", ">");
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace("&amp;", "&");
    // A `<` would end the element with the style sheet.
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('<', "\\3c "))
}

fn without_elements(html: &str, begin: &str, end: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(begin) {
        text += before;
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    text + rest
}
