//! A task for each input reads one item ahead, into a channel. Caught by `merge_sorted::holds_one_item_of_each_input`, which says "a spawned task".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let inputs = inputs.into_iter().map(|mut input| {
        let (tx, rx) = tokio::sync::mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(item) = input.next().await {
                if tx.send(item).await.is_err() {
                    return;
                }
            }
        });
        tokio_stream::wrappers::ReceiverStream::new(rx).peekable()
    });
    let inputs: Vec<_> = inputs.collect();
    let merged = stream::unfold(inputs, |mut inputs| async move {
        let peeks = inputs.iter_mut().map(|input| Pin::new(input).peek());
        let heads = join_all(peeks).await.into_iter().enumerate();
        let heads = heads.filter_map(|(index, head)| Some((head?, index)));
        let (_, first) = heads.min()?;
        let item = inputs[first].next().await?;
        Some((item, inputs))
    });
    merged.fuse().boxed()
}
