//! Of equal items, that of the last input is returned. Caught by `merge_sorted::merges_any_inputs`, which says "of equal items".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let inputs: Vec<_> = inputs.into_iter().map(StreamExt::peekable).collect();
    let merged = stream::unfold(inputs, |mut inputs| async move {
        let peeks = inputs.iter_mut().map(|input| Pin::new(input).peek());
        let heads = join_all(peeks).await.into_iter().enumerate();
        let heads = heads.filter_map(|(index, head)| Some((head?, std::cmp::Reverse(index))));
        let (_, std::cmp::Reverse(first)) = heads.min()?;
        let item = inputs[first].next().await?;
        Some((item, inputs))
    });
    merged.fuse().boxed()
}
