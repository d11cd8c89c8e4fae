//! Awaits the next items one after the other. Caught by `merge_sorted::returns_an_item_when_all_next_items_are_known`, which says "their waits add up".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let inputs: Vec<_> = inputs.into_iter().map(StreamExt::peekable).collect();
    let merged = stream::unfold(inputs, |mut inputs| async move {
        let mut heads = Vec::new();
        for (index, input) in inputs.iter_mut().enumerate() {
            if let Some(head) = Pin::new(input).peek().await {
                heads.push((head, index));
            }
        }
        let (_, first) = heads.into_iter().min()?;
        let item = inputs[first].next().await?;
        Some((item, inputs))
    });
    merged.fuse().boxed()
}
