//! One panic: where it was and what its message says.

use std::any::Any;
use std::panic::PanicHookInfo;

use super::known_panics::KnownPanic;

/// A longer message is cut: the beginning of a long value shows what it is.
const LONGEST_MESSAGE: usize = 400;

/// A panic, as the hook saw it.
#[derive(Debug, Clone)]
pub(super) struct Panicked {
    pub(super) file: String,
    line: u32,
    pub(super) message: String,
}

impl Panicked {
    pub(super) fn new(info: &PanicHookInfo<'_>) -> Self {
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
    pub(super) fn sentence(&self) -> String {
        format!("{}: {}", self.place(), sentence(&self.message))
    }

    /// The macro that a stub consists of, if this is the panic of one.
    pub(super) fn stub(&self) -> Option<&'static str> {
        if is_or_begins(&self.message, "not yet implemented") {
            Some("todo!()")
        } else if is_or_begins(&self.message, "not implemented") {
            Some("unimplemented!()")
        } else {
            None
        }
    }

    /// Whether it is the panic with which std ends the process: a `drop` has panicked during unwinding.
    pub(super) fn ends_the_process(&self) -> bool {
        self.message == "panic in a destructor during cleanup"
    }

    /// Whether it only repeats that a task panicked. The panic in the task says more.
    pub(super) fn is_echo(&self) -> bool {
        self.message.contains("JoinError::Panic(")
    }

    /// Whether a future was polled after it was ready. If it is one that a grader has handed to the answer, the panic is in the
    /// grader, and the poll is the answer's.
    pub(super) fn is_a_poll_too_many(&self) -> bool {
        self.message.contains("`async fn` resumed after")
    }

    /// What panics with this message usually mean.
    pub(super) fn known(&self) -> Option<&'static KnownPanic> {
        KnownPanic::of(&self.message)
    }
}

fn is_or_begins(message: &str, words: &str) -> bool {
    message
        .strip_prefix(words)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(": "))
}

/// The message of a panic.
pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    let message = if let Some(message) = payload.downcast_ref::<&str>() {
        message
    } else if let Some(message) = payload.downcast_ref::<String>() {
        message.as_str()
    } else {
        "(the payload is not a string)"
    };
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((cut, _)) => format!("{} ...", &message[..cut]),
        None => message.to_owned(),
    }
}

/// `message` with a full stop, unless it ends a sentence already or has several lines.
pub(super) fn sentence(message: &str) -> String {
    let ended = message.ends_with(['.', '!', '?']) || message.contains('\n');
    format!("{message}{}", if ended { "" } else { "." })
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::Ready;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Mutex;

    use futures::future::{select_all, select_ok};

    use super::{KnownPanic, LONGEST_MESSAGE, message, sentence, short};

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
    fn a_message_without_a_full_stop_gets_one() {
        assert_eq!(sentence("out of range"), "out of range.");
        assert_eq!(sentence("Out of range!"), "Out of range!");
    }

    #[test]
    fn a_long_message_is_cut() {
        let long = message(&"é".repeat(LONGEST_MESSAGE + 1));
        assert_eq!(long.chars().count(), LONGEST_MESSAGE + " ...".len());
    }

    /// Where the book explains the panic that `answer` makes.
    fn explained(answer: fn()) -> Option<&'static str> {
        let payload = catch_unwind(answer).unwrap_err();
        KnownPanic::of(&message(&*payload)).and_then(|known| known.read)
    }

    #[test]
    fn panics_of_libraries_are_explained() {
        let select_all_of_none = || drop(select_all(Vec::<Ready<()>>::new()));
        let select_ok_of_none = || drop(select_ok(Vec::<Ready<Result<(), ()>>>::new()));
        for answer in [select_all_of_none, select_ok_of_none] {
            assert_eq!(
                explained(answer),
                Some("gather-futures-unordered.html#select_all-and-select_ok")
            );
        }
        assert_eq!(
            explained(|| {
                let lock = Mutex::new(());
                let poisoning = catch_unwind(AssertUnwindSafe(|| {
                    let _held = lock.lock();
                    panic!("on purpose");
                }));
                assert!(poisoning.is_err());
                drop(lock.lock().unwrap());
            }),
            Some("locks-poisoning.html#a-panic-while-a-lock-is-held")
        );
        let std_lock_is_held = || {
            let lock = Mutex::new(());
            let _held = lock.lock();
            drop(lock.try_lock().unwrap());
        };
        let tokio_lock_is_held = || {
            let lock = tokio::sync::Mutex::new(());
            let _held = lock.try_lock();
            drop(lock.try_lock().unwrap());
        };
        for answer in [std_lock_is_held, tokio_lock_is_held] {
            assert_eq!(explained(answer), Some("locks.html#tokiosyncmutex"));
        }
        assert_eq!(
            explained(|| drop(tokio::sync::Semaphore::new(0).try_acquire().unwrap())),
            Some("semaphores-bulkheads.html#bulkhead-refuse-instead-of-waiting")
        );
        assert_eq!(
            explained(|| {
                let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
                drop(sender);
                receiver.blocking_recv().unwrap();
            }),
            Some("queues-oneshot-broadcast-watch.html#oneshot")
        );
        let borrowed_twice = || {
            let cell = RefCell::new(());
            let _held = cell.borrow_mut();
            drop(cell.borrow_mut());
        };
        let read_while_written = || {
            let cell = RefCell::new(());
            let _held = cell.borrow_mut();
            drop(cell.borrow());
        };
        for answer in [borrowed_twice, read_while_written] {
            assert_eq!(explained(answer), Some("gather.html#join"));
        }
    }
}
