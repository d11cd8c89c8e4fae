//! Leaves out a poll when the budget of the tokio task is spent. Caught by `count_polls::a_spent_budget_leaves_no_poll_out`, which says "tokio's cooperative budget".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        let budget = ready!(tokio::task::coop::poll_proceed(cx));
        polls += 1;
        let output = ready!(future.as_mut().poll(cx));
        budget.made_progress();
        Poll::Ready((output, polls))
    })
    .await
}
