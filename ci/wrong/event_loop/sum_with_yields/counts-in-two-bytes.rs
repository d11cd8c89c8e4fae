//! Counts the numbers in two bytes. Caught by `sum_with_yields::does_not_yield_more_often_than_it_should`, which says "a count of the numbers wraps".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    let mut added = 0_u16;
    for (index, number) in numbers.iter().enumerate() {
        sum += number;
        added = added.wrapping_add(1);
        if added.is_multiple_of(1000) && index + 1 < numbers.len() {
            yield_now().await;
        }
    }
    sum
}
