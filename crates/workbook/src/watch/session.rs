//! A watching session: the learner works on one exercise after the other.

use std::sync::mpsc::{Receiver, Sender};

use anyhow::{Result, bail};
use autograder::verdict::{ChapterVerdict, State};
use autograder::{Cancelled, Step};

use super::event::{Event, Key};
use super::grading::Grading;
use super::screen::{self, Layout};
use super::verdict;
use crate::address::Address;
use crate::changed_exercise::LastRead;
use crate::commands::{hint, reset, solution};
use crate::names::{self, ExerciseRef, Selection};
use crate::progress::Progress;
use crate::status::Status;
use crate::terminal::{
    command_list, count, full_screen, list, paragraph, print, sentences, style, warn, wrapped,
};
use crate::tool::Tool;

/// A question to be answered with y or n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Reset,
    Solution,
}

/// A watching session.
pub struct Session<'t> {
    tool: &'t Tool,
    /// All exercises.
    exercises: Vec<ExerciseRef<'t>>,
    /// The index of the current exercise.
    current: usize,
    grading: Grading,
    answers: LastRead,
    /// Whether a grading runs, and its current step.
    running: Option<Option<Step>>,
    /// The verdict on the current exercise, as text.
    verdict: String,
    /// Whether the current exercise is solved.
    solved: bool,
    /// A text that the learner asked for, shown in place of the verdict.
    overlay: Option<String>,
    question: Option<Question>,
    /// Whether the next saved file comes from a reset.
    was_reset: bool,
    /// The first visible line.
    scroll: usize,
    full_screen: bool,
    /// The address of the page, if the book is served.
    address: Option<&'t Address>,
    /// A notice to print at the end.
    notice: Option<String>,
}

impl<'t> Session<'t> {
    /// A session that starts at an exercise. Gradings send their results to `tx`.
    pub fn new(
        tool: &'t Tool,
        first: ExerciseRef<'t>,
        tx: Sender<Event>,
        full_screen: bool,
        address: Option<&'t Address>,
    ) -> Self {
        let exercises = names::all(tool.manifest());
        let current = exercises
            .iter()
            .position(|exercise| exercise.name() == first.name());
        Self {
            tool,
            exercises,
            current: current.unwrap_or(0),
            grading: Grading::new(tx),
            answers: LastRead::default(),
            running: None,
            verdict: String::new(),
            solved: false,
            overlay: None,
            question: None,
            was_reset: false,
            scroll: 0,
            full_screen,
            address,
            notice: None,
        }
    }

    /// Handles events until one of them ends the session.
    ///
    /// # Errors
    ///
    /// If the terminal has been closed, or the grader panics.
    pub fn run(&mut self, events: &Receiver<Event>) -> Result<Status> {
        self.answers.read_again(self.tool);
        self.grade();
        loop {
            self.draw()?;
            let Ok(event) = events.recv() else {
                return Ok(Status::Interrupted);
            };
            if let Some(status) = self.handle(event)? {
                self.grading.cancel();
                return Ok(status);
            }
        }
    }

    /// Prints the notice and a summary after the terminal has been restored.
    pub fn close(&self) {
        warn(self.notice.clone());
        if self.full_screen {
            let solved = self.count_solved(&self.progress());
            let all = count(self.exercises.len(), "exercise");
            let lines = command_list(&[("watch", "continue where you left off")]);
            // Fails if the terminal has been closed.
            let _ = print(&format!("{solved} of {all} solved.\n{lines}"));
        }
    }

    fn handle(&mut self, event: Event) -> Result<Option<Status>> {
        match event {
            Event::Saved => {
                // The message of a reset stays visible when its own change is noticed.
                if !std::mem::take(&mut self.was_reset) {
                    self.overlay = None;
                }
                self.question = None;
                self.follow_saved();
                self.grade();
            }
            Event::Step(number, step) if number == self.grading.number => {
                self.running = Some(Some(step))
            }
            Event::Graded(number, graded) if number == self.grading.number => {
                return self.graded(graded);
            }
            Event::Step(..) | Event::Graded(..) | Event::Resized => {}
            Event::Key(key) => return self.handle_key(key),
            Event::GraderPanicked => {
                bail!("The grader crashed. This is a bug in the tool, not a mistake of yours.")
            }
            Event::Interrupted => return Ok(Some(Status::Interrupted)),
        }
        Ok(None)
    }

