//! Waits in real time until the other call waits. Caught by `test_queue::passes_programs_that_keep_the_contract`, which says "they sleep for about".

async fn when_the_others_wait<T>(action: impl AsyncFnOnce() -> T) -> T {
    std::thread::sleep(ms(5));
    sleep(ms(1)).await;
    action().await
}
