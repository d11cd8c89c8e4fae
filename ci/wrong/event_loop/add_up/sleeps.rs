//! A short sleep is taken for a pause. Caught by `add_up::it_pauses_no_more_than_it_should`, which says "`sleep`".

use tokio::time::sleep;

pub async fn add_up(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for (index, part) in numbers.chunks(1000).enumerate() {
        if index > 0 {
            sleep(Duration::from_millis(1)).await;
        }
        sum += part.iter().sum::<u64>();
    }
    sum
}