    /// With a page, the learner may have saved another exercise than the current one: go to that.
    fn follow_saved(&mut self) {
        let saved = self.answers.read_again(self.tool);
        let Some(saved) = saved.filter(|_| self.address.is_some()) else {
            return;
        };
        let is_saved = |exercise: &ExerciseRef<'_>| exercise.name() == saved.name();
        if let Some(index) = self.exercises.iter().position(is_saved)
            && index != self.current
        {
            self.show_exercise(index);
        }
    }

    fn grade(&mut self) {
        self.running = Some(None);
        self.grading
            .start(&self.tool.grader, &self.exercises[self.current]);
    }

    fn graded(&mut self, graded: Result<ChapterVerdict>) -> Result<Option<Status>> {
        self.running = None;
        self.scroll = 0;
        self.solved = false;
        match graded {
            Ok(verdict) => {
                // If there is a page, the learner may work on another exercise there, or only read.
                let is_only_view = self.address.is_none();
                let requested = is_only_view.then(|| self.exercise().exercise.name());
                self.notice = self.tool.record(&verdict, requested).or(self.notice.take());
                self.solved = verdict
                    .exercises
                    .iter()
                    .all(|exercise| exercise.state == State::Solved);
                self.verdict = self.describe(&verdict);
            }
            Err(error) if error.is::<Cancelled>() => {}
            Err(error) => self.verdict = style::error(&sentences(&error)) + "\n",
        }
        if self.full_screen {
            return Ok(None);
        }
        print(&format!("{}: {}\n", self.exercise().name(), self.verdict))?;
        if !self.solved {
            return Ok(None);
        }
        match self.next_unsolved() {
            Some(next) => self.go_to(next),
            // The learner may still read the page.
            None if self.address.is_some() => {}
            None => return Ok(Some(Status::Solved)),
        }
        Ok(None)
    }

    fn handle_key(&mut self, key: Key) -> Result<Option<Status>> {
        if let Some(question) = self.question.take() {
            if key == Key::Yes {
                let text = match question {
                    Question::Reset => self.reset(),
                    Question::Solution => self.solution(),
                };
                self.overlay =
                    Some(text.unwrap_or_else(|error| wrapped(&sentences(&error)) + "\n"));
                return Ok(None);
            }
            if key != Key::Quit {
                return Ok(None);
            }
        }
        let exercise = self.exercise();
        match key {
            Key::Quit => {
                return Ok(Some(if self.next_unsolved().is_none() {
                    Status::Solved
                } else {
                    Status::NotSolved
                }));
            }
            Key::Hint => {
                let (shown, notice) = self.tool.learner.one_more_hint(&exercise);
                self.notice = notice.or(self.notice.take());
                self.show(hint::text(&exercise, shown));
            }
            Key::List => {
                let progress = self.progress();
                let chapters: Vec<_> = self.tool.manifest().chapters.iter().collect();
                self.show(list::text(&chapters, &progress, Some(&exercise)));
            }
            Key::Open => {
                if let Some(address) = self.address {
                    let opened = address.open(&exercise.page());
                    self.notice = opened.err().map(|error| sentences(&error));
                }
            }
            Key::Next => self.go_to(self.next()),
            Key::Previous => {
                let last = self.exercises.len() - 1;
                self.go_to(self.current.checked_sub(1).unwrap_or(last));
            }
            Key::Reset => self.question = Some(Question::Reset),
            Key::Solution
                if self.solved || self.progress().of(&exercise.name()).solved.is_some() =>
            {
                let text = self.solution().unwrap_or_else(|error| sentences(&error));
                self.show(text);
            }
            Key::Solution => self.question = Some(Question::Solution),
            Key::Scroll(lines) => self.scroll = self.scroll.saturating_add_signed(lines),
            Key::Yes | Key::Other => {
                self.overlay = None;
                self.scroll = 0;
            }
        }
        Ok(None)
    }

