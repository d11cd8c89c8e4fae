//! Sleeps for a short time instead of yielding. Caught by `sum_with_yields::does_not_yield_more_often_than_it_should`, which says "`sleep`".

use tokio::time::sleep;

pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for (index, chunk) in numbers.chunks(1000).enumerate() {
        if index > 0 {
            sleep(Duration::from_millis(1)).await;
        }
        sum += chunk.iter().sum::<u64>();
    }
    sum
}
