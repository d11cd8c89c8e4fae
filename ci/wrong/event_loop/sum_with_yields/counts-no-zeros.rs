//! Counts only the numbers that are not zero. Caught by `sum_with_yields::other_tasks_get_turns`, which says "does not yield after every 1000 numbers".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    let mut count = 0;
    let last = numbers.len();
    for (i, n) in numbers.iter().enumerate() {
        sum += n;
        if *n > 0 {
            count += 1;
            if count % 1000 == 0 && i + 1 < last {
                yield_now().await;
            }
        }
    }
    sum
}
