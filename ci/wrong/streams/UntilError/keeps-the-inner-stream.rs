//! Remembers the end in a flag, and keeps the inner stream. Caught by `UntilError::drops_the_inner_stream_at_once`, which says "the inner stream is kept".

#[derive(Debug)]
pub struct UntilError<S> {
    stream: S,
    ended: bool,
}

impl<S> UntilError<S> {
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            ended: false,
        }
    }
}

impl<S, T, E> Stream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let item = ready!(self.stream.poll_next_unpin(cx));
        self.ended = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}

impl<S, T, E> FusedStream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    fn is_terminated(&self) -> bool {
        self.ended
    }
}
