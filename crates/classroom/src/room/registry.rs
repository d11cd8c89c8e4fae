//! The learners in a room, and what each learner's workbook has reported.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use autograder::hash::hash;
use autograder::verdict::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::known::Known;
use super::store::{About, Store};
use super::{name, room_code};
use crate::submission::Student;
use crate::submission::room::{Ask, LearnerState, MAX_ANSWER, MAX_MESSAGE};

/// How many learners a room has at most.
pub const MAX_LEARNERS: usize = 500;

/// For how many exercises a learner can ask for help at a time.
const MAX_REQUESTS: usize = 5;

/// A learner in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learner {
    /// What the room calls the learner.
    pub number: u32,
    /// What the learner calls herself or himself.
    pub student: Student,
    /// The hash of the token. A program that reads the file cannot act as the learner.
    token: String,
    /// What the learner's workbook has reported.
    pub state: LearnerState,
    /// The requests for help, by exercise.
    pub help: BTreeMap<String, HelpRequest>,
}

/// A request for help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpRequest {
    /// The code.
    pub answer: String,
    /// What the learner says about it.
    pub message: String,
    /// When the learner asked.
    pub since: Timestamp,
}

/// Why the room refuses something.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The code is wrong.
    #[error("This is not the code of this room.")]
    WrongCode,
    /// No more learners can join.
    #[error("This room is closed to new learners. Ask your teacher to open it.")]
    Closed,
    /// There are too many learners.
    #[error("This room is full.")]
    Full,
    /// The name cannot be used.
    #[error(
        "This name or id cannot be used. It needs letters that are visible, and at most 200 characters."
    )]
    UnusableName,
    /// Another learner has joined under this name.
    #[error(
        "A learner with this name or id is in this room already. If that is you, on another machine, ask your teacher to \
         remove the entry, and join again. If it is not, tell your teacher."
    )]
    NameTaken,
    /// The token is not that of a learner.
    #[error("You are not in this room any more. Run `cargo workbook class leave`, and join again.")]
    Unknown,
    /// There is no such exercise.
    #[error("The workbook of your teacher has no such exercise. Perhaps yours has to be updated.")]
    NoExercise,
    /// The answer or the message is too long.
    #[error("This is too long.")]
    TooLong,
    /// There are too many requests for help.
    #[error("You have asked about several exercises already. Withdraw one of these first.")]
    TooManyRequests,
    /// The disk of the teacher's machine failed. Learners are not told about its files.
    #[error("The machine of your teacher could not save this. Your workbook will try it again.")]
    Failed(#[from] anyhow::Error),
}

/// A room at one time.
#[derive(Debug)]
pub struct Snapshot {
    /// The number of the last change.
    pub number: u64,
    /// The code with which learners join.
    pub code: String,
    /// Whether learners can join.
    pub is_open: bool,
    /// The learners, in the order in which they joined, with when something was last heard of each since this program was
    /// started.
    pub learners: Vec<(Arc<Learner>, Option<Timestamp>)>,
}

/// A room.
#[derive(Debug)]
pub struct Registry {
    store: Store,
    known: Known,
    about: About,
    learners: BTreeMap<u32, Arc<Learner>>,
    /// The number of the next learner. The page may still show a learner who was removed, so no number is used twice.
    next: u32,
    /// The learners by the hashes of their tokens.
    by_token: HashMap<String, u32>,
    /// When something was last heard of each learner. It is not worth a write to the disk.
    heard: BTreeMap<u32, Timestamp>,
    /// The number of the last change.
    changes: watch::Sender<u64>,
}

impl Registry {
    /// Opens the room in a folder, or creates one with a new code.
    ///
    /// # Errors
    ///
    /// If it cannot be read or created.
    pub fn open(folder: &Path, known: Known) -> Result<Self> {
        let store = Store::open(folder)?;
        let about = match store.about()? {
            Some(about) => about,
            None => {
                let about = About::new(room_code::generate()?);
                store.write_about(&about)?;
                about
            }
        };
        let learners: BTreeMap<_, _> = store
            .learners()?
            .into_iter()
            .map(|learner| (learner.number, Arc::new(learner)))
            .collect();
        let tokens = learners.values();
        let last = learners.last_key_value();
        Ok(Self {
            next: last.map_or(1, |(number, _)| number + 1),
            by_token: tokens
                .map(|learner| (learner.token.clone(), learner.number))
                .collect(),
            store,
            known,
            about,
            learners,
            heard: BTreeMap::new(),
            changes: watch::Sender::new(1),
        })
    }

    /// The code with which learners join.
    pub fn code(&self) -> &str {
        &self.about.code
    }

    /// The port of the last time.
    pub fn port(&self) -> Option<u16> {
        self.about.port
    }

