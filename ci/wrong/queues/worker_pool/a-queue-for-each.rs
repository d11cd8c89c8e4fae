//! Every worker has a queue of its own, without a bound, and a dispatcher deals the samples out. Caught by `worker_pool::the_rack_pushes_back`, which says "never held up".

pub async fn worker_pool(
    mut rack: mpsc::Receiver<Sample>,
    analysers: usize,
    lab: &Lab,
) -> Vec<Report> {
    let mut queues = Vec::new();
    let workers: Vec<_> = (0..analysers)
        .map(|_| {
            let (queue, mut own) = mpsc::unbounded_channel();
            queues.push(queue);
            async move {
                let mut reports = Vec::new();
                while let Some(sample) = own.recv().await {
                    reports.push(lab.analyse(sample).await);
                }
                reports
            }
        })
        .collect();
    let dispatcher = async move {
        let mut next = 0;
        while let Some(sample) = rack.recv().await {
            let _ = queues[next % queues.len()].send(sample);
            next += 1;
        }
    };
    let (reports, ()) = tokio::join!(join_all(workers), dispatcher);
    reports.concat()
}
