//! Testing: a fake, and three exercises in which you write the tests. The grader tries them on programs that keep their
//! contract, and on programs that do not.
//!
//! Each of your `test_` functions panics if a program breaks a sentence of its contract, for example with `assert_eq!`, and
//! returns otherwise. The same holds for all of them:
//!
//! - They pass every program that keeps the contract, and they fail every one that does not, each time they run.
//! - The clock is paused, on a runtime with one thread, so that no wait takes real time. They must not sleep in real time.
//! - They come to an end with every program, also with one that never returns. A program that has not done something after
//!   a day of virtual time will never do it.
//! - They may ask for a new program as often as they like.
//! - Where a contract gives an instant, it is an instant of tokio's clock, exactly. How often a future is pending until
//!   then, and how many polls of other futures that needs, is left open.

use std::io;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::time::Instant;

/// Passes on the last value of each burst: a value is passed on when no other value has arrived for some time.
///
/// It is made with that time, `quiet`, which is a whole number of milliseconds, and at least 2 ms.
///
/// - A value is *settled* at the instant `quiet` after it has arrived, if no other value has arrived in the meantime. A value
///   that is followed by another one before it is settled is never passed on. If the next value arrives at the instant at which it
///   would be settled, it is left open whether it is.
/// - A settled value is kept until `next` returns it, also if other values arrive. Values are returned in the order in
///   which they have arrived, and each of them once.
pub trait Debouncer {
    /// A value arrives. This does not wait.
    ///
    /// Values that arrive after [`close`](Debouncer::close) are ignored.
    fn push(&mut self, value: u32);

    /// Returns the next settled value: at once if there is one, and otherwise at the instant at which a value is
    /// settled. Without a value it waits forever.
    ///
    /// After `close`, it returns `None` when all values are returned, and does so in each later call.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no value is lost, and the time goes on as if `next` had not been called.
    fn next(&mut self) -> impl Future<Output = Option<u32>>;

    /// No more values arrive. If there is a value that is not settled, it is settled now.
    fn close(&mut self);
}

/// Tests a debouncer: panics if what `new(quiet)` makes breaks a sentence of the contract of [`Debouncer`], and returns
/// otherwise. The [module](self) says what holds for all tests.
pub async fn test_debouncer<D: Debouncer>(new: impl Fn(Duration) -> D) {
    todo!()
}

/// The queue is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

/// A queue with a limit.
///
/// It is made with its `capacity`, at least 1, which is the highest number of items in it.
///
/// - Items are popped in the order in which they were pushed.
/// - If several calls of `push` or of `pop` wait, it is left open which of them goes on first.
pub trait Queue {
    /// Adds an item at the back. While the queue is full, it waits, until there is room or the queue is closed.
    ///
    /// # Errors
    ///
    /// If the queue is closed, also if that happens while it waits. Then the item is not added.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, the item is not added.
    fn push(&self, item: u32) -> impl Future<Output = Result<(), Closed>>;

    /// Removes the item at the front, and returns it. While the queue is empty, it waits, until there is an item or the queue
    /// is closed. `None` means that the queue is closed and empty.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, no item is lost.
    fn pop(&self) -> impl Future<Output = Option<u32>>;

    /// Closes the queue. The items in it stay, and can be popped.
    fn close(&self);
}

/// Tests a queue: panics if what `new(capacity)` makes breaks a sentence of the contract of [`Queue`], and returns otherwise. The
/// [module](self) says what holds for all tests.
///
/// No call of a queue waits for time: whatever it can do, it does at the same instant.
pub async fn test_queue<Q: Queue>(new: impl Fn(usize) -> Q) {
    todo!()
}

/// What lines are read from: a socket, a file, or a script.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// Reads lines.
///
/// It is made of an [`Input`], whose bytes are UTF-8 and may arrive in pieces of any size. What is returned does not depend on
/// these pieces.
///
/// - A line is the text up to the next `\n`, without it. If a `\r` comes right before the `\n`, it is not part of the line
///   either. Any other `\r`, and every blank, belongs to the line.
/// - An empty line is a line. A line may have any length.
/// - What follows the last `\n` is a line, if it is not empty, and is returned when the input ends.
pub trait LineReader {
    /// Returns the next line as soon as its `\n` has arrived, or `None` at the end of the input. After the end, each call
    /// returns `None`.
    ///
    /// # Errors
    ///
    /// If reading fails, with an error of the same kind. Lines whose `\n` arrived before that are returned before the error.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no bytes are lost: the next call goes on.
    fn next_line(&mut self) -> impl Future<Output = io::Result<Option<String>>>;
}

/// Tests a reader of lines: panics if what `open(input)` makes breaks a sentence of the contract of [`LineReader`], and returns
/// otherwise. The [module](self) says what holds for all tests.
///
/// How many bytes it asks for in a read, and how far it reads ahead, is left open.
pub async fn test_line_reader<L: LineReader>(open: impl Fn(Input) -> L) {
    todo!()
}

/// The upstream has refused a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// What code under test calls.
pub trait Upstream {
    /// Fetches the value of a key.
    ///
    /// # Errors
    ///
    /// If the upstream refuses the request.
    fn fetch(&self, key: u32) -> impl Future<Output = Result<String, Refused>>;
}

/// One reply of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// How long the call takes, in whole milliseconds. It may be zero.
    pub latency: Duration,
    /// What the call returns.
    pub result: Result<String, Refused>,
}

/// How a call has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It goes on.
    Pending,
    /// It has returned, at this instant.
    Replied(Instant),
    /// Its future was dropped before that, at this instant.
    Dropped(Instant),
}

/// What a [`FakeUpstream`] has recorded about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The key that was fetched.
    pub key: u32,
    /// When it has begun.
    pub began: Instant,
    /// How it has ended.
    pub end: End,
}

/// A fake upstream for tests: it replies as a script says, and records its calls.
///
/// - A call begins at the first poll of its future: at that moment it is recorded, and takes the next reply of the script.
///   A future that is dropped before it is polled is no call, and takes none.
/// - A call returns at the instant `latency` after it has begun. It is pending at its first poll, even if `latency` is zero.
/// - Calls may overlap, and none waits for another one.
/// - If a future is dropped while it is pending, the call is recorded as [`End::Dropped`]. Its reply is not given to another
///   call.
///
pub struct FakeUpstream {
    // Your fields in place of this one.
    _fields: (),
}

impl FakeUpstream {
    /// Creates a fake with this script. It has no calls yet.
    pub fn new(script: Vec<Reply>) -> Self {
        todo!()
    }

    /// The calls so far, in the order in which they have begun.
    pub fn calls(&self) -> Vec<Call> {
        todo!()
    }
}

impl Upstream for FakeUpstream {
    /// Begins a call at its first poll, and returns what the script says.
    ///
    /// # Panics
    ///
    /// At its first poll, if the script has no reply left. The message says "no reply left". Such a call is not recorded.
    async fn fetch(&self, key: u32) -> Result<String, Refused> {
        todo!()
    }
}
