//! Yields only if numbers that are not zero follow. Caught by `sum_with_yields::other_tasks_get_turns`, which says "does not yield after every 1000 numbers".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    let mut chunks = numbers.chunks(1000).peekable();
    while let Some(chunk) = chunks.next() {
        sum += chunk.iter().sum::<u64>();
        if chunks.peek().is_some_and(|c| c.iter().any(|n| *n > 0)) {
            yield_now().await;
        }
    }
    sum
}
