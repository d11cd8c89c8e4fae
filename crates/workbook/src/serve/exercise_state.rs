//! The state of all exercises, published as events.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use autograder::verdict::{ChapterVerdict, State};
use serde_json::json;

use super::events::Events;
use super::exercise_card::{CardVerdict, ExerciseCard};
use crate::answers;
use crate::contract::Contract;
use crate::names::{self, ExerciseRef};
use crate::progress::Progress;
use crate::room::Membership;
use crate::tool::{Tool, next_up};

/// The state of all exercises.
pub struct ExerciseStates {
    tool: Arc<Tool>,
    events: Arc<Events>,
    /// By the names of the exercises.
    contracts: BTreeMap<String, Contract>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The progress that was published last.
    progress: Progress,
    /// The class that was published last.
    membership: Option<Membership>,
    verdicts: BTreeMap<String, CardVerdict>,
    /// A sentence that says why progress could not be saved.
    save_error: Option<String>,
    /// The same for what the reader did on a page. A verdict that is saved afterwards does not take it back.
    action_error: Option<String>,
    /// A sentence that says why nothing can be graded.
    grading_error: Option<String>,
}

impl ExerciseStates {
    /// Publishes the exercises without verdicts.
    pub fn new(tool: Arc<Tool>, events: Arc<Events>) -> Self {
        let mut contracts = BTreeMap::new();
        for chapter in &tool.manifest().chapters {
            // A missing stub is reported where it is needed: when an exercise is reset or graded.
            let stub = tool.grader.stub(chapter.slug()).unwrap_or_default();
            let exercises = names::of_chapter(chapter);
            contracts.extend(exercises.map(|exercise| {
                let contract = Contract::of(exercise.exercise.name(), &stub);
                (exercise.name(), contract)
            }));
        }
        let states = Self {
            tool,
            events,
            contracts,
            known: Mutex::default(),
        };
        states.refresh();
        states
    }

    /// Publishes everything again if another process has changed the progress, or joined or left a class.
    pub fn refresh_if_changed(&self) {
        let progress = self.tool.learner.progress().0;
        let membership = self.tool.room.membership();
        let is_known = {
            let known = self.known();
            progress == known.progress && membership == known.membership
        };
        if !is_known {
            self.refresh();
        }
    }

    /// Records verdicts, and that the learner works on the exercise that was `requested`, if any.
    pub fn record_verdict(&self, verdict: &ChapterVerdict, requested: Option<&str>) {
        let save_error = self.tool.record(verdict, requested);
        let mut chapters = self.tool.manifest().chapters.iter();
        let Some(chapter) = chapters.find(|chapter| chapter.slug() == verdict.chapter) else {
            return;
        };
        let errors = self.tool.compile_errors(chapter, verdict);
        {
            let mut known = self.known();
            known.verdicts.extend(CardVerdict::all(verdict, &errors));
            known.save_error = save_error;
            known.grading_error = None;
        }
        self.refresh();
    }

    /// Records why nothing can be graded.
    pub fn record_grading_error(&self, why: String) {
        self.known().grading_error = Some(why);
        self.refresh();
    }

    /// Records why progress could not be saved, or that it could.
    pub fn record_save_error(&self, why: Option<String>) {
        self.known().action_error = why;
        self.refresh();
    }

    /// Whether the latest verdict on an exercise is that it is solved.
    pub fn is_solved(&self, exercise: &ExerciseRef<'_>) -> bool {
        let known = self.known();
        let verdict = known.verdicts.get(&exercise.name());
        verdict.is_some_and(|verdict| verdict.state() == Some(State::Solved))
    }

    /// Publishes everything that has changed.
    pub fn refresh(&self) {
        let mut known = self.known();
        let (progress, read_error) = self.tool.learner.progress();
        for exercise in names::all(self.tool.manifest()) {
            let name = exercise.name();
            let can_undo = answers::can_undo(
                self.tool.project.root(),
                exercise.chapter.slug(),
                exercise.exercise.name(),
            );
            let card = ExerciseCard::new(
                &exercise,
                &self.contracts[&name],
                &progress.of(&name),
                known.verdicts.get(&name),
                can_undo,
            );
            self.events.publish("exercise", &name, &card);
        }
        self.publish_progress(&progress);
        known.progress = progress;
        known.membership = self.tool.room.membership();
        let class = known.membership.as_ref();
        let class = class.map(|membership| &membership.title);
        self.events.publish("class", "", &json!({ "title": class }));
        let notices = [
            &known.grading_error,
            &known.save_error,
            &known.action_error,
            &read_error,
        ];
        let mut notices: Vec<&str> = notices.into_iter().flatten().map(String::as_str).collect();
        notices.dedup();
        let text = (!notices.is_empty()).then(|| notices.join(" "));
        self.events.publish("notice", "", &json!({ "text": text }));
    }

    fn publish_progress(&self, progress: &Progress) {
        let exercises = names::all(self.tool.manifest());
        let is_solved =
            |exercise: &&ExerciseRef<'_>| progress.of(&exercise.name()).solved.is_some();
        let chapters = self.tool.manifest().chapters.iter().map(|chapter| {
            let names: Vec<_> = names::of_chapter(chapter)
                .map(|exercise| exercise.name())
                .collect();
            json!({ "slug": chapter.slug(), "title": chapter.title, "exercises": names })
        });
        let summary = json!({
            "current": next_up(&exercises, progress).map(|exercise| exercise.name()),
            "solved": exercises.iter().filter(is_solved).count(),
            "total": exercises.len(),
            "chapters": chapters.collect::<Vec<_>>(),
        });
        self.events.publish("progress", "", &summary);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
