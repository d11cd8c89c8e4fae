//! What every open page should know.
//!
//! The latest of each thing is kept, under a number that grows. Who reads tells the number that it has
//! seen and gets what is newer, so one that is slow misses what was replaced meanwhile and nothing else,
//! and nothing piles up for it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::watch;

/// The things that are known.
#[derive(Debug)]
pub struct Board {
    notes: Mutex<BTreeMap<(&'static str, String), Note>>,
    /// The number of the newest.
    newest: watch::Sender<u64>,
}

/// One thing that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its number.
    pub number: u64,
    /// What kind of thing it is: an event's name.
    pub kind: &'static str,
    /// It, as JSON.
    pub json: String,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            notes: Mutex::default(),
            newest: watch::Sender::new(0),
        }
    }
}

impl Board {
    /// Puts up a thing in place of what was known of it: the one of this kind with this name. What is
    /// known already is no news.
    pub fn post(&self, kind: &'static str, name: &str, value: &impl Serialize) {
        let json = serde_json::to_string(value).expect("what goes to the page is plain data");
        let mut notes = self.notes();
        let key = (kind, name.to_owned());
        if notes.get(&key).is_some_and(|note| note.json == json) {
            return;
        }
        // Under the lock, so that a number is never newer than what it counts.
        self.newest.send_modify(|newest| {
            *newest += 1;
            let number = *newest;
            notes.insert(key, Note { number, kind, json });
        });
    }

    /// What is newer than this number, the oldest first.
    pub fn since(&self, number: u64) -> Vec<Note> {
        let notes = self.notes();
        let mut news: Vec<Note> = notes
            .values()
            .filter(|note| note.number > number)
            .cloned()
            .collect();
        news.sort_by_key(|note| note.number);
        news
    }

    /// Tells when there is something new.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    fn notes(&self) -> MutexGuard<'_, BTreeMap<(&'static str, String), Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Board;

    fn seen(board: &Board, number: u64) -> Vec<(u64, String)> {
        let news = board.since(number).into_iter();
        news.map(|note| (note.number, note.json)).collect()
    }

    #[test]
    fn a_slow_reader_gets_the_latest_of_each() {
        let board = Board::default();
        board.post("exercise", "a", &1);
        board.post("exercise", "b", &1);
        board.post("exercise", "a", &2);
        assert_eq!(seen(&board, 0), [(2, "1".to_owned()), (3, "2".to_owned())]);
        assert_eq!(seen(&board, 2), [(3, "2".to_owned())]);
        assert_eq!(seen(&board, 3), []);
    }

    #[test]
    fn what_is_known_is_no_news() {
        let board = Board::default();
        board.post("exercise", "a", &1);
        let newest = board.watch();
        board.post("exercise", "a", &1);
        assert!(!newest.has_changed().expect("the board is there"));
        board.post("step", "a", &1);
        assert!(newest.has_changed().expect("the board is there"));
    }
}
