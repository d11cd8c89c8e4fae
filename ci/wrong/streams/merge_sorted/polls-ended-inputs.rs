//! Polls an input again after it has ended. Caught by `merge_sorted::an_ended_input_is_not_polled_again`, which says "should not be polled again".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let mut inputs: Vec<_> = inputs.into_iter().map(|input| (input, None::<T>)).collect();
    let merged = stream::poll_fn(move |cx| {
        let mut waits = false;
        for (input, head) in &mut inputs {
            if head.is_none() {
                match input.poll_next_unpin(cx) {
                    Poll::Ready(item) => *head = item,
                    Poll::Pending => waits = true,
                }
            }
        }
        if waits {
            return Poll::Pending;
        }
        let known = inputs.iter_mut().filter(|(_, head)| head.is_some());
        let first = known.min_by(|(_, one), (_, other)| one.cmp(other));
        Poll::Ready(first.and_then(|(_, head)| head.take()))
    });
    merged.fuse().boxed()
}
