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

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::task::yield_now;
use tokio::time::{Instant, advance, sleep, sleep_until, timeout};
use tokio_test::io::Builder;

/// Longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(60);

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
    let quiet = ms(100);

    // Only the last value of a burst is passed on, and each value starts the time again.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    advance(ms(60)).await;
    debouncer.push(2);
    advance(ms(60)).await;
    debouncer.push(3);
    assert_next(&mut debouncer, Some(3), quiet).await;
    assert_waits(&mut debouncer).await;

    // A dropped `next` loses neither the value nor the time.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    assert!(timeout(ms(40), debouncer.next()).await.is_err());
    assert_next(&mut debouncer, Some(1), ms(60)).await;

    // Settled values are kept, in order.
    let mut debouncer = new(quiet);
    for value in [1, 2] {
        debouncer.push(value);
        advance(2 * quiet).await;
    }
    assert_next(&mut debouncer, Some(1), ms(0)).await;
    assert_next(&mut debouncer, Some(2), ms(0)).await;

    // `close` settles the last value, and ignores later ones.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    debouncer.push(2);
    debouncer.close();
    debouncer.push(3);
    assert_next(&mut debouncer, Some(2), ms(0)).await;
    for _ in 0..2 {
        assert_next(&mut debouncer, None, ms(0)).await;
    }
}

/// The result of `next` must be `expected`, exactly after this time.
async fn assert_next<D: Debouncer>(debouncer: &mut D, expected: Option<u32>, after: Duration) {
    let start = Instant::now();
    let next = timeout(LIMIT, debouncer.next()).await;
    assert_eq!(next, Ok(expected));
    assert_eq!(start.elapsed(), after, "for {expected:?}");
}

/// There must be no further value.
async fn assert_waits<D: Debouncer>(debouncer: &mut D) {
    let next = timeout(LIMIT, debouncer.next()).await;
    assert!(next.is_err(), "there should be no value, but {next:?}");
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
    for capacity in 1..=3 {
        test_order_and_limit(&new(capacity), capacity as u32).await;
    }
    test_close(&new(3)).await;
    test_waiting_calls(&new(1)).await;
    test_close_ends_a_push(&new(1)).await;
    test_close_ends_a_pop(&new(1)).await;
    test_dropped_calls(&new(1)).await;
    test_drop_of_a_pop_that_could_go_on(&new(1)).await;
}

async fn test_order_and_limit<Q: Queue>(queue: &Q, capacity: u32) {
    for item in 0..capacity {
        assert_eq!(within_limit(queue.push(item)).await, Ok(()));
    }
    assert!(waits(queue.push(capacity)).await, "more than {capacity}");
    for item in 0..capacity {
        assert_eq!(within_limit(queue.pop()).await, Some(item));
    }
    assert!(waits(queue.pop()).await, "it should be empty");
}

async fn test_waiting_calls<Q: Queue>(queue: &Q) {
    let (popped, pushed) = tokio::join!(
        within_limit(queue.pop()),
        when_the_others_wait(async || within_limit(queue.push(0)).await),
    );
    assert_eq!((popped, pushed), (Some(0), Ok(())));
    assert_eq!(within_limit(queue.push(1)).await, Ok(()));
    let (pushed, (popped, at)) = tokio::join!(
        within_limit(queue.push(2)),
        when_the_others_wait(async || (within_limit(queue.pop()).await, Instant::now())),
    );
    assert_eq!((pushed, popped), (Ok(()), Some(1)));
    assert_eq!(Instant::now(), at, "a push does not wait for time");
    assert_eq!(within_limit(queue.pop()).await, Some(2));
}

async fn test_close<Q: Queue>(queue: &Q) {
    for item in 0..2 {
        assert_eq!(within_limit(queue.push(item)).await, Ok(()));
    }
    queue.close();
    assert_eq!(within_limit(queue.push(2)).await, Err(Closed));
    for expected in [Some(0), Some(1), None, None] {
        assert_eq!(within_limit(queue.pop()).await, expected);
    }
}

