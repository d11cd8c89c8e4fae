//! The workers check the queue once a millisecond. Caught by `worker_pool::sleeps_until_a_job_arrives`, which says "check the queue from time to time".

use tokio::sync::mpsc::error::TryRecvError;

pub async fn worker_pool(queue: mpsc::Receiver<Job>, workers: usize, stages: &Stages) -> Vec<Output> {
    let queue = Mutex::new(queue);
    let workers = (0..workers).map(async |_| {
        let mut outputs = Vec::new();
        loop {
            let next = queue.lock().unwrap().try_recv();
            match next {
                Ok(job) => outputs.push(stages.process(job).await),
                Err(TryRecvError::Empty) => sleep(Duration::from_millis(1)).await,
                Err(TryRecvError::Disconnected) => return outputs,
            }
        }
    });
    join_all(workers).await.concat()
}
