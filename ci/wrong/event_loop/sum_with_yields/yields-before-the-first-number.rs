//! Yields before each thousand, including the first. Caught by `sum_with_yields::does_not_yield_more_often_than_it_should`, which says "before the first number".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for (index, number) in numbers.iter().enumerate() {
        if index % 1000 == 0 {
            yield_now().await;
        }
        sum += number;
    }
    sum
}
