//! Reads all inputs to their ends, and sorts. Caught by `merge_sorted::holds_one_item_of_each_input`, which says "read ahead".

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let all = async move {
        let lists = join_all(inputs.into_iter().map(|input| input.collect::<Vec<_>>())).await;
        let mut items: Vec<T> = lists.into_iter().flatten().collect();
        items.sort();
        stream::iter(items)
    };
    stream::once(all).flatten().fuse().boxed()
}
