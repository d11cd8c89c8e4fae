//! Chapters and exercises by the names that people type.

use anyhow::{Result, bail};
use autograder::manifest::{Chapter, Exercise, Manifest};
use strsim::normalized_damerau_levenshtein as alike;

/// From here on two names are alike enough to ask whether one was meant.
const ALIKE: f64 = 0.6;

/// An exercise and the chapter that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Place<'m> {
    /// The chapter.
    pub chapter: &'m Chapter,
    /// The exercise.
    pub exercise: &'m Exercise,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub enum Named<'m> {
    /// A whole chapter.
    Chapter(&'m Chapter),
    /// One exercise.
    Exercise(Place<'m>),
}

impl Place<'_> {
    /// The name to type: `gather/fetch_all`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.chapter.slug(), self.exercise.name())
    }

    /// Where the book speaks of it: `gather-exercises.html#fetch_all`. A heading's anchor has small letters.
    pub fn page(&self) -> String {
        let (slug, name) = (self.chapter.slug(), self.exercise.name().to_lowercase());
        format!("{slug}-exercises.html#{name}")
    }

    /// The file that holds the answer, relative to the root.
    pub fn file(&self) -> String {
        autograder::file_of(self.chapter)
    }
}

/// All exercises, in the order of the book.
pub fn all(manifest: &Manifest) -> Vec<Place<'_>> {
    let chapters = manifest.chapters.iter();
    chapters.flat_map(of_chapter).collect()
}

/// The exercises of one chapter.
pub fn of_chapter(chapter: &Chapter) -> impl Iterator<Item = Place<'_>> {
    let exercises = chapter.exercises.iter();
    exercises.map(move |exercise| Place { chapter, exercise })
}

/// What `typed` stands for: a chapter, `chapter/exercise`, or an exercise whose name only one chapter
/// has. `-` and `_` are the same.
///
/// # Errors
///
/// If there is none or more than one; the message says which was meant, as far as that can be guessed.
pub fn find<'m>(manifest: &'m Manifest, typed: &str) -> Result<Named<'m>> {
    let wanted = plain(typed);
    let mut chapters = manifest.chapters.iter();
    if let Some(chapter) = chapters.find(|chapter| plain(chapter.slug()) == wanted) {
        return Ok(Named::Chapter(chapter));
    }
    let all = all(manifest);
    let is_meant =
        |place: &&Place<'_>| [plain(&place.name()), plain(place.exercise.name())].contains(&wanted);
    match *all.iter().filter(is_meant).collect::<Vec<_>>() {
        [place] => Ok(Named::Exercise(*place)),
        [] => bail!(unknown(manifest, typed)),
        ref several => {
            let names: Vec<_> = several
                .iter()
                .map(|place| format!("`{}`", place.name()))
                .collect();
            bail!(
                "`{typed}` is the name of {} exercises. Say which: {}.",
                names.len(),
                names.join(" or ")
            )
        }
    }
}

fn unknown(manifest: &Manifest, typed: &str) -> String {
    let wanted = plain(typed);
    let chapters = manifest.chapters.iter().map(|chapter| {
        let slug = chapter.slug();
        (alike(&wanted, &plain(slug)), slug.to_owned())
    });
    let exercises = all(manifest).into_iter().map(|place| {
        let name = place.name();
        let short = plain(place.exercise.name());
        (
            alike(&wanted, &plain(&name)).max(alike(&wanted, &short)),
            name,
        )
    });
    let nearest = chapters.chain(exercises).max_by(|a, b| a.0.total_cmp(&b.0));
    let what = if wanted.contains('/') {
        "exercise"
    } else {
        "chapter or exercise"
    };
    match nearest.filter(|(likeness, _)| *likeness >= ALIKE) {
        Some((_, name)) => format!("There is no {what} `{typed}`. Did you mean `{name}`?"),
        None => format!("There is no {what} `{typed}`. `cargo workbook list` shows them all."),
    }
}

/// A name without what people vary.
fn plain(name: &str) -> String {
    let name = name.trim().trim_end_matches('/').replace("::", "/");
    name.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let chapter = |slug: &str, exercises: &[&str]| {
            let exercises: String = exercises
                .iter()
                .map(|name| {
                    format!(
                        "[[chapter.exercise]]\nname = \"{name}\"\ntitle = \"\"\nminutes = 1\n\
                         teaches = \"\"\nhints = []\n"
                    )
                })
                .collect();
            format!("[[chapter]]\nslug = \"{slug}\"\ntitle = \"\"\n{exercises}")
        };
        let text = chapter("gather", &["fetch_all", "settle"])
            + &chapter("event-loop", &["settle", "Timer"]);
        Manifest::parse(&text).expect("a manifest")
    }

    #[track_caller]
    fn finds(typed: &str, name: &str) {
        let manifest = manifest();
        let found = match find(&manifest, typed).expect(typed) {
            Named::Chapter(chapter) => chapter.slug().to_owned(),
            Named::Exercise(place) => place.name(),
        };
        assert_eq!(found, name);
    }

    #[track_caller]
    fn says(typed: &str, message: &str) {
        let manifest = manifest();
        let error = find(&manifest, typed).expect_err(typed);
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        finds("gather", "gather");
        finds("gather/", "gather");
        finds("gather/fetch_all", "gather/fetch_all");
        finds("gather/fetch-all", "gather/fetch_all");
        finds("gather::fetch_all", "gather/fetch_all");
        finds("fetch_all", "gather/fetch_all");
        finds("event_loop", "event-loop");
        finds("Event-Loop/timer", "event-loop/Timer");
    }

    #[test]
    fn a_name_that_several_have_is_asked_back() {
        says(
            "settle",
            "`settle` is the name of 2 exercises. Say which: `gather/settle` or `event-loop/settle`.",
        );
    }

    #[test]
    fn a_name_that_nobody_has_brings_up_the_nearest() {
        says(
            "gather/fetchall",
            "There is no exercise `gather/fetchall`. Did you mean `gather/fetch_all`?",
        );
        says(
            "fetchal",
            "There is no chapter or exercise `fetchal`. Did you mean `gather/fetch_all`?",
        );
        says(
            "gathr",
            "There is no chapter or exercise `gathr`. Did you mean `gather`?",
        );
        says(
            "",
            "There is no chapter or exercise ``. `cargo workbook list` shows them all.",
        );
        says(
            "x/y",
            "There is no exercise `x/y`. `cargo workbook list` shows them all.",
        );
    }
}
