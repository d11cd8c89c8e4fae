//! One future is awaited after the other. Caught by `join2::waits_for_both_at_the_same_time`, which says "not polled before the first was done".

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    (a.await, b.await)
}