async fn test_close_ends_a_push<Q: Queue>(queue: &Q) {
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    let (pushed, ()) = tokio::join!(
        within_limit(queue.push(1)),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!(pushed, Err(Closed));
    assert_eq!(within_limit(queue.pop()).await, Some(0));
    assert_eq!(within_limit(queue.pop()).await, None);
}

async fn test_close_ends_a_pop<Q: Queue>(queue: &Q) {
    let (one, other, ()) = tokio::join!(
        within_limit(queue.pop()),
        within_limit(queue.pop()),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!((one, other), (None, None));
}

async fn test_dropped_calls<Q: Queue>(queue: &Q) {
    assert!(waits(queue.pop()).await);
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    assert!(waits(queue.push(1)).await);
    assert_eq!(within_limit(queue.pop()).await, Some(0));
    assert!(waits(queue.pop()).await, "a dropped push adds no item");
}

async fn test_drop_of_a_pop_that_could_go_on<Q: Queue>(queue: &Q) {
    let mut pop = Box::pin(queue.pop());
    assert!(waits(&mut pop).await);
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    drop(pop);
    assert_eq!(within_limit(queue.pop()).await, Some(0));
}

/// Calls `action` when no other future can do anything more without it: then the clock moves on.
async fn when_the_others_wait<T>(action: impl AsyncFnOnce() -> T) -> T {
    sleep(ms(1)).await;
    action().await
}

/// What `call` returns. It must not wait forever.
async fn within_limit<T>(call: impl Future<Output = T>) -> T {
    let returned = timeout(LIMIT, call).await;
    returned.expect("the call should not wait any more")
}

/// Whether `call` waits. It is dropped after some time.
async fn waits(call: impl Future) -> bool {
    timeout(ms(10), call).await.is_err()
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
    // The same lines, in single bytes and in one piece.
    let text = "first\r\n\n  über\r \nold\rmac\r\r\nlast\r";
    let lines = ["first", "", "  über\r ", "old\rmac\r", "last\r"];
    for size in [1, text.len()] {
        let mut script = Builder::new();
        for piece in text.as_bytes().chunks(size) {
            script.read(piece);
        }
        let mut reader = open(Box::new(script.build()));
        for line in lines {
            assert_line(&mut reader, Some(line)).await;
        }
        for _ in 0..2 {
            assert_line(&mut reader, None).await;
        }
    }

    // A line may have any length.
    let long = "x".repeat(2_000);
    let input = io::Cursor::new(format!("{long}\n"));
    let mut reader = open(Box::new(input));
    assert_line(&mut reader, Some(&long)).await;
    assert_line(&mut reader, None).await;

    // A line does not wait for what comes after it, and a dropped call loses nothing.
    let script = Builder::new()
        .read(b"one\n")
        .wait(ms(100))
        .read(b"tw")
        .wait(ms(100))
        .read(b"o\n")
        .build();
    let mut reader = open(Box::new(script));
    let start = Instant::now();
    assert_line(&mut reader, Some("one")).await;
    assert_eq!(start.elapsed(), ms(0));
    assert!(timeout(ms(150), reader.next_line()).await.is_err());
    assert_line(&mut reader, Some("two")).await;
    assert_line(&mut reader, None).await;

    // An error is passed on, after the lines before it.
    let broken = io::ErrorKind::ConnectionReset;
    let script = Builder::new()
        .read(b"one\ntwo\nthr")
        .read_error(broken.into())
        .build();
    let mut reader = open(Box::new(script));
    assert_line(&mut reader, Some("one")).await;
    assert_line(&mut reader, Some("two")).await;
    let failed = timeout(LIMIT, reader.next_line()).await;
    let error = failed.expect("it should return").expect_err("an error");
    assert_eq!(error.kind(), broken);
}

async fn assert_line<L: LineReader>(reader: &mut L, expected: Option<&str>) {
    let line = timeout(LIMIT, reader.next_line()).await;
    let line = line.expect("it should return").expect("no error");
    assert!(
        line.as_deref() == expected,
        "{line:?} should be {expected:?}"
    );
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
    script: RefCell<VecDeque<Reply>>,
    calls: RefCell<Vec<Call>>,
}

impl FakeUpstream {
    /// Creates a fake with this script. It has no calls yet.
    pub fn new(script: Vec<Reply>) -> Self {
        Self {
            script: RefCell::new(script.into()),
            calls: RefCell::default(),
        }
    }

    /// The calls so far, in the order in which they have begun.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.borrow().clone()
    }
}

impl Upstream for FakeUpstream {
    /// Begins a call at its first poll, and returns what the script says.
    ///
    /// # Panics
    ///
    /// At its first poll, if the script has no reply left. The message says "no reply left". Such a call is not recorded.
    async fn fetch(&self, key: u32) -> Result<String, Refused> {
        let reply = self.script.borrow_mut().pop_front();
        let reply = reply.unwrap_or_else(|| panic!("no reply left for key {key}"));
        let began = Instant::now();
        let call = Recorded::begin(&self.calls, key, began);
        yield_now().await; // a call to an upstream is never ready at once
        sleep_until(began + reply.latency).await;
        call.replied();
        reply.result
    }
}

/// A call that is recorded as dropped, unless it has replied before that.
struct Recorded<'a> {
    calls: &'a RefCell<Vec<Call>>,
    index: usize,
}

impl<'a> Recorded<'a> {
    fn begin(calls: &'a RefCell<Vec<Call>>, key: u32, began: Instant) -> Self {
        let index = calls.borrow().len();
        let end = End::Pending;
        calls.borrow_mut().push(Call { key, began, end });
        Self { calls, index }
    }

    fn replied(self) {
        self.end(End::Replied(Instant::now()));
    }

    fn end(&self, end: End) {
        self.calls.borrow_mut()[self.index].end = end;
    }
}

impl Drop for Recorded<'_> {
    fn drop(&mut self) {
        let is_pending = self.calls.borrow()[self.index].end == End::Pending;
        if is_pending {
            self.end(End::Dropped(Instant::now()));
        }
    }
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
