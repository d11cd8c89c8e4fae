//! `buffered` keeps the order of the jobs, and a slow one holds up those after it. Caught by `worker_pool::a_free_worker_takes_the_next_job`, which says "as `buffered` does".

use futures::{StreamExt, stream};

pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    stream::poll_fn(|cx| queue.poll_recv(cx))
        .map(|job| stages.process(job))
        .buffered(workers)
        .collect()
        .await
}
