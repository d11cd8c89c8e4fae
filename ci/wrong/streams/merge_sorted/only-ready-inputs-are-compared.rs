//! Compares the items that are there, and does not wait for the other inputs. Caught by `merge_sorted::merges_any_inputs`, which says "in which they arrive".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let mut inputs: Vec<_> = inputs.into_iter().map(StreamExt::peekable).collect();
    let merged = stream::poll_fn(move |cx| {
        let (mut heads, mut waits) = (Vec::new(), false);
        for (index, input) in inputs.iter_mut().enumerate() {
            match Pin::new(input).poll_peek(cx) {
                Poll::Ready(Some(head)) => heads.push((head, index)),
                Poll::Ready(None) => {}
                Poll::Pending => waits = true,
            }
        }
        match heads.into_iter().min() {
            Some((_, first)) => inputs[first].poll_next_unpin(cx),
            None if waits => Poll::Pending,
            None => Poll::Ready(None),
        }
    });
    merged.fuse().boxed()
}
