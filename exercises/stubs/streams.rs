//! Streams: the client of an API with pages, and adapters for an ingest pipeline.
//!
//! Streams are returned as `BoxStream`s: pinned in a box, so that a caller can call `next` on them. Durations are whole
//! milliseconds, which is what tokio's timer counts in, and at most a thousand years: an instant so far ahead still exists.
//!
//! What holds for each of these streams:
//!
//! - Calling the function, or `new`, polls nothing and calls nothing. A stream does something only while it is polled.
//! - When it has returned `None`, it returns `None` whenever it is polled again. It does not panic.
//! - Dropping the future of `next` loses no item. What was in progress goes on in the next call of `next`.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use futures::stream::{BoxStream, FusedStream};

/// Where a page begins. Its value has no meaning to a client.
pub type Cursor = u32;

/// A part of the result of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The items of this page, perhaps none
    pub items: Vec<u32>,
    /// Where the next page begins, or `None` if there are no more
    pub next: Option<Cursor>,
}

/// A request that failed, with the status of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiError(pub u16);

/// Returns the items of all pages, in order. The pages are requested with `fetch`, one at a time, when they are needed.
///
/// The first page is requested with `fetch(None)`, and each other one with `fetch(Some(cursor))`, where `cursor` is the
/// `next` of the page before.
///
/// - A page is requested when the stream is polled and all items of the pages before it have been returned: not
///   earlier.
/// - A page without items that has a `next` is no end: the page after it is requested at once. Any number of such pages
///   may follow each other.
/// - The stream ends after the last item of a page whose `next` is `None`. `fetch` is not called again.
/// - An error is an item, and the last one: after it the stream ends. `fetch` is not called again.
///
/// # Cancel safety
///
/// Dropping the future of `next` does not cancel a request that is in progress: the next call of `next` awaits the same
/// one. Dropping the stream cancels it.
pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    todo!()
}

/// A stream of results that ends after its first error.
///
/// It returns the items of the stream that it is made of. That stream is polled at most once in each poll of this one,
/// with the same waker, and it is dropped in the poll in which it has returned an error or `None`. (The connection that
/// it reads from is free then.)
#[derive(Debug)]
pub struct UntilError<S> {
    // Replace this field with yours.
    _stream: std::marker::PhantomData<S>,
}

impl<S> UntilError<S> {
    /// A stream that returns the items of `stream` up to the first error, including it.
    pub fn new(stream: S) -> Self {
        todo!()
    }
}

impl<S, T, E> Stream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        todo!()
    }
}

impl<S, T, E> FusedStream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    /// Whether nothing but `None` will come: `true` as soon as an error or `None` has been returned, and `false` before.
    fn is_terminated(&self) -> bool {
        todo!()
    }
}

/// Merges streams whose items are in ascending order into one whose items are.
///
/// An item is returned as soon as each input has shown its next item or its end. It is the least of these next items. If
/// several are equal, it is that of the input which comes first in `inputs`.
///
/// - All inputs whose next item is not known are polled together, so that their waits overlap.
/// - An input whose next item is known is not polled. So no more than one item of each input is ever held.
/// - An input that has ended is not polled again.
/// - The stream ends when all inputs have ended. Without inputs it ends at once.
///
/// # Cancel safety
///
/// Dropping the future of `next` loses no item. The items that are known stay known.
pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    todo!()
}

/// Returns the items of `input`, at most `burst` of them in any `period`.
///
/// The first `burst` items are returned as soon as `input` has them. Each later item may be returned when `period` has passed
/// since the instant at which the item `burst` places before it was returned, and not earlier.
///
/// - Until the next item may be returned, `input` is not polled. So its end is also not noticed before that.
/// - From then on `input` is polled, and its item is returned as soon as `input` has it.
/// - Only the instants at which items were returned count. A limit that was not used up, because `input` or the caller was
///   slow, does not allow more than `burst` items in a `period` later.
/// - When `input` has ended, it is not polled again.
/// - `burst` is from 1 to `usize::MAX`. A `period` of zero is no limit.
///
/// # Cancel safety
///
/// Dropping the future of `next` loses no item, and a wait does not start again.
pub fn rate_limited<T>(
    mut input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    todo!()
}

/// Returns the lines of `lines` in batches, for an API that limits the size of a request.
///
/// All lines are returned, in order. A batch has at least one line, and its lines have `max_bytes` bytes or less (the sum of
/// their `len()`). Only a line that is larger alone is a batch of its own.
///
/// A batch is returned as soon as one of these is true:
///
/// - Its lines have `max_bytes` bytes or more.
/// - A line has been taken that does not fit. That line begins the next batch.
/// - `max_wait` has passed since its first line was taken from `lines`. A line that `lines` has ready at that instant is
///   taken first.
/// - `lines` has ended. It is not polled again.
///
/// `max_bytes` may be any number: with 0 each line is a batch of its own, and `usize::MAX` is no limit.
///
/// Nothing is taken from `lines` while the stream is not polled, but time passes: a batch whose `max_wait` is over is
/// returned when the stream is polled, with the lines that are ready then, as far as they fit.
///
/// # Cancel safety
///
/// Dropping the future of `next` loses no line, and `max_wait` does not begin again.
pub fn batch_lines(
    lines: BoxStream<'static, String>,
    max_bytes: usize,
    max_wait: Duration,
) -> BoxStream<'static, Vec<String>> {
    todo!()
}
