//! `chunks_exact` leaves out the numbers that make no whole thousand. Caught by `add_up::the_sum_is_right`, which says "no whole thousand".

pub async fn add_up(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for (index, part) in numbers.chunks_exact(1000).enumerate() {
        if index > 0 {
            yield_now().await;
        }
        sum += part.iter().sum::<u64>();
    }
    sum
}
