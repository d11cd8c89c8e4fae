//! Ends when one of the inputs has ended. Caught by `merge_sorted::merges_any_inputs`, which says "ends before all inputs have ended".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let inputs: Vec<_> = inputs.into_iter().map(StreamExt::peekable).collect();
    let merged = stream::unfold(inputs, |mut inputs| async move {
        let peeks = inputs.iter_mut().map(|input| Pin::new(input).peek());
        let heads = join_all(peeks)
            .await
            .into_iter()
            .collect::<Option<Vec<_>>>()?;
        let (_, first) = heads.into_iter().zip(0..).min()?;
        let first: usize = first;
        let item = inputs[first].next().await?;
        Some((item, inputs))
    });
    merged.fuse().boxed()
}
