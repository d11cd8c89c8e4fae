//! Remembers an error, and not the end. Caught by `UntilError::returns_none_after_the_end_without_a_poll`, which says "should not be polled again".

#[derive(Debug)]
pub struct UntilError<S> {
    stream: Option<S>,
    ended: bool,
}

impl<S> UntilError<S> {
    pub fn new(stream: S) -> Self {
        Self {
            stream: Some(stream),
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
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(None);
        };
        let item = ready!(stream.poll_next_unpin(cx));
        self.ended = item.is_none();
        if matches!(item, Some(Err(_))) {
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
        self.ended || self.stream.is_none()
    }
}
