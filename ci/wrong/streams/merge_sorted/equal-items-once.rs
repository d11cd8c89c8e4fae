//! Returns equal items of several inputs once. Caught by `merge_sorted::merges_any_inputs`, which says "equal to others".

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
    stream::poll_fn(move |cx| {
        let mut waiting = false;
        for (input, head) in &mut inputs {
            if matches!(head, Head::Unknown) {
                match input.poll_next_unpin(cx) {
                    Poll::Ready(Some(item)) => *head = Head::Known(item),
                    Poll::Ready(None) => *head = Head::Ended,
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
        for other in index + 1..inputs.len() {
            let same = match (&inputs[index].1, &inputs[other].1) {
                (Head::Known(a), Head::Known(b)) => a == b,
                _ => false,
            };
            if same {
                inputs[other].1 = Head::Unknown;
            }
        }
        match std::mem::replace(&mut inputs[index].1, Head::Unknown) {
            Head::Known(item) => Poll::Ready(Some(item)),
            _ => unreachable!("the least item is known"),
        }
    })
    .boxed()
}
