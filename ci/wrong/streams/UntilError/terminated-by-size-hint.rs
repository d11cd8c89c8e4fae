//! `is_terminated` asks `size_hint`, which knows the end before `None` has been returned. Caught by `UntilError::is_terminated_from_the_last_item_on`, which says "too early".

#[derive(Debug)]
pub struct UntilError<S> {
    stream: Option<S>,
}

impl<S> UntilError<S> {
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
        let Some(mut stream) = self.stream.take() else {
            return Poll::Ready(None);
        };
        let poll = stream.poll_next_unpin(cx);
        if matches!(poll, Poll::Pending | Poll::Ready(Some(Ok(_)))) {
            self.stream = Some(stream);
        }
        poll
    }
}

impl<S, T, E> FusedStream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    fn is_terminated(&self) -> bool {
        self.stream
            .as_ref()
            .is_none_or(|stream| stream.size_hint() == (0, Some(0)))
    }
}
