//! Panics inside a run are remembered and not printed.

use std::any::Any;
use std::panic::PanicHookInfo;
use std::sync::Once;

use super::{Run, verdict};

/// A message longer than this is cut: the beginning of a long value tells what it is.
const LONGEST_MESSAGE: usize = 400;

/// A panic, as the hook saw it.
#[derive(Debug, Clone)]
pub(super) struct Panicked {
    pub(super) file: String,
    line: u32,
    pub(super) message: String,
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

    /// Whether it is the last thing that std says before it ends the process: a `drop` has panicked while a panic
    /// was unwinding.
    fn ends_the_process(&self) -> bool {
        self.message == "panic in a destructor during cleanup"
    }

    /// Whether it says no more than that a task panicked, which the panic in the task says better.
    pub(super) fn is_echo(&self) -> bool {
        self.message.contains("JoinError::Panic(")
    }

    /// What is known about panics with this message.
    pub(super) fn known(&self) -> Option<&'static Known> {
        Known::of(&self.message)
    }
}

/// What a panic of the standard library, the compiler or `futures` means.
pub(super) struct Known {
    /// A part of its message.
    part: &'static str,
    /// The end of "This usually means".
    pub(super) usually: &'static str,
    /// Where the book explains it.
    pub(super) read: Option<&'static str>,
}

impl Known {
    fn of(message: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| message.contains(known.part))
    }
}

const KNOWN: &[Known] = &[
    Known {
        part: "JoinError::Panic(",
        usually: "that the join error of a task was unwrapped, which panics with other words than the task did. What it \
                  panicked with is in `into_panic()`.",
        read: Some("tasks-join-errors.html#joinerror-panicked-or-cancelled"),
    },
    Known {
        part: "PoisonError",
        usually: "that somebody has panicked with this lock in hand: each `lock()` from then on is an `Err`. The first panic is \
                  the mistake.",
        read: Some("locks-poisoning.html#a-panic-while-a-lock-is-held"),
    },
    Known {
        part: "TryLockError",
        usually: LOCK_IS_HELD,
        read: Some("locks.html#tokiosyncmutex"),
    },
    Known {
        part: "WouldBlock",
        usually: LOCK_IS_HELD,
        read: Some("locks.html#tokiosyncmutex"),
    },
    Known {
        part: "NoPermits",
        usually: "that all permits are out, which is no error: `try_acquire` does not wait. Say no, or wait with `acquire`.",
        read: Some("semaphores-walls.html#refuse-instead-of-waiting"),
    },
    Known {
        part: "SendError",
        usually: "that the receiver is gone: it was dropped, or closed the queue. Whoever sends has to be ready for that.",
        read: Some("queues.html#when-the-receiver-goes-first"),
    },
    Known {
        part: "RecvError(())",
        usually: "that the sender was dropped and has sent nothing.",
        read: Some("queues-tools.html#oneshot"),
    },
    Known {
        part: "called `Option::unwrap()` on a `None`",
        usually: "that a value can be missing here. Handle the case of `None`.",
        read: None,
    },
    Known {
        part: "called `Result::unwrap()` on an `Err`",
        usually: "that this can fail here. Handle the error, or return it with `?`.",
        read: None,
    },
    Known {
        part: "index out of bounds",
        usually: "that the position was counted for a longer list than this one.",
        read: None,
    },
    Known {
        part: "with overflow",
        usually: "that a number left the range of its type; below zero, often, when counting down.",
        read: None,
    },
    Known {
        part: "`async fn` resumed after",
        usually: "that a future was polled again after it had ended.",
        read: Some("futures-pitfalls.html#polling-after-completion"),
    },
    Known {
        part: "called after complete",
        usually: "that the receiver of a oneshot was ready and is asked again. Look at the branch: its `if` is missing, or \
                  its pattern does not fit. A sender that was dropped gives `Err`.",
        read: Some("queues-tools.html#oneshot"),
    },
    Known {
        part: "already borrowed",
        usually: HELD_BORROW,
        read: Some("gather.html#join"),
    },
    Known {
        part: "already mutably borrowed",
        usually: HELD_BORROW,
        read: Some("gather.html#join"),
    },
    Known {
        part: "Cannot start a runtime from within a runtime",
        usually: "a `block_on` inside async code. Await the future; where nothing can be awaited, poll it.",
        read: Some("event-loop-pitfalls.html#block_on-inside-the-runtime"),
    },
    Known {
        part: "!ret.inner.is_empty()",
        usually: NOTHING_TO_SELECT,
        read: Some("gather-futures-unordered.html#select_all-and-select_ok"),
    },
    Known {
        part: "iterator provided to select_ok was empty",
        usually: NOTHING_TO_SELECT,
        read: Some("gather-futures-unordered.html#select_all-and-select_ok"),
    },
];

const LOCK_IS_HELD: &str = "that somebody else has the lock at this moment, which is no error: `try_lock` does not wait. `lock` does.";

const HELD_BORROW: &str = "that a borrow of a `RefCell` was still held, across an await perhaps.";

const NOTHING_TO_SELECT: &str = "that `select_ok` or `select_all` was given no future: return \
                                 before, when the list is empty.";

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
            Some(run) => {
                let panicked = Panicked::new(info);
                if panicked.ends_the_process() {
                    run.end_process(&verdict::of_a_panicking_drop(&run));
                }
                run.remember_panic(panicked);
            }
            None => former(info),
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::Ready;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Mutex;

    use futures::future::{select_all, select_ok};

    use super::{Known, LONGEST_MESSAGE, message, sentence, short};

    /// Where the book explains the panic that `answer` makes.
    fn explained(answer: fn()) -> Option<&'static str> {
        let payload = catch_unwind(answer).unwrap_err();
        Known::of(&message(&*payload)).and_then(|known| known.read)
    }

    #[test]
    fn the_words_of_libraries_are_known() {
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
                    panic!("the ink is spilt");
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
            Some("semaphores-walls.html#refuse-instead-of-waiting")
        );
        assert_eq!(
            explained(|| {
                let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
                drop(sender);
                receiver.blocking_recv().unwrap();
            }),
            Some("queues-tools.html#oneshot")
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
