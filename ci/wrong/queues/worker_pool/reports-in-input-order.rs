//! `buffered` keeps the order of the samples, and one that is slow holds up those behind it. Caught by `worker_pool::whoever_is_free_takes_the_next`, which says "as `buffered` has it".

use futures::{StreamExt, stream};

pub async fn worker_pool(
    mut rack: mpsc::Receiver<Sample>,
    analysers: usize,
    lab: &Lab,
) -> Vec<Report> {
    stream::poll_fn(|cx| rack.poll_recv(cx))
        .map(|sample| lab.analyse(sample))
        .buffered(analysers)
        .collect()
        .await
}
