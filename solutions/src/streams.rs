//! Streams: the client of an API with pages, and adapters for an ingest pipeline.
//!
//! Most of these are `unfold` around a few lines of async code. Its future is a part of the stream, so dropping the future
//! of `next` changes nothing: the next call goes on where the last one was dropped.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::future::join_all;
use futures::stream::{self, BoxStream, FusedStream};
use futures::{Stream, StreamExt, TryStreamExt};
use tokio::time::{Instant, sleep_until, timeout_at};

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

/// The argument of the next call of `fetch`.
enum Request {
    First,
    At(Cursor),
}

/// Returns the items of all pages, in order. The pages are requested with `fetch`, one at a time, when they are needed. Ends
/// after an error.
///
/// # Cancel safety
///
/// Dropping the future of `next` does not cancel a request that is in progress. Dropping the stream does.
pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let pages = stream::try_unfold(Some(Request::First), move |request| {
        let response = request.map(|request| match request {
            Request::First => fetch(None),
            Request::At(cursor) => fetch(Some(cursor)),
        });
        async move {
            let Some(response) = response else {
                return Ok(None);
            };
            let Page { items, next } = response.await?;
            let items = stream::iter(items).map(Ok);
            Ok(Some((items, next.map(Request::At))))
        }
    });
    pages.try_flatten().fuse().boxed()
}

/// A stream of results that ends after its first error.
#[derive(Debug)]
pub struct UntilError<S> {
    /// `None` when it has ended or failed
    stream: Option<S>,
}

impl<S> UntilError<S> {
    /// A stream that returns the items of `stream` up to the first error, including it.
    pub fn new(stream: S) -> Self {
        Self {
            stream: Some(stream),
        }
    }
}

impl<S, T, E> Stream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(None);
        };
        let item = ready!(stream.poll_next_unpin(cx));
        if !matches!(item, Some(Ok(_))) {
            self.stream = None;
        }
        Poll::Ready(item)
    }
}

impl<S, T, E> FusedStream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    fn is_terminated(&self) -> bool {
        self.stream.is_none()
    }
}

/// Merges streams whose items are in ascending order into one whose items are. Of equal items, that of the first input comes
/// first.
///
/// # Cancel safety
///
/// Dropping the future of `next` loses no item.
pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let inputs: Vec<_> = inputs.into_iter().map(StreamExt::peekable).collect();
    let merged = stream::unfold(inputs, |mut inputs| async move {
        let peeks = inputs.iter_mut().map(|input| Pin::new(input).peek());
        let heads = join_all(peeks).await.into_iter().enumerate();
        // Of equal items the one with the lower index is the least.
        let heads = heads.filter_map(|(index, head)| Some((head?, index)));
        let (_, first) = heads.min()?;
        let item = inputs[first].next().await?;
        Some((item, inputs))
    });
    merged.fuse().boxed()
}

/// Returns the items of `input`, at most `burst` of them in any `period`. While the limit is reached, `input` is not polled.
///
/// # Cancel safety
///
/// Dropping the future of `next` loses no item, and a wait does not start again.
pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    // When each of the last items was returned, at most `burst` of them.
    let returned = VecDeque::new();
    let limited = stream::unfold(
        (input, returned),
        move |(mut input, mut returned)| async move {
            if returned.len() == burst {
                let oldest: Instant = returned.pop_front()?;
                sleep_until(oldest + period).await;
            }
            let item = input.next().await?;
            returned.push_back(Instant::now());
            Some((item, (input, returned)))
        },
    );
    limited.fuse().boxed()
}

/// Returns the lines of `lines` in batches of at most `max_bytes`, each of them `max_wait` after its first line at the
/// latest.
///
/// # Cancel safety
///
/// Dropping the future of `next` loses no line, and `max_wait` does not begin again.
pub fn batch_lines(
    lines: BoxStream<'static, String>,
    max_bytes: usize,
    max_wait: Duration,
) -> BoxStream<'static, Vec<String>> {
    // The line that did not fit into the last batch, and when it was taken.
    let held: Option<(String, Instant)> = None;
    let batches = stream::unfold((lines.fuse(), held), move |(mut lines, held)| async move {
        let (first, taken) = match held {
            Some(held) => held,
            None => (lines.next().await?, Instant::now()),
        };
        let deadline = taken + max_wait;
        let (mut bytes, mut batch) = (first.len(), vec![first]);
        while bytes < max_bytes {
            // A timeout polls the stream before it looks at the clock.
            let Ok(Some(line)) = timeout_at(deadline, lines.next()).await else {
                break;
            };
            if line.len() > max_bytes - bytes {
                return Some((batch, (lines, Some((line, Instant::now())))));
            }
            bytes += line.len();
            batch.push(line);
        }
        Some((batch, (lines, None)))
    });
    batches.fuse().boxed()
}
