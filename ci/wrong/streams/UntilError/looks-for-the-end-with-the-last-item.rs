//! With the last item it polls the stream again, to find out whether that has ended. Caught by `UntilError::polls_the_inner_stream_at_most_once_in_each_poll`, which says "or whether it has ended".

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
        if matches!(item, Some(Ok(_))) {
            if stream.size_hint().1 == Some(0) {
                let _none = stream.poll_next_unpin(cx);
            }
        } else {
            self.stream = None;
        }
        Poll::Ready(item)
    }
}
