//! Yields after each number. Caught by `sum_with_yields::does_not_yield_more_often_than_it_should`, which says "after every number".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for number in numbers {
        sum += number;
        yield_now().await;
    }
    sum
}
