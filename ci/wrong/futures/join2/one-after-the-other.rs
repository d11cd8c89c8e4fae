//! Awaits one future after the other. Caught by `join2::waits_for_both_concurrently`, which says "not polled before the first is ready".

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    (a.await, b.await)
}
