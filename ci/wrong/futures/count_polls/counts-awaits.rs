//! Counts one `.await` as one poll. Caught by `count_polls::counts_every_poll`, which says "the code counts `.await`s".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut polls = 0;
    let output = future.await;
    polls += 1;
    (output, polls)
}
