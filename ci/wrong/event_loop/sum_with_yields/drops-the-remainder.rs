//! `chunks_exact` leaves out the numbers that do not fill a whole thousand. Caught by `sum_with_yields::returns_the_sum`, which says "a whole thousand".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for (index, chunk) in numbers.chunks_exact(1000).enumerate() {
        if index > 0 {
            yield_now().await;
        }
        sum += chunk.iter().sum::<u64>();
    }
    sum
}
