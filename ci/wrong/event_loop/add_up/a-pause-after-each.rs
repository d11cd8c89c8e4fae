//! It yields after each number. Caught by `add_up::it_pauses_no_more_than_it_should`, which says "after each number".

pub async fn add_up(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for number in numbers {
        sum += number;
        yield_now().await;
    }
    sum
}
