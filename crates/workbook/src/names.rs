//! Finds chapters and exercises by the names that people type.

use std::borrow::Cow;

use anyhow::{Result, bail};
use autograder::manifest::{Chapter, Exercise, Manifest};
use strsim::normalized_damerau_levenshtein as similarity;

/// The minimal similarity of a name that is suggested.
const MIN_SIMILARITY: f64 = 0.6;

/// A name with more characters is not compared with others, because that takes time, and is not repeated in full.
const LONGEST: usize = 100;

/// An exercise, and the chapter that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct ExerciseRef<'m> {
    /// The chapter.
    pub chapter: &'m Chapter,
    /// The exercise.
    pub exercise: &'m Exercise,
}

/// What a name refers to.
#[derive(Debug, Clone, Copy)]
pub enum Selection<'m> {
    /// A whole chapter.
    Chapter(&'m Chapter),
    /// One exercise.
    Exercise(ExerciseRef<'m>),
}

impl ExerciseRef<'_> {
    /// The name to type: `gather/fetch_all`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.chapter.slug(), self.exercise.name())
    }

    /// The place in the book that describes it: `gather-exercises.html#fetch_all`. mdBook's anchors are in lower
    /// case.
    pub fn page(&self) -> String {
        let (slug, name) = (self.chapter.slug(), self.exercise.name().to_lowercase());
        format!("{slug}-exercises.html#{name}")
    }

    /// The file that contains the answer, relative to the root.
    pub fn file(&self) -> String {
        autograder::file_of(self.chapter)
    }
}

/// All exercises, in the order of the book.
pub fn all(manifest: &Manifest) -> Vec<ExerciseRef<'_>> {
    let chapters = manifest.chapters.iter();
    chapters.flat_map(of_chapter).collect()
}

/// The exercises of one chapter.
pub fn of_chapter(chapter: &Chapter) -> impl Iterator<Item = ExerciseRef<'_>> {
    let exercises = chapter.exercises.iter();
    exercises.map(move |exercise| ExerciseRef { chapter, exercise })
}

/// What `typed` refers to: a chapter, `chapter/exercise`, or an exercise whose name only one chapter
/// has. `-` and `_` are interchangeable.
///
/// # Errors
///
/// If there is none or more than one; the message suggests a name.
pub fn find<'m>(manifest: &'m Manifest, typed: &str) -> Result<Selection<'m>> {
    let wanted = normalized(typed);
    let mut chapters = manifest.chapters.iter();
    if let Some(chapter) = chapters.find(|chapter| normalized(chapter.slug()) == wanted) {
        return Ok(Selection::Chapter(chapter));
    }
    let all = all(manifest);
    let is_meant = |exercise: &&ExerciseRef<'_>| {
        [
            normalized(&exercise.name()),
            normalized(exercise.exercise.name()),
        ]
        .contains(&wanted)
    };
    match *all.iter().filter(is_meant).collect::<Vec<_>>() {
        [exercise] => Ok(Selection::Exercise(*exercise)),
        [] => bail!(unknown(manifest, typed)),
        ref several => {
            let names: Vec<_> = several
                .iter()
                .map(|exercise| format!("`{}`", exercise.name()))
                .collect();
            bail!(
                "{} exercises are called `{typed}`. Use the full name: {}.",
                names.len(),
                names.join(" or ")
            )
        }
    }
}

/// The chapters that were `typed`, each once, or all of them if none was. `what` is made of whole chapters: "A handout".
///
/// # Errors
///
/// Those of [`find`], and if one is an exercise.
pub fn chapters<'m>(
    manifest: &'m Manifest,
    typed: &[String],
    what: &str,
) -> Result<Vec<&'m Chapter>> {
    if typed.is_empty() {
        return Ok(manifest.chapters.iter().collect());
    }
    let mut chapters: Vec<&Chapter> = Vec::new();
    for name in typed {
        let Selection::Chapter(chapter) = find(manifest, name)? else {
            bail!("`{name}` is an exercise. {what} has whole chapters.");
        };
        if chapters.iter().all(|other| other.slug() != chapter.slug()) {
            chapters.push(chapter);
        }
    }
    Ok(chapters)
}

fn unknown(manifest: &Manifest, typed: &str) -> String {
    let typed = match shortened(typed) {
        Cow::Borrowed(typed) => typed,
        Cow::Owned(start) => {
            return format!(
                "There is no chapter or exercise `{start}`. `cargo workbook list` lists them all."
            );
        }
    };
    let wanted = normalized(typed);
    let chapters = manifest.chapters.iter().map(|chapter| {
        let slug = chapter.slug();
        (similarity(&wanted, &normalized(slug)), slug.to_owned())
    });
    let exercises = all(manifest).into_iter().map(|exercise| {
        let name = exercise.name();
        let short = normalized(exercise.exercise.name());
        (
            similarity(&wanted, &normalized(&name)).max(similarity(&wanted, &short)),
            name,
        )
    });
    let nearest = chapters.chain(exercises).max_by(|a, b| a.0.total_cmp(&b.0));
    let what = if wanted.contains('/') {
        "exercise"
    } else {
        "chapter or exercise"
    };
    match nearest.filter(|(similarity, _)| *similarity >= MIN_SIMILARITY) {
        Some((_, name)) => format!("There is no {what} `{typed}`. Did you mean `{name}`?"),
        None => format!("There is no {what} `{typed}`. `cargo workbook list` lists them all."),
    }
}

/// A name as a message repeats it: the start of one that is too long to be a name.
pub fn shortened(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &name[..end])),
        None => Cow::Borrowed(name),
    }
}

/// The normal form of a name that may be written in several ways.
fn normalized(name: &str) -> String {
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
            Selection::Chapter(chapter) => chapter.slug().to_owned(),
            Selection::Exercise(exercise) => exercise.name(),
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
    fn finds_names_in_any_spelling() {
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
    fn lists_the_exercises_that_share_a_name() {
        says(
            "settle",
            "2 exercises are called `settle`. Use the full name: `gather/settle` or `event-loop/settle`.",
        );
    }

    #[test]
    fn a_long_name_is_neither_compared_nor_repeated() {
        let start = "é".repeat(LONGEST);
        let long = "é".repeat(1 << 20);
        says(
            &long,
            &format!(
                "There is no chapter or exercise `{start}…`. `cargo workbook list` lists them all."
            ),
        );
    }

    #[test]
    fn suggests_the_most_similar_name() {
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
            "There is no chapter or exercise ``. `cargo workbook list` lists them all.",
        );
        says(
            "x/y",
            "There is no exercise `x/y`. `cargo workbook list` lists them all.",
        );
    }
}
