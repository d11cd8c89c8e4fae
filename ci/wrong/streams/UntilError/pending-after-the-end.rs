//! Returns `None` once, and is pending from then on. Caught by `UntilError::returns_none_after_the_end_without_a_poll`, which says "it is pending".

#[derive(Debug)]
pub struct UntilError<S> {
    stream: Vec<S>,
    ended: bool,
}

impl<S> UntilError<S> {
    pub fn new(stream: S) -> Self {
        Self {
            stream: vec![stream],
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
        let Some(stream) = self.stream.first_mut() else {
            if !self.ended {
                self.ended = true;
                return Poll::Ready(None);
            }
            return Poll::Pending;
        };
        match stream.poll_next_unpin(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(item))) => Poll::Ready(Some(Ok(item))),
            Poll::Ready(Some(Err(error))) => {
                self.stream.clear();
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(None) => {
                self.stream.clear();
                self.ended = true;
                Poll::Ready(None)
            }
        }
    }
}

impl<S, T, E> FusedStream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    fn is_terminated(&self) -> bool {
        self.stream.is_empty()
    }
}
