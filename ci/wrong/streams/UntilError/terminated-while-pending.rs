//! `is_terminated` is true while the inner stream is pending. Caught by `UntilError::is_terminated_from_the_last_item_on`, which says "is pending".

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
            return Poll::Ready(None);
        };
        match stream.poll_next_unpin(cx) {
            Poll::Pending => {
                self.ended = true;
                Poll::Pending
            }
            Poll::Ready(Some(Ok(item))) => {
                self.ended = false;
                Poll::Ready(Some(Ok(item)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.stream.clear();
                self.ended = true;
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
        self.ended
    }
}
