//! Gives no limit to its waits. Caught by `test_queue::fails_programs_that_break_it`, which says "never end with this wrong program".

async fn within_limit<T>(call: impl Future<Output = T>) -> T {
    call.await
}
