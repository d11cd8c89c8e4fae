//! Closes the queue while no `pop` waits. Caught by `test_queue::fails_programs_that_break_it`, which says "a `pop` that waits goes on waiting when it is closed".

pub async fn test_queue<Q: Queue>(new: impl Fn(usize) -> Q) {
    for capacity in 1..=3 {
        test_order_and_limit(&new(capacity), capacity as u32).await;
    }
    test_close(&new(3)).await;
    test_waiting_calls(&new(1)).await;
    test_close_ends_a_push(&new(1)).await;
    test_dropped_calls(&new(1)).await;
}
