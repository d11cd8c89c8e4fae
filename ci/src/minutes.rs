//! How long the chapters take: the manifest has the minutes of each page and exercise, and all other times follow from these.

use std::collections::BTreeMap;

use anyhow::Result;
use autograder::manifest::{Chapter, Exercise, Manifest};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::Project;

/// The minutes of each page, for scripts: an object with the addresses of the pages, relative to the book's root.
pub const FILE: &str = "src/teaching/minutes.json";

/// What marks a page, or the section of an exercise, that the core path leaves out.
const DEEP_DIVE: &str = "Deep dive.";

/// The minutes of one chapter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChapterMinutes {
    /// To read the pages of the core path.
    pub core_path: u32,
    /// To solve the exercises of the core path.
    pub exercises: u32,
}

impl ChapterMinutes {
    /// Adds up the pages and exercises of a chapter that are no deep dives.
    ///
    /// # Errors
    ///
    /// If a page cannot be read.
    pub fn of(project: &Project, chapter: &Chapter) -> Result<Self> {
        let mut minutes = Self::default();
        for page in &chapter.pages {
            if !is_deep_dive(&project.read(&page.path())?) {
                minutes.core_path += page.minutes;
            }
        }
        let page = project.read(&format!("src/{}-exercises.md", chapter.slug()))?;
        let core = |exercise: &&Exercise| !is_deep_dive(section(&page, exercise));
        minutes.exercises = chapter
            .exercises
            .iter()
            .filter(core)
            .map(|exercise| exercise.minutes)
            .sum();
        Ok(minutes)
    }

    /// Adds those of another chapter.
    pub fn add(&mut self, other: Self) {
        self.core_path += other.core_path;
        self.exercises += other.exercises;
    }
}

/// Minutes as a page states them: to the nearest five.
pub fn stated(minutes: u32) -> u32 {
    (minutes + 2) / 5 * 5
}

/// Whether the first paragraph below the heading says that this is a deep dive.
pub fn is_deep_dive(markdown: &str) -> bool {
    let mut first = String::new();
    let mut inside = false;
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(Tag::Paragraph) => inside = true,
            Event::End(TagEnd::Paragraph) => break,
            Event::Text(words) if inside => first.push_str(&words),
            _ => {}
        }
    }
    first.contains(DEEP_DIVE)
}

/// The section of an exercise on its page, heading included; empty if there is none.
fn section<'a>(page: &'a str, exercise: &Exercise) -> &'a str {
    let anchor = format!("{{#{}}}\n", exercise.name().to_lowercase());
    let Some(place) = page.find(&anchor) else {
        return "";
    };
    let heading = page[..place].rfind('\n').map_or(0, |end| end + 1);
    &page[heading..]
}

/// The text of [`FILE`].
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn json(manifest: &Manifest) -> Result<String> {
    let pages = manifest.chapters.iter().flat_map(|chapter| &chapter.pages);
    let minutes: BTreeMap<_, _> = pages
        .map(|page| (format!("{}.html", page.name()), page.minutes))
        .collect();
    Ok(serde_json::to_string_pretty(&minutes)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_minutes_to_the_nearest_five() {
        let stated: Vec<_> = [42, 43, 45, 47, 48].into_iter().map(stated).collect();
        assert_eq!(stated, [40, 45, 45, 45, 50]);
    }

    #[test]
    fn a_deep_dive_says_so_in_its_first_paragraph() {
        assert!(is_deep_dive("# Title\n\n**Deep dive.** More.\n"));
        assert!(is_deep_dive(
            "### `join2`\n\n**25 minutes. Deep dive.** More.\n"
        ));
        assert!(!is_deep_dive("# Title\n\nWords.\n\n**Deep dive.** More.\n"));
    }
}
