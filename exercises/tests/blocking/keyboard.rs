//! The keyboard of a test, and a reader that blocks until something is typed.

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use grading::WatchedThread;

use super::*;

/// What is typed here is read by the thread of an answer. The input ends when it is dropped.
pub(super) struct Keyboard(mpsc::Sender<io::Result<Vec<u8>>>);

impl Keyboard {
    pub(super) fn types(&self, text: impl AsRef<[u8]>) {
        let _ = self.0.send(Ok(text.as_ref().to_vec()));
    }

    pub(super) fn fails(&self, kind: ErrorKind) {
        let _ = self.0.send(Err(kind.into()));
    }
}

/// Blocks until something has been typed.
pub(super) struct Reader {
    typed: mpsc::Receiver<io::Result<Vec<u8>>>,
    rest: Vec<u8>,
    reads: Arc<AtomicUsize>,
    thread: Arc<OnceLock<WatchedThread>>,
    _until_dropped: mpsc::Sender<()>,
}

/// What is seen of the reader from outside.
pub(super) struct Observer {
    reads: Arc<AtomicUsize>,
    thread: Arc<OnceLock<WatchedThread>>,
    dropped: mpsc::Receiver<()>,
}

pub(super) fn input() -> (Keyboard, Reader, Observer) {
    let ((keyboard, typed), (until_dropped, dropped)) = (mpsc::channel(), mpsc::channel());
    let (reads, thread) = (Arc::default(), Arc::default());
    let reader = Reader {
        typed,
        rest: Vec::new(),
        reads: Arc::clone(&reads),
        thread: Arc::clone(&thread),
        _until_dropped: until_dropped,
    };
    let observer = Observer {
        reads,
        thread,
        dropped,
    };
    (Keyboard(keyboard), reader, observer)
}

impl Observer {
    /// How many of the things that were typed have been read, or begun to be.
    pub(super) fn reads(&self) -> usize {
        self.reads.load(SeqCst)
    }

    pub(super) fn is_dropped(&self) -> bool {
        self.dropped.try_recv() == Err(mpsc::TryRecvError::Disconnected)
    }

    /// Blocks until the reader is dropped.
    pub(super) fn wait_until_dropped(&self) {
        let _ = self.dropped.recv();
    }

    /// Blocks until the thread that has read something waits: for something to be typed, or for room.
    pub(super) fn wait_until_the_thread_rests(&self) {
        if let Some(thread) = self.thread.get() {
            thread.wait_until_it_rests();
        }
    }
}

impl BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        check(!is_in_a_runtime(), || {
            Failure::new("The reader should be read on a thread of its own; the thread is one of the runtime.")
                .usually(
                    "that it was started with `spawn_blocking`. A runtime waits for such a thread when it is shut down, so a \
                     program that reads standard input ends only after Enter.",
                )
                .read(STDIN)
        });
        self.thread.get_or_init(WatchedThread::current);
        if self.rest.is_empty()
            && let Ok(typed) = self.typed.recv()
        {
            self.reads.fetch_add(1, SeqCst);
            self.rest = typed?;
        }
        Ok(&self.rest)
    }

    fn consume(&mut self, amount: usize) {
        self.rest.drain(..amount);
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let amount = available.len().min(buffer.len());
        buffer[..amount].copy_from_slice(&available[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}
