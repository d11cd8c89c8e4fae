//! Takes any `.await` for a yield, but the future it awaits is ready at once. Caught by `sum_with_yields::other_tasks_get_turns`, which says "ever pending".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for chunk in numbers.chunks(1000) {
        sum += async { chunk.iter().sum::<u64>() }.await;
    }
    sum
}
