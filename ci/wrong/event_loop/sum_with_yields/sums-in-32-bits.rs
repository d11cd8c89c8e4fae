//! Adds the numbers in 32 bits. Caught by `sum_with_yields::returns_the_sum`, which says "a type that is too small".

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0u32;
    for (number, position) in numbers.iter().zip(1..) {
        sum = sum.wrapping_add(*number as u32);
        if position % 1000 == 0 && position < numbers.len() {
            yield_now().await;
        }
    }
    sum.into()
}
