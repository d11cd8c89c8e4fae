//! The room of a class that the learner has joined.
//!
//! Without a room, nothing here does anything. With one, [`Room::record`] writes down what a verdict says, and
//! [`delivery`] sends it in the background. So the tool never waits for the network, and what could not be sent is sent
//! later, by whichever command runs next.

pub mod delivery;
pub mod request;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::files;
use autograder::verdict::{ChapterVerdict, Misconception, State};
use serde::{Deserialize, Serialize};
use submission::Student;
use submission::room::{ExerciseState, LearnerState};
use tempfile::NamedTempFile;

use crate::progress::{Progress, Record};
use crate::storage;

/// The room that the learner has joined, in `.workbook`.
#[derive(Debug, Clone)]
pub struct Room {
    root: PathBuf,
}

/// Which room it is, and as whom the learner has joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The address: `192.0.2.7:3100`.
    pub address: String,
    /// What the room recognises the learner by.
    pub token: String,
    /// The title of the class.
    pub title: String,
    /// As whom.
    pub student: Student,
}

impl Room {
    /// The room of the project in `root`.
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The membership, if the learner has joined a room. A file that cannot be used counts as none.
    pub fn membership(&self) -> Option<Membership> {
        serde_json::from_slice(&fs::read(self.membership_file()).ok()?).ok()
    }

    /// Joins: from now on, verdicts are recorded for this room. What the learner has solved before is known from
    /// `progress`.
    ///
    /// # Errors
    ///
    /// If the folder is not writable.
    pub fn enter(&self, membership: &Membership, progress: &Progress) -> Result<()> {
        let _lock = self.lock()?;
        let solved = progress
            .exercises()
            .filter(|(_, record)| record.solved.is_some());
        let exercises = solved.map(|(name, record)| {
            let state = ExerciseState {
                state: State::Solved,
                minutes: minutes(record),
                mistakes: Vec::new(),
            };
            (name.to_owned(), state)
        });
        let state = LearnerState {
            version: 1,
            current: progress.last().map(str::to_owned),
            exercises: exercises.collect(),
        };
        self.write(&state)?;
        let write = || -> Result<()> {
            // The token is in it, and a temporary file belongs to its owner alone.
            let mut file = NamedTempFile::new_in(storage::folder(&self.root))?;
            serde_json::to_writer_pretty(&mut file, membership)?;
            file.as_file().sync_all()?;
            file.persist(self.membership_file())?;
            Ok(())
        };
        write()
            .with_context(|| format!("{} could not be written.", self.membership_file().display()))
    }

    /// Leaves: nothing is recorded or sent any more.
    ///
    /// # Errors
    ///
    /// If the files cannot be removed.
    pub fn exit(&self) -> Result<()> {
        let _lock = self.lock()?;
        for file in [self.membership_file(), self.state_file()] {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error)
                        .with_context(|| format!("{} could not be removed.", file.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What is to be sent.
    pub fn state(&self) -> LearnerState {
        let text = fs::read(self.state_file()).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Records a verdict, if the learner is in a room. Returns whether something has changed.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn record(&self, verdict: &ChapterVerdict, progress: &Progress) -> Result<bool> {
        if self.membership().is_none() {
            return Ok(false);
        }
        let _lock = self.lock()?;
        let before = self.state();
        let mut state = before.clone();
        state.current = progress.last().map(str::to_owned);
        for exercise in &verdict.exercises {
            let name = format!("{}/{}", verdict.chapter, exercise.exercise);
            let description = |mistake: &Misconception| mistake.description.clone();
            let exercise = ExerciseState {
                state: exercise.state,
                minutes: 0,
                mistakes: exercise.misconceptions.iter().map(description).collect(),
            };
            state.exercises.insert(name, exercise);
        }
        for (name, exercise) in &mut state.exercises {
            exercise.minutes = minutes(&progress.of(name));
        }
        if state == before {
            return Ok(false);
        }
        state.version += 1;
        self.write(&state)?;
        Ok(true)
    }

    /// Makes the state newer than what the room has, which may be the case if the file was lost.
    fn overtake(&self, version: u64) -> Result<()> {
        let _lock = self.lock()?;
        let mut state = self.state();
        if state.version < version {
            state.version = version + 1;
            self.write(&state)?;
        }
        Ok(())
    }

    fn write(&self, state: &LearnerState) -> Result<()> {
        let text = serde_json::to_string(state).context("plain data can be written as JSON")?;
        files::write_atomically(&self.state_file(), text + "\n")
    }

    fn lock(&self) -> Result<fs::File> {
        let folder = storage::folder(&self.root);
        storage::lock(&self.root, "room.lock")
            .with_context(|| format!("{} is not writable.", folder.display()))
    }

    fn membership_file(&self) -> PathBuf {
        storage::folder(&self.root).join("room.json")
    }

    fn state_file(&self) -> PathBuf {
        storage::folder(&self.root).join("room-state.json")
    }
}

/// As in a submission.
fn minutes(record: &Record) -> u64 {
    record.seconds.div_ceil(60)
}

#[cfg(test)]
mod tests {
    use autograder::verdict::{ChapterVerdict, ExerciseVerdict, State};
    use submission::Student;
    use tempfile::TempDir;

    use super::{Membership, Room};
    use crate::progress::Progress;

    fn room() -> (Room, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (Room::of(folder.path()), folder)
    }

    fn membership() -> Membership {
        Membership {
            address: "127.0.0.1:1".to_owned(),
            token: "secret".to_owned(),
            title: "A class".to_owned(),
            student: Student::default(),
        }
    }

    fn verdict(state: State) -> ChapterVerdict {
        ChapterVerdict {
            chapter: "gather".to_owned(),
            exercises: vec![ExerciseVerdict {
                exercise: "fetch_all".to_owned(),
                state,
                tests: Vec::new(),
                misconceptions: Vec::new(),
            }],
            errors: Vec::new(),
            warnings: Vec::new(),
            changed: Vec::new(),
        }
    }

    #[test]
    fn without_a_room_nothing_is_written() {
        let (room, folder) = room();
        let recorded = room.record(&verdict(State::Solved), &Progress::default());
        assert!(!recorded.unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_version_grows_with_what_has_changed() {
        let (room, _folder) = room();
        let mut progress = Progress::default();
        progress.solved("gather/settle", 1);
        room.enter(&membership(), &progress).unwrap();
        assert_eq!(room.state().version, 1);
        assert_eq!(room.state().exercises["gather/settle"].state, State::Solved);
        for (state, version) in [(State::Failing, 2), (State::Failing, 2), (State::Solved, 3)] {
            room.record(&verdict(state), &progress).unwrap();
            assert_eq!(room.state().version, version);
        }
        room.overtake(40).unwrap();
        assert_eq!(room.state().version, 41);
        room.overtake(7).unwrap();
        assert_eq!(room.state().version, 41);
        assert_eq!(room.state().exercises.len(), 2);
    }

    #[test]
    fn who_leaves_leaves_nothing_behind() {
        let (room, _folder) = room();
        room.exit().unwrap();
        room.enter(&membership(), &Progress::default()).unwrap();
        assert_eq!(room.membership(), Some(membership()));
        room.exit().unwrap();
        assert_eq!(room.membership(), None);
        assert_eq!(room.state().version, 0);
    }
}
