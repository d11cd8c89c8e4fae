//! The stream panics when it is polled after its end. Caught by `merge_sorted::an_ended_input_is_not_polled_again`, which says "fused".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let inputs: Vec<_> = inputs.into_iter().map(StreamExt::peekable).collect();
    let merged = stream::unfold(inputs, |mut inputs| async move {
        let peeks = inputs.iter_mut().map(|input| Pin::new(input).peek());
        let heads = join_all(peeks).await.into_iter().enumerate();
        let heads = heads.filter_map(|(index, head)| Some((head?, index)));
        let (_, first) = heads.min()?;
        let item = inputs[first].next().await?;
        Some((item, inputs))
    });
    merged.boxed()
}
