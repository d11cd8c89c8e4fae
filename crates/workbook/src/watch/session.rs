//! One exercise after the other.

use std::sync::mpsc::{Receiver, Sender};

use anyhow::{Result, bail};
use autograder::verdict::{ChapterVerdict, State};
use autograder::{Cancelled, Step};

use super::event::{Event, Key};
use super::grading::Grading;
use super::{full_screen, screen};
use crate::commands::{Done, hint, reset, show, solution};
use crate::names::{self, Named, Place};
use crate::progress::Progress;
use crate::serve::Address;
use crate::terminal::report::{self, Detail};
use crate::terminal::{commands, list, paint, paragraph, sentences, words, wrapped};
use crate::tool::Tool;

/// A question that is answered with y or n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Reset,
    Solution,
}

/// A watching session.
pub struct Session<'t> {
    tool: &'t Tool,
    /// All exercises.
    places: Vec<Place<'t>>,
    /// Which of them it is at.
    at: usize,
    grading: Grading,
    /// How far the grading is that runs; `None` if none does.
    working: Option<Option<Step>>,
    /// What is said of the exercise.
    verdict: String,
    /// Whether it is solved.
    solved: bool,
    /// What the learner asked for, in place of the verdict.
    page: Option<String>,
    question: Option<Question>,
    /// Whether the next save is the tool's own.
    was_reset: bool,
    /// The first line shown of what does not fit.
    from: usize,
    full_screen: bool,
    /// Where the page is, if it is served.
    address: Option<&'t Address>,
    /// What could not be noted, said at the end.
    notice: Option<String>,
}

impl<'t> Session<'t> {
    /// A session that begins at an exercise. Gradings tell what they find to `tells`.
    pub fn new(
        tool: &'t Tool,
        at: Place<'t>,
        tells: Sender<Event>,
        full_screen: bool,
        address: Option<&'t Address>,
    ) -> Self {
        let places = names::all(tool.manifest());
        let at = places.iter().position(|place| place.name() == at.name());
        Self {
            tool,
            places,
            at: at.unwrap_or(0),
            grading: Grading::new(tells),
            working: None,
            verdict: String::new(),
            solved: false,
            page: None,
            question: None,
            was_reset: false,
            from: 0,
            full_screen,
            address,
            notice: None,
        }
    }

    /// Takes events until one of them ends it.
    ///
    /// # Errors
    ///
    /// If the terminal is gone, or the tool itself is broken.
    pub fn run(&mut self, events: &Receiver<Event>) -> Result<Done> {
        self.grade();
        loop {
            self.draw()?;
            let Ok(event) = events.recv() else {
                return Ok(Done::Interrupted);
            };
            if let Some(done) = self.take(event)? {
                self.grading.stop();
                return Ok(done);
            }
        }
    }

    /// Says what is left to say when the terminal is as it was.
    pub fn close(&self) {
        crate::tool::tell(self.notice.clone());
        if self.full_screen {
            let (solved, all) = (self.count(&self.progress()), self.places.len());
            let all = crate::terminal::count(all, "exercise");
            let lines = commands(&[("watch", "go on where you left off")]);
            // It is a parting word: who cannot hear it any more has gone.
            let _ = show(&format!("{solved} of {all} solved.\n{lines}"));
        }
    }

    fn take(&mut self, event: Event) -> Result<Option<Done>> {
        match event {
            Event::Saved => {
                // What was said of a reset stays when that is noticed.
                if !std::mem::take(&mut self.was_reset) {
                    self.page = None;
                }
                self.question = None;
                self.grade();
            }
            Event::Step(number, step) if number == self.grading.number => {
                self.working = Some(Some(step))
            }
            Event::Graded(number, graded) if number == self.grading.number => {
                return self.graded(graded);
            }
            Event::Step(..) | Event::Graded(..) | Event::Resized => {}
            Event::Key(key) => return self.key(key),
            Event::Broken => {
                bail!("The grader broke down, which is a mistake of this tool and not yours.")
            }
            Event::Interrupted => return Ok(Some(Done::Interrupted)),
        }
        Ok(None)
    }

