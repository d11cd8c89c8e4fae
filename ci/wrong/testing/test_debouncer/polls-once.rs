//! Polls `next` once, and takes `Pending` for "there is no value". Caught by `test_debouncer::passes_programs_that_keep_the_contract`, which says "how often a future is pending".

use futures::FutureExt;

pub async fn test_debouncer<D: Debouncer>(new: impl Fn(Duration) -> D) {
    let quiet = ms(100);

    // Only the last value of a burst is passed on, and each value starts the time again.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    advance(ms(60)).await;
    debouncer.push(2);
    advance(ms(60)).await;
    debouncer.push(3);
    assert_next(&mut debouncer, Some(3), quiet).await;
    assert_waits(&mut debouncer).await;

    // A dropped `next` loses neither the value nor the time.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    assert!(timeout(ms(40), debouncer.next()).await.is_err());
    assert_next(&mut debouncer, Some(1), ms(60)).await;

    // A settled value is there at once.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    advance(quiet).await;
    assert_eq!(debouncer.next().now_or_never(), Some(Some(1)));

    // Settled values are kept, in order.
    let mut debouncer = new(quiet);
    for value in [1, 2] {
        debouncer.push(value);
        advance(2 * quiet).await;
    }
    assert_next(&mut debouncer, Some(1), ms(0)).await;
    assert_next(&mut debouncer, Some(2), ms(0)).await;

    // `close` settles the last value, and ignores later ones.
    let mut debouncer = new(quiet);
    debouncer.push(1);
    debouncer.push(2);
    debouncer.close();
    debouncer.push(3);
    assert_next(&mut debouncer, Some(2), ms(0)).await;
    for _ in 0..2 {
        assert_next(&mut debouncer, None, ms(0)).await;
    }
}
