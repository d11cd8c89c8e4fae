//! It yields before each thousand, the first one included. Caught by `add_up::it_pauses_no_more_than_it_should`, which says "before the first number".

pub async fn add_up(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for (index, number) in numbers.iter().enumerate() {
        if index % 1000 == 0 {
            yield_now().await;
        }
        sum += number;
    }
    sum
}
