//! Answers that panic.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use grading::web::{Client, Page};
use tokio::task::JoinSet;

/// Counts below zero.
pub async fn countdown(steps: usize) -> usize {
    let mut left = steps;
    for _ in 0..=steps {
        tokio::time::sleep(Duration::from_millis(10)).await;
        left -= 1;
    }
    left
}

/// The task panics, and so does the caller that unwraps its result.
pub async fn in_a_task() -> usize {
    let task = tokio::spawn(async {
        let parts: Vec<usize> = Vec::new();
        parts[3]
    });
    task.await.unwrap()
}

/// The task that should send panics, so the receiver waits forever.
pub async fn lost_sender() {
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<u32>(1);
    let _kept = sender.clone();
    tokio::spawn(async move {
        let numbers: Vec<u32> = Vec::new();
        sender.send(*numbers.first().unwrap()).await
    });
    receiver.recv().await;
}

/// Decrements a counter when it is dropped, under a lock that the panic has poisoned.
pub async fn decrements_under_a_poisoned_lock() {
    struct Decrement<'a>(&'a Mutex<usize>);
    impl Drop for Decrement<'_> {
        fn drop(&mut self) {
            *self.0.lock().unwrap() -= 1;
        }
    }
    let count = Mutex::new(0);
    let _decrement = Decrement(&count);
    *count.lock().unwrap() -= 1;
}

/// Decrements a counter that it never incremented when it is dropped.
pub struct NeverIncremented(pub usize);

impl Drop for NeverIncremented {
    fn drop(&mut self) {
        self.0 -= 1;
    }
}

/// Panics with a message of several lines.
pub async fn two_lines() {
    assert_eq!(1 + 1, 3, "sums should add up");
}

/// Awaits a job, which may panic.
pub async fn awaits(job: impl Future<Output = ()>) {
    job.await;
}

/// Panics with a payload that is not a string.
pub async fn without_a_message() {
    std::panic::resume_unwind(Box::new(42));
}

/// Panics in a blocking job.
pub async fn on_another_thread() {
    let job = tokio::task::spawn_blocking(|| panic!("no such file"));
    let _: Result<(), _> = job.await;
}

/// Polls a future again after it has finished.
pub async fn polls_after_completion() {
    async fn at_once() {}
    let mut future = pin!(at_once());
    for _ in 0..2 {
        poll_fn(|cx| future.as_mut().poll(cx)).await;
    }
}

/// Downloads all pages at the same time, with an index that is wrong in one of the tasks.
pub async fn wrong_index_in_a_task(client: &Client, paths: &[&str]) -> Vec<Page> {
    let mut children = JoinSet::new();
    let bodies = vec![String::from("body of /a")];
    for (index, path) in paths.iter().enumerate() {
        let (client, path, bodies) = (client.clone(), path.to_string(), bodies.clone());
        children.spawn(async move {
            let page = client.get(&path).await;
            page.map(|page| Page {
                body: bodies[index].clone(),
                ..page
            })
        });
    }
    let mut pages = Vec::new();
    while let Some(joined) = children.join_next().await {
        pages.extend(joined.ok().and_then(Result::ok));
    }
    pages
}

/// An answer that has not been started.
pub async fn stub() {
    todo!()
}

/// Awaits a job of the grader, and polls it once more.
pub async fn awaits_twice(job: impl Future<Output = ()>) {
    let mut job = pin!(job);
    job.as_mut().await;
    job.await;
}
