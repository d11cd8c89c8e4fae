//! Takes the inner stream for a poll, and loses it when it is pending. Caught by `UntilError::returns_the_items_up_to_the_first_error`, which says "not put back".

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
        let Poll::Ready(item) = stream.poll_next_unpin(cx) else {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        };
        if matches!(item, Some(Ok(_))) {
            self.stream = Some(stream);
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
