//! Drops the inner stream when it is polled after the error. Caught by `UntilError::drops_the_inner_stream_at_once`, which says "the next poll drops".

#[derive(Debug)]
pub struct UntilError<S> {
    stream: Option<S>,
    failed: bool,
}

impl<S> UntilError<S> {
    pub fn new(stream: S) -> Self {
        Self {
            stream: Some(stream),
            failed: false,
        }
    }
}

impl<S, T, E> Stream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.failed {
            self.stream = None;
        }
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(None);
        };
        let item = ready!(stream.poll_next_unpin(cx));
        self.failed = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}

impl<S, T, E> FusedStream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    fn is_terminated(&self) -> bool {
        self.failed || self.stream.is_none()
    }
}
