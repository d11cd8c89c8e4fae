//! Returns `None` instead of the error. Caught by `UntilError::returns_the_items_up_to_the_first_error`, which says "the error is lost".

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
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(None);
        };
        let item = ready!(stream.poll_next_unpin(cx));
        if !matches!(item, Some(Ok(_))) {
            self.stream = None;
            return Poll::Ready(None);
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