    fn show(&mut self, text: String) {
        self.overlay = Some(text);
        self.scroll = 0;
    }

    fn reset(&mut self) -> Result<String> {
        let result = reset::reset(self.tool, Selection::Exercise(self.exercise()))?;
        self.was_reset = result.changed;
        Ok(paragraph(&result.message) + "\n")
    }

    fn solution(&mut self) -> Result<String> {
        let exercise = self.exercise();
        let text = solution::text(self.tool, &exercise)?;
        self.notice = self
            .tool
            .learner
            .solution_shown(&exercise)
            .or(self.notice.take());
        Ok(text)
    }

    fn go_to(&mut self, index: usize) {
        self.show_exercise(index);
        self.grade();
    }

    fn show_exercise(&mut self, index: usize) {
        self.current = index;
        self.overlay = None;
        self.scroll = 0;
        self.verdict = String::new();
        self.solved = false;
    }

    /// Where the key n leads: from a solved exercise to the next unsolved one, if any, or else to the next one.
    fn next(&self) -> usize {
        let next = (self.current + 1) % self.exercises.len();
        if self.solved {
            self.next_unsolved().unwrap_or(next)
        } else {
            next
        }
    }

    /// The next exercise that is not solved.
    fn next_unsolved(&self) -> Option<usize> {
        let progress = self.progress();
        let all = self.exercises.len();
        let others = (1..all).map(|step| (self.current + step) % all);
        let own = (!self.solved).then_some(self.current);
        others.chain(own).find(|&index| {
            index == self.current || progress.of(&self.exercises[index].name()).solved.is_none()
        })
    }

    fn exercise(&self) -> ExerciseRef<'t> {
        self.exercises[self.current]
    }

    fn progress(&self) -> Progress {
        self.tool.learner.progress().0
    }

    fn count_solved(&self, progress: &Progress) -> usize {
        let is_solved =
            |exercise: &&ExerciseRef<'_>| progress.of(&exercise.name()).solved.is_some();
        self.exercises.iter().filter(is_solved).count()
    }

    /// The verdict as text.
    fn describe(&self, verdict: &ChapterVerdict) -> String {
        let next = self.next_unsolved().map(|next| self.exercises[next].name());
        verdict::text(
            self.tool,
            &self.exercise(),
            verdict,
            next.as_deref(),
            self.full_screen,
        )
    }

    fn draw(&mut self) -> Result<()> {
        if !self.full_screen {
            return Ok(());
        }
        let (columns, lines) = full_screen::dimensions();
        let solved = self.count_solved(&self.progress());
        let exercise = self.exercise();
        let book = match self.address {
            Some(address) => address.to_show(),
            None => {
                let book = self.tool.project.path("book");
                format!("{}/{}", book.display(), exercise.page())
            }
        };
        let header = screen::header(&exercise, &book, solved, self.exercises.len(), columns);
        let header = screen::wrap(&header.join("\n"), columns);
        let body = screen::wrap(self.overlay.as_ref().unwrap_or(&self.verdict), columns);
        let bottom = |can_scroll| {
            let line = match (self.question, &self.running) {
                (Some(Question::Reset), _) => {
                    "Replace your answer with the stub? A backup is saved. y/n".to_owned()
                }
                (Some(Question::Solution), _) => {
                    "The exercise is not solved yet. Show the solution anyway? y/n".to_owned()
                }
                (None, Some(step)) => screen::grading(step.as_ref()),
                (None, None) => {
                    screen::keys(can_scroll, self.overlay.is_some(), self.address.is_some())
                }
            };
            screen::wrap(&line, columns)
        };
        let layout = Layout::new(lines, header.len(), bottom(true).len());
        let (scroll, visible) = screen::visible(&body, self.scroll, layout.body);
        self.scroll = scroll;
        let shown = layout.arrange(&header, visible, &bottom(body.len() > layout.body));
        full_screen::draw(&shown)
    }
}
