//! The autograder for the answers of a class.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use autograder::hash::hash;
use autograder::verdict::ChapterVerdict;
use autograder::{Autograder, Step};
use sandbox::Cancel;

use crate::class_file::Class;
use crate::grading::Grade;

/// Grades with the graders and libraries of the teacher's workbook.
pub struct ClassGrader {
    autograder: Autograder,
    cancel: Cancel,
    /// The chapters that count, by slug.
    chapters: Vec<String>,
    /// A hash of all that the verdicts on a chapter depend on beside the answers, by slug.
    graders: BTreeMap<String, String>,
}

impl ClassGrader {
    /// Builds the libraries, if they have to be. Only chapters of the class are graded. `hidden` is a folder with more tests,
    /// which students do not have.
    ///
    /// # Errors
    ///
    /// If a library does not build.
    pub fn new(
        autograder: Autograder,
        class: &Class,
        hidden: Option<&Path>,
        cancel: &Cancel,
        on_step: &mut dyn FnMut(Step),
    ) -> Result<Self> {
        let mut autograder = autograder.with_built_libraries(cancel, on_step)?;
        if let Some(hidden) = hidden {
            autograder = autograder.with_hidden_graders(hidden);
        }
        let chapters = autograder.manifest().chapters.iter();
        let chapters = chapters.map(|chapter| chapter.slug().to_owned());
        let chapters: Vec<_> = chapters.filter(|slug| class.counts(slug)).collect();
        let graders = chapters
            .iter()
            .map(|slug| Ok((slug.clone(), autograder.key_of_grader(slug)?)));
        Ok(Self {
            graders: graders.collect::<Result<_>>()?,
            chapters,
            autograder,
            cancel: cancel.clone(),
        })
    }
}

impl Grade for ClassGrader {
    fn chapters(&self) -> Vec<String> {
        self.chapters.clone()
    }

    fn root(&self) -> Result<Vec<u8>> {
        let text = self.autograder.project().read("exercises/src/lib.rs")?;
        Ok(text.into_bytes())
    }

    fn key(&self, answers: &Path, chapter: &str) -> Result<String> {
        let answers = self.autograder.with_answers(answers);
        let grader = self.graders.get(chapter);
        let grader = grader.with_context(|| format!("There is no chapter `{chapter}`."))?;
        Ok(hash(&[grader, &answers.key_of_answers(chapter)?]))
    }

    fn grade(&self, answers: &Path, chapter: &str) -> Result<ChapterVerdict> {
        let autograder = self.autograder.with_answers(answers);
        autograder.grade(chapter, None, &self.cancel, &mut |_| {})
    }
}
