//! An `.await` is taken for a pause, but what it awaits is ready at once. Caught by `add_up::others_get_their_turns`, which says "ever pending".

pub async fn add_up(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for part in numbers.chunks(1000) {
        sum += async { part.iter().sum::<u64>() }.await;
    }
    sum
}
