//! The inner stream is polled with a waker of its own, which calls the right one. Caught by `UntilError::passes_on_the_waker`, which says "a waker of its own".

impl<S, T, E> Stream for UntilError<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
{
    type Item = Result<T, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(None);
        };
        struct Forward(std::task::Waker);
        impl std::task::Wake for Forward {
            fn wake(self: std::sync::Arc<Self>) {
                self.0.wake_by_ref();
            }
        }
        let waker = std::sync::Arc::new(Forward(cx.waker().clone())).into();
        let item = ready!(stream.poll_next_unpin(&mut Context::from_waker(&waker)));
        if !matches!(item, Some(Ok(_))) {
            self.stream = None;
        }
        Poll::Ready(item)
    }
}
