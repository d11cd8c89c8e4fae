//! Panics inside a run are remembered and not printed.

use std::any::Any;
use std::panic::PanicHookInfo;
use std::sync::Once;

use super::Run;

/// A message longer than this is cut: the beginning of a long value tells what it is.
const LONGEST_MESSAGE: usize = 400;

/// A panic, as the hook saw it.
#[derive(Debug, Clone)]
pub(super) struct Panicked {
    pub(super) file: String,
    line: u32,
    message: String,
}

impl Panicked {
    fn new(info: &PanicHookInfo<'_>) -> Self {
        let (file, line) = info
            .location()
            .map_or(("?", 0), |location| (location.file(), location.line()));
        Self {
            file: file.to_owned(),
            line,
            message: message(info.payload()),
        }
    }

    /// The file and line.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", short(&self.file), self.line)
    }

    /// `src/gather.rs:12: the message.`
    pub(super) fn told(&self) -> String {
        format!("{}: {}", self.place(), sentence(&self.message))
    }

    /// The macro that this stub still says, if it is one.
    pub(super) fn stub(&self) -> Option<&'static str> {
        if is_or_begins(&self.message, "not yet implemented") {
            Some("todo!()")
        } else if is_or_begins(&self.message, "not implemented") {
            Some("unimplemented!()")
        } else {
            None
        }
    }

    /// Whether it says no more than that a task panicked, which the panic in the task says better.
    pub(super) fn is_echo(&self) -> bool {
        self.message.contains("JoinError::Panic(")
    }

    /// The end of "This usually means".
    pub(super) fn usually(&self) -> Option<&'static str> {
        MEANINGS
            .iter()
            .find(|(part, _)| self.message.contains(part))
            .map(|(_, meaning)| *meaning)
    }
}

/// Parts of the messages that the standard library and the compiler give, and what they mean.
const MEANINGS: &[(&str, &str)] = &[
    (
        "called `Option::unwrap()` on a `None`",
        "that a value can be missing here. Handle the case of `None`.",
    ),
    (
        "called `Result::unwrap()` on an `Err`",
        "that this can fail here. Handle the error, or return it with `?`.",
    ),
    (
        "index out of bounds",
        "that the position was counted for a longer list than this one.",
    ),
    (
        "with overflow",
        "that a number left the range of its type; below zero, often, when counting down.",
    ),
    (
        "`async fn` resumed after",
        "that a future was polled again after it had ended.",
    ),
    (
        "already borrowed",
        "that a borrow of a `RefCell` was still held, across an await perhaps.",
    ),
    (
        "already mutably borrowed",
        "that a borrow of a `RefCell` was still held, across an await perhaps.",
    ),
    (
        "Cannot start a runtime from within a runtime",
        "a `block_on` inside async code. Await the future.",
    ),
];

fn is_or_begins(message: &str, words: &str) -> bool {
    message
        .strip_prefix(words)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(": "))
}

/// The words of a panic.
pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    let words = if let Some(words) = payload.downcast_ref::<&str>() {
        words
    } else if let Some(words) = payload.downcast_ref::<String>() {
        words.as_str()
    } else {
        "(a value that is no text)"
    };
    match words.char_indices().nth(LONGEST_MESSAGE) {
        Some((cut, _)) => format!("{} ...", &words[..cut]),
        None => words.to_owned(),
    }
}

/// `words` with an end. What has several lines is no sentence, and stays as it is.
pub(super) fn sentence(words: &str) -> String {
    let ended = words.ends_with(['.', '!', '?']) || words.contains('\n');
    format!("{words}{}", if ended { "" } else { "." })
}

/// A path that is the same on every machine: files of a dependency begin at the crate's name, files of
/// the standard library at `library`.
fn short(file: &str) -> &str {
    let foreign = ["/registry/src/", "\\registry\\src\\"];
    if let Some(inside) = foreign
        .iter()
        .find_map(|folder| file.split_once(folder))
        .map(|(_, inside)| inside)
    {
        return inside
            .split_once(['/', '\\'])
            .map_or(inside, |(_, path)| path);
    }
    match file.find("/library/") {
        Some(at) if file.starts_with("/rustc/") => &file[at + 1..],
        _ => file,
    }
}

/// Replaces the process's panic hook, once. Panics of threads that work for no run go to the former.
pub(super) fn remember_inside_runs() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let former = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| match Run::current() {
            Some(run) => run.remember_panic(Panicked::new(info)),
            None => former(info),
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_MESSAGE, message, sentence, short};

    #[test]
    fn paths_of_dependencies_begin_at_the_crate() {
        assert_eq!(
            short("/home/me/.cargo/registry/src/index-1a2b/tokio-1.54.1/src/task.rs"),
            "tokio-1.54.1/src/task.rs"
        );
        assert_eq!(
            short("/rustc/abc/library/core/src/option.rs"),
            "library/core/src/option.rs"
        );
        assert_eq!(short("exercises/src/gather.rs"), "exercises/src/gather.rs");
    }

    #[test]
    fn a_message_without_an_end_gets_one() {
        assert_eq!(sentence("out of range"), "out of range.");
        assert_eq!(sentence("Out of range!"), "Out of range!");
    }

    #[test]
    fn a_long_message_is_cut() {
        let long = message(&"é".repeat(LONGEST_MESSAGE + 1));
        assert_eq!(long.chars().count(), LONGEST_MESSAGE + " ...".len());
    }
}