    fn grade(&mut self) {
        self.working = Some(None);
        self.grading.start(&self.tool.grades, &self.places[self.at]);
    }

    fn graded(&mut self, graded: Result<ChapterVerdict>) -> Result<Option<Done>> {
        self.working = None;
        self.from = 0;
        self.solved = false;
        match graded {
            Ok(verdict) => {
                // Beside a page the learner may be at another exercise, or only read.
                let is_here = self.address.is_none();
                let asked = is_here.then(|| self.place().exercise.name());
                self.notice = self.tool.note(&verdict, asked).or(self.notice.take());
                self.solved = verdict
                    .exercises
                    .iter()
                    .all(|exercise| exercise.state == State::Solved);
                self.verdict = self.words(&verdict);
            }
            Err(error) if error.is::<Cancelled>() => {}
            Err(error) => self.verdict = paint::bad(&sentences(&error)) + "\n",
        }
        if self.full_screen {
            return Ok(None);
        }
        show(&format!("{}: {}\n", self.place().name(), self.verdict))?;
        if !self.solved {
            return Ok(None);
        }
        match self.unsolved() {
            Some(next) => self.go_to(next),
            // The page can be read on.
            None if self.address.is_some() => {}
            None => return Ok(Some(Done::Solved)),
        }
        Ok(None)
    }

    fn key(&mut self, key: Key) -> Result<Option<Done>> {
        if let Some(question) = self.question.take() {
            if key == Key::Yes {
                let answered = match question {
                    Question::Reset => self.reset(),
                    Question::Solution => self.solution(),
                };
                self.page =
                    Some(answered.unwrap_or_else(|error| wrapped(&sentences(&error)) + "\n"));
                return Ok(None);
            }
            if key != Key::Quit {
                return Ok(None);
            }
        }
        let place = self.place();
        match key {
            Key::Quit => {
                return Ok(Some(if self.unsolved().is_none() {
                    Done::Solved
                } else {
                    Done::NotSolved
                }));
            }
            Key::Hint => {
                let (shown, notice) = self.tool.learner.one_more_hint(&place);
                self.notice = notice.or(self.notice.take());
                self.open(hint::text(&place, shown));
            }
            Key::List => {
                let progress = self.progress();
                self.open(list::text(self.tool.manifest(), &progress, Some(&place)));
            }
            Key::Open => {
                if let Some(address) = self.address {
                    let opened = address.open(&place.page());
                    self.notice = opened.err().map(|error| sentences(&error));
                }
            }
            Key::Next => self.go_to(self.following()),
            Key::Previous => self.go_to(self.at.checked_sub(1).unwrap_or(self.places.len() - 1)),
            Key::Reset => self.question = Some(Question::Reset),
            Key::Solution if self.solved || self.progress().of(&place.name()).solved.is_some() => {
                let text = self.solution().unwrap_or_else(|error| sentences(&error));
                self.open(text);
            }
            Key::Solution => self.question = Some(Question::Solution),
            Key::Scroll(lines) => self.from = self.from.saturating_add_signed(lines),
            Key::Yes | Key::Other => {
                self.page = None;
                self.from = 0;
            }
        }
        Ok(None)
    }

    fn open(&mut self, page: String) {
        self.page = Some(page);
        self.from = 0;
    }

    fn reset(&mut self) -> Result<String> {
        let outcome = reset::reset(self.tool, Named::Exercise(self.place()))?;
        self.was_reset = outcome.changed;
        Ok(paragraph(&outcome.said) + "\n")
    }

    fn solution(&mut self) -> Result<String> {
        let place = self.place();
        let text = solution::text(self.tool, &place)?;
        self.notice = self
            .tool
            .learner
            .solution_shown(&place)
            .or(self.notice.take());
        Ok(text)
    }

    fn go_to(&mut self, at: usize) {
        self.at = at;
        self.page = None;
        self.from = 0;
        self.verdict = String::new();
        self.solved = false;
        self.grade();
    }

