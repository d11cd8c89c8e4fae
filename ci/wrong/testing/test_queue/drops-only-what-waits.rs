//! Drops no `pop` whose item has arrived. Caught by `test_queue::fails_programs_that_break_it`, which says "is dropped after the item has arrived".

async fn test_drop_of_a_pop_that_could_go_on<Q: Queue>(queue: &Q) {
    assert!(waits(queue.pop()).await);
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    assert_eq!(within_limit(queue.pop()).await, Some(0));
}
