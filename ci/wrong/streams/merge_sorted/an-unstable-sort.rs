//! Sorts the next items with an unstable sort, which keeps the order of few only. Caught by `merge_sorted::merges_any_inputs`, which says "of equal items".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let mut inputs: Vec<(BoxStream<'static, T>, Option<T>)> =
        inputs.into_iter().map(|input| (input, None)).collect();
    stream::poll_fn(move |cx| {
        let mut waits = false;
        let mut index = 0;
        while index < inputs.len() {
            let (input, head) = &mut inputs[index];
            if head.is_none() {
                match input.poll_next_unpin(cx) {
                    Poll::Pending => waits = true,
                    Poll::Ready(None) => {
                        drop(inputs.remove(index));
                        continue;
                    }
                    Poll::Ready(item) => *head = item,
                }
            }
            index += 1;
        }
        if waits {
            return Poll::Pending;
        }
        let mut heads: Vec<&mut Option<T>> = inputs.iter_mut().map(|(_, head)| head).collect();
        heads.sort_unstable();
        Poll::Ready(heads.into_iter().next().and_then(Option::take))
    })
    .boxed()
}
