//! Yields again after the number that follows the first thousand. Caught by `sum_with_yields::does_not_yield_more_often_than_it_should`, which says "twice after the same number".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for (index, number) in numbers.iter().enumerate() {
        sum += number;
        if index % 1000 == 999 && index + 1 < numbers.len() {
            yield_now().await;
        }
        if index == 1000 {
            yield_now().await;
        }
    }
    sum
}
