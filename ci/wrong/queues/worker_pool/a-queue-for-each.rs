//! Every worker has a queue of its own, without a bound, and a dispatcher deals the jobs out. Caught by `worker_pool::the_queue_pushes_back`, which says "never held up".

pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let mut queues = Vec::new();
    let workers: Vec<_> = (0..workers)
        .map(|_| {
            let (queue, mut own) = mpsc::unbounded_channel();
            queues.push(queue);
            async move {
                let mut outputs = Vec::new();
                while let Some(job) = own.recv().await {
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
