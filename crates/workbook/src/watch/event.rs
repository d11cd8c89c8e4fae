//! What a watching session hears of.

use std::sync::mpsc::Sender;
use std::thread;

use anyhow::Result;
use autograder::Step;
use autograder::verdict::ChapterVerdict;
use crossterm::event::{self, Event as Input, KeyCode, KeyEventKind, KeyModifiers};

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// A file of the learner's has another content.
    Saved,
    /// A key was pressed.
    Key(Key),
    /// The terminal has another size.
    Resized,
    /// The grading of this number is so far.
    Step(u64, Step),
    /// The grading of this number is over.
    Graded(u64, Result<ChapterVerdict>),
    /// A thread of the tool itself has panicked.
    Broken,
    /// The learner or the system wants it to end.
    Interrupted,
}

/// What a key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One more hint.
    Hint,
    /// The exercise in the browser.
    Open,
    /// The next exercise.
    Next,
    /// The exercise before.
    Previous,
    /// All exercises.
    List,
    /// Back to the stub.
    Reset,
    /// The solution.
    Solution,
    /// An end.
    Quit,
    /// The answer to a question.
    Yes,
    /// Lines up (below zero) or down.
    Scroll(isize),
    /// Anything else: back to the verdict, and no to a question.
    Other,
}

/// Reads keys in a thread, as long as somebody listens.
pub fn read_keys(tells: Sender<Event>) {
    thread::spawn(move || {
        // A terminal that is gone sends nothing any more.
        while let Ok(input) = event::read() {
            if meaning(&input).is_some_and(|event| tells.send(event).is_err()) {
                return;
            }
        }
        let _ = tells.send(Event::Interrupted);
    });
}

fn meaning(input: &Input) -> Option<Event> {
    let key = match input {
        Input::Resize(..) => return Some(Event::Resized),
        // Windows reports keys that are let go as well.
        Input::Key(key) if key.kind != KeyEventKind::Release => key,
        _ => return None,
    };
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return matches!(key.code, KeyCode::Char('c' | 'd')).then_some(Event::Interrupted);
    }
    Some(Event::Key(match key.code {
        KeyCode::Char(letter) => match letter.to_ascii_lowercase() {
            'h' => Key::Hint,
            'o' => Key::Open,
            'n' => Key::Next,
            'p' => Key::Previous,
            'l' => Key::List,
            'r' => Key::Reset,
            's' => Key::Solution,
            'q' => Key::Quit,
            'y' => Key::Yes,
            'k' => Key::Scroll(-1),
            'j' => Key::Scroll(1),
            ' ' => Key::Scroll(10),
            _ => Key::Other,
        },
        KeyCode::Up => Key::Scroll(-1),
        KeyCode::Down => Key::Scroll(1),
        KeyCode::PageUp => Key::Scroll(-10),
        KeyCode::PageDown => Key::Scroll(10),
        _ => Key::Other,
    }))
}