    /// Where n leads: on from a solved exercise to the next one that is not, or else to the next.
    fn following(&self) -> usize {
        let next = (self.at + 1) % self.places.len();
        if self.solved {
            self.unsolved().unwrap_or(next)
        } else {
            next
        }
    }

    /// The next exercise that is not solved.
    fn unsolved(&self) -> Option<usize> {
        let progress = self.progress();
        let others = (1..self.places.len()).map(|step| (self.at + step) % self.places.len());
        let own = (!self.solved).then_some(self.at);
        others.chain(own).find(|index| {
            *index == self.at || progress.of(&self.places[*index].name()).solved.is_none()
        })
    }

    fn place(&self) -> Place<'t> {
        self.places[self.at]
    }

    fn progress(&self) -> Progress {
        self.tool.learner.progress().0
    }

    fn count(&self, progress: &Progress) -> usize {
        let is_solved = |place: &&Place<'_>| progress.of(&place.name()).solved.is_some();
        self.places.iter().filter(is_solved).count()
    }

    /// The verdict in words.
    fn words(&self, verdict: &ChapterVerdict) -> String {
        let Some(exercise) = verdict.exercises.first() else {
            return String::new();
        };
        let place = self.place();
        let culprits = self.tool.culprits(place.chapter, verdict);
        let blocked_by = culprits.block(&exercise.exercise);
        let mut text = format!(
            "{} {}\n\n",
            paint::mark(exercise.state),
            paint::bold(&words::state(exercise, blocked_by))
        );
        // The names of the tests are a first look at what is asked for; later the report needs the room.
        let detail = if exercise.state == State::NotStarted {
            Detail::Tests
        } else {
            Detail::First
        };
        text += &report::of_exercise(&place, verdict, exercise, detail);
        if exercise.state == State::Solved {
            text += &match self.unsolved() {
                None => paint::good("All exercises are solved.") + "\n",
                Some(next) if self.full_screen => {
                    let next = self.places[next].name();
                    format!(
                        "Press {} to go on with {next}, {} to compare with the solution.\n",
                        paint::command("n"),
                        paint::command("s")
                    )
                }
                Some(next) => format!("Going on with {}.\n", self.places[next].name()),
            };
        } else if exercise.state != State::NotStarted {
            text += &paint::dim(&format!("Edit {} and save.\n", place.file()));
        }
        text
    }

    fn draw(&mut self) -> Result<()> {
        if !self.full_screen {
            return Ok(());
        }
        let (columns, lines) = full_screen::dimensions();
        let solved = self.count(&self.progress());
        let place = self.place();
        let book = match self.address {
            Some(address) => address.to_show(),
            None => {
                let book = self.tool.project.path("book");
                format!("{}/{}", book.display(), place.page())
            }
        };
        let top = screen::top(&place, &book, solved, self.places.len(), columns);
        let mut shown = screen::folded(&top.join("\n"), columns);
        shown.push(String::new());
        let body = screen::folded(self.page.as_ref().unwrap_or(&self.verdict), columns);
        // The top, an empty line and the bottom are always there.
        let bottom = |can_scroll| {
            let line = match (self.question, &self.working) {
                (Some(Question::Reset), _) => {
                    "Put the stub back? Your answer is kept. y/n".to_owned()
                }
                (Some(Question::Solution), _) => {
                    "It is not solved yet. Show the solution all the same? y/n".to_owned()
                }
                (None, Some(step)) => screen::working(step.as_ref()),
                (None, None) => {
                    screen::keys(can_scroll, self.page.is_some(), self.address.is_some())
                }
            };
            screen::folded(&line, columns)
        };
        let room = lines.saturating_sub(shown.len() + 1 + bottom(true).len());
        let (from, part) = screen::part(&body, self.from, room);
        let bottom = bottom(body.len() > room);
        self.from = from;
        shown.extend_from_slice(part);
        shown.push(String::new());
        shown.extend(bottom);
        full_screen::draw(&shown)
    }
}
