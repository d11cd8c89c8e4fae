//! The exercises that count, in the order of the book.

use autograder::manifest::{Chapter, Exercise, Manifest};

use crate::class_file::{Class, Worth};

/// The exercises that count.
pub struct Columns<'a>(Vec<Column<'a>>);

/// An exercise that counts.
#[derive(Clone, Copy)]
pub struct Column<'a> {
    /// Its full name: `gather/fetch_all`.
    pub full: &'a str,
    /// Which of the exercises of the class it is.
    pub index: usize,
    /// Its points.
    pub worth: Worth,
    /// Its chapter.
    pub chapter: &'a Chapter,
    /// What the manifest says about it.
    pub exercise: &'a Exercise,
}

impl<'a> Columns<'a> {
    /// Those of a class. What is not in the manifest is left out.
    pub fn of(class: &'a Class, manifest: &'a Manifest) -> Self {
        let column = |(index, (full, worth)): (usize, &'a (String, Worth))| {
            let (slug, name) = full.split_once('/')?;
            let mut chapters = manifest.chapters.iter();
            let chapter = chapters.find(|chapter| chapter.slug() == slug)?;
            let mut exercises = chapter.exercises.iter();
            Some(Column {
                full,
                index,
                worth: *worth,
                chapter,
                exercise: exercises.find(|exercise| exercise.name() == name)?,
            })
        };
        Self(
            class
                .exercises
                .iter()
                .enumerate()
                .filter_map(column)
                .collect(),
        )
    }

    /// All of them.
    pub fn all(&self) -> &[Column<'a>] {
        &self.0
    }

    /// The exercises of one chapter after the other.
    pub fn by_chapter(&self) -> impl Iterator<Item = &[Column<'a>]> {
        self.0.chunk_by(|a, b| a.chapter.slug() == b.chapter.slug())
    }

    /// The chapters in groups that are about equally wide and at most `limit` exercises wide, unless one chapter is wider.
    pub fn sheets(&self, limit: usize) -> Vec<Vec<&[Column<'a>]>> {
        let count = self.0.len().div_ceil(limit).max(1);
        let wanted = self.0.len().div_ceil(count);
        let mut sheets: Vec<Vec<&[Column<'a>]>> = Vec::new();
        let mut width = 0;
        for chapter in self.by_chapter() {
            let fits = width + chapter.len() <= limit && width < wanted;
            match sheets.last_mut() {
                Some(sheet) if fits => sheet.push(chapter),
                _ => {
                    sheets.push(vec![chapter]);
                    width = 0;
                }
            }
            width += chapter.len();
        }
        sheets
    }
}

impl Column<'_> {
    /// The place in the book that describes it.
    pub fn page(&self) -> String {
        let (slug, name) = (self.chapter.slug(), self.exercise.name().to_lowercase());
        format!("{slug}-exercises.html#{name}")
    }
}
