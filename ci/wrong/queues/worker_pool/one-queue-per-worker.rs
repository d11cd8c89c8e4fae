//! Every worker has an unbounded queue of its own, and a dispatcher distributes the jobs. Caught by `worker_pool::leaves_waiting_jobs_in_the_queue`, which says "before a worker is free".

pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let mut queues = Vec::new();
    let workers: Vec<_> = (0..workers)
        .map(|_| {
            let (queue, mut jobs) = mpsc::unbounded_channel();
            queues.push(queue);
            async move {
                let mut outputs = Vec::new();
                while let Some(job) = jobs.recv().await {
                    outputs.push(stages.process(job).await);
                }
                outputs
            }
        })
        .collect();
    let dispatcher = async move {
        let mut next = 0;
        while let Some(job) = queue.recv().await {
            let _ = queues[next % queues.len()].send(job);
            next += 1;
        }
    };
    let (outputs, ()) = tokio::join!(join_all(workers), dispatcher);
    outputs.concat()
}
