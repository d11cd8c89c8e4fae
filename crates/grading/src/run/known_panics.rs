//! What panics of the standard library, the compiler, tokio and `futures` usually mean.

/// Panics with a common message, and what they usually mean.
pub(super) struct KnownPanic {
    /// A part of the message.
    part: &'static str,
    /// Completes "This usually means".
    pub(super) usually: &'static str,
    /// Where the book explains it.
    pub(super) read: Option<&'static str>,
}

impl KnownPanic {
    /// The first entry whose part is in `message`.
    pub(super) fn of(message: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| message.contains(known.part))
    }
}

const KNOWN: &[KnownPanic] = &[
    KnownPanic {
        part: "JoinError::Panic(",
        usually: "that the join error of a task was unwrapped, which panics with another message than the task did. \
                  The task's own panic is in `into_panic()`.",
        read: Some("tasks-join-errors.html#joinerror-panicked-or-cancelled"),
    },
    KnownPanic {
        part: "PoisonError",
        usually: "that a thread panicked while it held this lock: each `lock()` from then on returns an `Err`. Fix the \
                  first panic.",
        read: Some("locks-poisoning.html#a-panic-while-a-lock-is-held"),
    },
    KnownPanic {
        part: "TryLockError",
        usually: LOCK_IS_HELD,
        read: Some("locks.html#tokiosyncmutex"),
    },
    KnownPanic {
        part: "WouldBlock",
        usually: LOCK_IS_HELD,
        read: Some("locks.html#tokiosyncmutex"),
    },
    KnownPanic {
        part: "NoPermits",
        usually: "that no permit was available, which is not a bug: `try_acquire` does not wait. Refuse, or wait with \
                  `acquire`.",
        read: Some("semaphores-bulkheads.html#bulkhead-refuse-instead-of-waiting"),
    },
    KnownPanic {
        part: "SendError",
        usually: "that the receiver was dropped, or has closed the channel. A sender has to handle that.",
        read: Some("queues.html#when-the-receiver-is-dropped"),
    },
    KnownPanic {
        part: "RecvError(())",
        usually: "that the sender was dropped without sending anything.",
        read: Some("queues-oneshot-broadcast-watch.html#oneshot"),
    },
    KnownPanic {
        part: "called `Option::unwrap()` on a `None`",
        usually: "that a value can be missing here. Handle `None`.",
        read: None,
    },
    KnownPanic {
        part: "called `Result::unwrap()` on an `Err`",
        usually: "that this can fail. Handle the error, or return it with `?`.",
        read: None,
    },
    KnownPanic {
        part: "index out of bounds",
        usually: "that the index was computed for a longer list than this one.",
        read: None,
    },
    KnownPanic {
        part: "subtract with overflow",
        usually: "that a number without a sign would have become less than zero.",
        read: None,
    },
    KnownPanic {
        part: "with overflow",
        usually: "that a number left the range of its type, or was shifted by more bits than it has.",
        read: None,
    },
    KnownPanic {
        part: "`async fn` resumed after",
        usually: "that a future was polled again after it had finished.",
        read: Some("futures-pitfalls.html#polling-after-completion"),
    },
    KnownPanic {
        part: "Unfold must not be polled after it returned",
        usually: "that a stream was polled again after it had returned `None`. A stream that is fused, with `.fuse()`, \
                  returns `None` each time.",
        read: Some("streams-pitfalls.html#polling-a-stream-after-its-end"),
    },
    KnownPanic {
        part: "called after complete",
        usually: "that a `oneshot` receiver was polled again after it was ready. Look at its branch: the `if` is missing, or \
                  the pattern does not match. If the sender was dropped, the receiver returns an `Err`.",
        read: Some("queues-oneshot-broadcast-watch.html#oneshot"),
    },
    KnownPanic {
        part: "already borrowed",
        usually: HELD_BORROW,
        read: Some("gather.html#join"),
    },
    KnownPanic {
        part: "already mutably borrowed",
        usually: HELD_BORROW,
        read: Some("gather.html#join"),
    },
    KnownPanic {
        part: "Cannot start a runtime from within a runtime",
        usually: "a call of `block_on` inside async code. Await the future. Where you cannot await, poll it.",
        read: Some("event-loop-pitfalls.html#block_on-inside-the-runtime"),
    },
    KnownPanic {
        part: "Cannot drop a runtime in a context",
        usually: "that a `Runtime` is dropped in async code, which would wait for its blocking closures. Its method \
                  `shutdown_background` does not wait.",
        read: Some("event-loop-pitfalls.html#a-runtime-dropped-inside-another"),
    },
    KnownPanic {
        part: "Cannot block the current thread from within a runtime",
        usually: "a blocking call inside async code, such as `blocking_send` or `blocking_recv`. Await `send` or `recv`.",
        read: Some("blocking-threads.html#from-a-thread-to-tasks-blocking_send"),
    },
    KnownPanic {
        part: "!ret.inner.is_empty()",
        usually: NOTHING_TO_SELECT,
        read: Some("gather-futures-unordered.html#select_all-and-select_ok"),
    },
    KnownPanic {
        part: "iterator provided to select_ok was empty",
        usually: NOTHING_TO_SELECT,
        read: Some("gather-futures-unordered.html#select_all-and-select_ok"),
    },
];

const LOCK_IS_HELD: &str = "that the lock was held at that moment, which is not a bug: `try_lock` does not wait. \
                            `lock` does.";

const HELD_BORROW: &str = "that a borrow of a `RefCell` was still held, perhaps across an await.";

const NOTHING_TO_SELECT: &str = "that `select_ok` or `select_all` was called without any future. If the list is empty, \
                                 return before the call.";

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::KNOWN;

    /// The pages of the appendix that shows each message with a program.
    fn appendix() -> String {
        let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src");
        let pages = fs::read_dir(book).expect("the book is there");
        let pages = pages.map(|page| page.expect("the book is readable").path());
        pages
            .filter(|page| {
                let name = page.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("error-messages-") && name.ends_with(".md")
            })
            .map(|page| fs::read_to_string(page).expect("the page is readable"))
            .collect()
    }

    #[test]
    fn the_appendix_shows_every_known_panic() {
        let appendix = appendix();
        let missing: Vec<_> = KNOWN
            .iter()
            .map(|known| known.part)
            .filter(|part| !appendix.contains(part))
            .collect();
        assert!(
            missing.is_empty(),
            "no page `src/error-messages-*.md` shows {missing:?}"
        );
    }
}
