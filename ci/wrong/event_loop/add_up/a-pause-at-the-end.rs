//! It yields after the last thousand, too. Caught by `add_up::it_pauses_no_more_than_it_should`, which says "after the last one".

pub async fn add_up(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for part in numbers.chunks(1000) {
        sum += part.iter().sum::<u64>();
        yield_now().await;
    }
    sum
}
