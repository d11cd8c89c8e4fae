//! The next items are collected in each poll, and lost if one input is pending. Caught by `merge_sorted::merges_any_inputs`, which says "Keep each item that is known".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let mut inputs: Vec<_> = inputs.into_iter().map(StreamExt::fuse).collect();
    let mut sorted: std::collections::BTreeMap<(usize, usize), T> = Default::default();
    let mut returned = 0;
    let merged = stream::poll_fn(move |cx| {
        if let Some((_, item)) = sorted.pop_first() {
            return Poll::Ready(Some(item));
        }
        let mut heads = Vec::new();
        for (index, input) in inputs.iter_mut().enumerate() {
            if let Some(head) = ready!(input.poll_next_unpin(cx)) {
                heads.push((head, index));
            }
        }
        heads.sort();
        for (head, index) in heads {
            returned += 1;
            sorted.insert((returned, index), head);
        }
        Poll::Ready(sorted.pop_first().map(|(_, item)| item))
    });
    merged.fuse().boxed()
}