    /// Remembers the port.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn set_port(&mut self, port: u16) -> Result<()> {
        let mut about = self.about.clone();
        about.port = Some(port);
        self.set_about(about)
    }

    /// Lets learners join, or no more.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn set_open(&mut self, is_open: bool) -> Result<()> {
        let mut about = self.about.clone();
        about.is_open = is_open;
        self.set_about(about)?;
        self.changed();
        Ok(())
    }

    fn set_about(&mut self, about: About) -> Result<()> {
        if self.about != about {
            self.store.write_about(&about)?;
            self.about = about;
        }
        Ok(())
    }

    /// The room as it is now, to look at without keeping others waiting.
    pub fn snapshot(&self) -> Snapshot {
        let learners = self.learners.values();
        Snapshot {
            number: *self.changes.borrow(),
            code: self.about.code.clone(),
            is_open: self.about.is_open,
            learners: learners
                .map(|learner| {
                    let heard = self.heard.get(&learner.number).copied();
                    (Arc::clone(learner), heard)
                })
                .collect(),
        }
    }

    /// Receives the number of the last change whenever it grows.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn changed(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// Whether this is the code.
    pub fn is_code(&self, typed: &str) -> bool {
        room_code::is_equal(&self.about.code, typed)
    }

    /// Adds a learner. Returns the token.
    ///
    /// # Errors
    ///
    /// If the learner cannot join.
    pub fn join(&mut self, code: &str, student: Student) -> Result<String, Refusal> {
        if !self.is_code(code) {
            return Err(Refusal::WrongCode);
        }
        if !self.about.is_open {
            return Err(Refusal::Closed);
        }
        if !name::is_usable(&student) {
            return Err(Refusal::UnusableName);
        }
        let mut others = self.learners.values();
        if others.any(|other| name::are_alike(&other.student, &student)) {
            return Err(Refusal::NameTaken);
        }
        if self.learners.len() >= MAX_LEARNERS {
            return Err(Refusal::Full);
        }
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).context("The system does not provide random numbers.")?;
        let token = hash(&[bytes]);
        let learner = Learner {
            number: self.next,
            student,
            token: hash(&[&token]),
            state: LearnerState::default(),
            help: BTreeMap::new(),
        };
        let (hash, number) = (learner.token.clone(), learner.number);
        self.put(learner)?;
        self.by_token.insert(hash, number);
        self.next = number + 1;
        Ok(token)
    }

    /// The learner with this token.
    pub fn authenticate(&self, token: &str) -> Option<u32> {
        self.by_token.get(&hash(&[token])).copied()
    }

    /// Takes a state, unless there is a newer one. Returns the version of the newest.
    ///
    /// # Errors
    ///
    /// If there is no such learner, or the state cannot be written.
    pub fn report(&mut self, number: u32, state: LearnerState) -> Result<u64, Refusal> {
        let mut learner = self.learner(number)?;
        let before = self.heard.insert(number, Timestamp::now());
        if state.version > learner.state.version {
            learner.state = self.known.part_of(state);
            let Learner { state, help, .. } = &mut learner;
            let is_solved = |exercise: &String| {
                let exercise = state.exercises.get(exercise);
                exercise.is_some_and(|exercise| exercise.state == State::Solved)
            };
            help.retain(|exercise, _| !is_solved(exercise));
            self.put(learner.clone())?;
        } else if before.is_none() {
            // The learner is there again. Later repetitions are not worth drawing the page again at once.
            self.changed();
        }
        Ok(learner.state.version)
    }

    /// Takes a request for help, in place of an earlier one about the same exercise.
    ///
    /// # Errors
    ///
    /// If it is too long, there are too many, there is no such exercise or learner, or it cannot be written.
    pub fn ask(&mut self, number: u32, ask: Ask) -> Result<(), Refusal> {
        let mut learner = self.learner(number)?;
        if !self.known.has(&ask.exercise) {
            return Err(Refusal::NoExercise);
        }
        if ask.answer.len() > MAX_ANSWER || ask.message.chars().count() > MAX_MESSAGE {
            return Err(Refusal::TooLong);
        }
        if learner.help.len() >= MAX_REQUESTS && !learner.help.contains_key(&ask.exercise) {
            return Err(Refusal::TooManyRequests);
        }
        let now = Timestamp::now();
        self.heard.insert(number, now);
        // A learner who asks again keeps the place in the queue.
        let before = learner.help.get(&ask.exercise);
        let request = HelpRequest {
            answer: ask.answer,
            message: ask.message,
            since: before.map_or(now, |before| before.since),
        };
        learner.help.insert(ask.exercise, request);
        Ok(self.put(learner)?)
    }

    /// Removes a request for help, if there is one.
    ///
    /// # Errors
    ///
    /// If there is no such learner, or it cannot be written.
    pub fn withdraw(&mut self, number: u32, exercise: &str) -> Result<(), Refusal> {
        let mut learner = self.learner(number)?;
        learner.help.remove(exercise);
        Ok(self.put(learner)?)
    }

    /// Removes a learner, and everything that is known of this learner.
    ///
    /// # Errors
    ///
    /// If there is no such learner, or the file cannot be removed.
    pub fn remove(&mut self, number: u32) -> Result<(), Refusal> {
        let learner = self.learner(number)?;
        self.store.remove(number)?;
        self.by_token.remove(&learner.token);
        self.learners.remove(&number);
        self.heard.remove(&number);
        self.changed();
        Ok(())
    }

    fn learner(&self, number: u32) -> Result<Learner, Refusal> {
        let learner = self.learners.get(&number).ok_or(Refusal::Unknown)?;
        Ok(Learner::clone(learner))
    }

    /// Writes a learner, and then remembers it, so that nothing is acknowledged that a restart would lose.
    fn put(&mut self, learner: Learner) -> Result<()> {
        self.store.write(&learner)?;
        self.learners.insert(learner.number, Arc::new(learner));
        self.changed();
        Ok(())
    }
}
