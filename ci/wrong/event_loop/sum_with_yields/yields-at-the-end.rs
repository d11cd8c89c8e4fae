//! Yields after the last thousand, too. Caught by `sum_with_yields::does_not_yield_more_often_than_it_should`, which says "after the last one".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for chunk in numbers.chunks(1000) {
        sum += chunk.iter().sum::<u64>();
        yield_now().await;
    }
    sum
}
