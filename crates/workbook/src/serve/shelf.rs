//! The cards of all exercises, kept up to date on the board.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use autograder::verdict::{ChapterVerdict, State};
use serde_json::json;

use super::board::Board;
use super::card::{About, Card, Graded};
use crate::answers;
use crate::names::{self, Place};
use crate::progress::Progress;
use crate::tool::{Tool, current};

/// What is known of the exercises.
pub struct Shelf {
    tool: Arc<Tool>,
    board: Arc<Board>,
    /// By the names of the exercises.
    abouts: BTreeMap<String, About>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// What was put up last.
    progress: Progress,
    graded: BTreeMap<String, Graded>,
    /// What could not be noted, in a sentence.
    unsaved: Option<String>,
    /// Why nothing can be graded, in a sentence.
    ungraded: Option<String>,
}

impl Shelf {
    /// A shelf with the cards of exercises of which no verdict is known.
    pub fn new(tool: Arc<Tool>, board: Arc<Board>) -> Self {
        let mut abouts = BTreeMap::new();
        for chapter in &tool.manifest().chapters {
            // A stub that is missing is said where it is needed: when something is reset or graded.
            let stub = tool.grades.stub(chapter.slug()).unwrap_or_default();
            let places = names::of_chapter(chapter);
            abouts.extend(places.map(|place| (place.name(), About::of(&place, &stub))));
        }
        let shelf = Self {
            tool,
            board,
            abouts,
            known: Mutex::default(),
        };
        shelf.refresh();
        shelf
    }

    /// Puts up what another tool has noted about the learner.
    pub fn look(&self) {
        let progress = self.tool.learner.progress().0;
        if progress != self.known().progress {
            self.refresh();
        }
    }

    /// Notes verdicts, and that the learner works on the exercise that was `asked` for, if it was one.
    pub fn graded(&self, verdict: &ChapterVerdict, asked: Option<&str>) {
        let unsaved = self.tool.note(verdict, asked);
        let mut chapters = self.tool.manifest().chapters.iter();
        let Some(chapter) = chapters.find(|chapter| chapter.slug() == verdict.chapter) else {
            return;
        };
        let culprits = self.tool.culprits(chapter, verdict);
        {
            let mut known = self.known();
            known.graded.extend(Graded::of(verdict, &culprits));
            known.unsaved = unsaved;
            known.ungraded = None;
        }
        self.refresh();
    }

    /// Notes why there are no verdicts.
    pub fn ungraded(&self, why: String) {
        self.known().ungraded = Some(why);
        self.refresh();
    }

    /// Notes that something about the learner could not be kept.
    pub fn unsaved(&self, why: Option<String>) {
        self.known().unsaved = why;
        self.refresh();
    }

    /// Whether an exercise is solved now, as far as is known.
    pub fn is_solved(&self, place: &Place<'_>) -> bool {
        let known = self.known();
        let graded = known.graded.get(&place.name());
        graded.is_some_and(|graded| graded.state() == Some(State::Solved))
    }

    /// Puts up what has changed.
    pub fn refresh(&self) {
        let mut known = self.known();
        let (progress, unread) = self.tool.learner.progress();
        for place in names::all(self.tool.manifest()) {
            let name = place.name();
            let (chapter, exercise) = (place.chapter.slug(), place.exercise.name());
            let can_undo = answers::can_undo(self.tool.project.root(), chapter, exercise);
            let (about, graded) = (&self.abouts[&name], known.graded.get(&name));
            let card = Card::new(&place, about, &progress.of(&name), graded, can_undo);
            self.board.post("exercise", &name, &card);
        }
        self.post_progress(&progress);
        known.progress = progress;
        let notices = [&known.ungraded, &known.unsaved, &unread];
        let notices: Vec<&str> = notices.into_iter().flatten().map(String::as_str).collect();
        let text = (!notices.is_empty()).then(|| notices.join(" "));
        self.board.post("notice", "", &json!({ "text": text }));
    }

    fn post_progress(&self, progress: &Progress) {
        let places = names::all(self.tool.manifest());
        let is_solved = |place: &&Place<'_>| progress.of(&place.name()).solved.is_some();
        let chapters = self.tool.manifest().chapters.iter().map(|chapter| {
            let exercises: Vec<_> = names::of_chapter(chapter)
                .map(|place| place.name())
                .collect();
            json!({ "slug": chapter.slug(), "title": chapter.title, "exercises": exercises })
        });
        let summary = json!({
            "current": current(&places, progress).map(|place| place.name()),
            "solved": places.iter().filter(is_solved).count(),
            "all": places.len(),
            "chapters": chapters.collect::<Vec<_>>(),
        });
        self.board.post("progress", "", &summary);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
