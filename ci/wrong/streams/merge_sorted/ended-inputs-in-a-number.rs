//! Keeps the inputs that have ended in the bits of a number, which has 64 of them. Caught by `merge_sorted::merges_many_inputs`, which says "attempt to shift left with overflow".

enum Head<T> {
    Unknown,
    Known(T),
    Ended,
}

pub fn merge_sorted<T>(inputs: Vec<BoxStream<'static, T>>) -> BoxStream<'static, T>
where
    T: Ord + Send + Sync + 'static,
{
    let mut inputs: Vec<(BoxStream<'static, T>, Head<T>)> = inputs
        .into_iter()
        .map(|input| (input, Head::Unknown))
        .collect();
    let mut ended = 0_u64;
    stream::poll_fn(move |cx| {
        let mut waiting = false;
        for (index, (input, head)) in inputs.iter_mut().enumerate() {
            if matches!(head, Head::Unknown) && ended & (1 << index) == 0 {
                match input.poll_next_unpin(cx) {
                    Poll::Ready(Some(item)) => *head = Head::Known(item),
                    Poll::Ready(None) => ended |= 1 << index,
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            return Poll::Pending;
        }
        let mut least: Option<(usize, &T)> = None;
        for (index, (_, head)) in inputs.iter().enumerate() {
            if let Head::Known(item) = head
                && least.is_none_or(|(_, least)| item < least)
            {
                least = Some((index, item));
            }
        }
        let Some((index, _)) = least else {
            return Poll::Ready(None);
        };
        match std::mem::replace(&mut inputs[index].1, Head::Unknown) {
            Head::Known(item) => Poll::Ready(Some(item)),
            _ => unreachable!("the least item is known"),
        }
    })
    .boxed()
}
