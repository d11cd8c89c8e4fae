//! The events of a watching session.

use std::sync::mpsc::Sender;
use std::thread;

use anyhow::Result;
use autograder::Step;
use autograder::verdict::ChapterVerdict;
use crossterm::event::{self, Event as Input, KeyCode, KeyEventKind, KeyModifiers};

/// An event.
#[derive(Debug)]
pub enum Event {
    /// The content of an answer has changed.
    Saved,
    /// A key was pressed.
    Key(Key),
    /// The size of the terminal has changed.
    Resized,
    /// The grading with this number has started a step.
    Step(u64, Step),
    /// The grading with this number is done.
    Graded(u64, Result<ChapterVerdict>),
    /// The thread that grades has panicked.
    GraderPanicked,
    /// The learner or the system asks the session to end.
    Interrupted,
}

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Show one more hint.
    Hint,
    /// Open the exercise in the browser.
    Open,
    /// Go to the next exercise.
    Next,
    /// Go to the previous exercise.
    Previous,
    /// List all exercises.
    List,
    /// Restore the stub.
    Reset,
    /// Show the solution.
    Solution,
    /// Quit.
    Quit,
    /// Answer a question with yes.
    Yes,
    /// Scroll by so many lines, up if negative.
    Scroll(isize),
    /// Go back to the verdict, or answer a question with no.
    Other,
}

/// Reads keys in a thread until the receiver is gone.
pub fn read_keys(tx: Sender<Event>) {
    thread::spawn(move || {
        // Reading fails once the terminal has been closed.
        while let Ok(input) = event::read() {
            if parse(&input).is_some_and(|event| tx.send(event).is_err()) {
                return;
            }
        }
        let _ = tx.send(Event::Interrupted);
    });
}

fn parse(input: &Input) -> Option<Event> {
    let key = match input {
        Input::Resize(..) => return Some(Event::Resized),
        // Windows also reports when keys are released.
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
