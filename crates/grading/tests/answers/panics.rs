//! Answers that panic.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

/// Counts below zero.
pub async fn countdown(steps: usize) -> usize {
    let mut left = steps;
    for _ in 0..=steps {
        tokio::time::sleep(Duration::from_millis(10)).await;
        left -= 1;
    }
    left
}

/// The task panics, and so does who waits for it.
pub async fn in_a_task() -> usize {
    let task = tokio::spawn(async {
        let parts: Vec<usize> = Vec::new();
        parts[3]
    });
    task.await.unwrap()
}

/// The task that should send panics, so whoever receives waits for ever.
pub async fn lost_sender() {
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<u32>(1);
    let _kept = sender.clone();
    tokio::spawn(async move {
        let numbers: Vec<u32> = Vec::new();
        sender.send(*numbers.first().unwrap()).await
    });
    receiver.recv().await;
}

/// Gives back its place in a line when it is dropped, under a lock that the panic has poisoned.
pub async fn leaves_the_line_under_its_lock() {
    struct Place<'a>(&'a Mutex<usize>);
    impl Drop for Place<'_> {
        fn drop(&mut self) {
            *self.0.lock().unwrap() -= 1;
        }
    }
    let line = Mutex::new(0);
    let _place = Place(&line);
    *line.lock().unwrap() -= 1;
}

/// Gives back its place when it is dropped, in a line that it never joined.
pub struct NeverJoined(pub usize);

impl Drop for NeverJoined {
    fn drop(&mut self) {
        self.0 -= 1;
    }
}

/// A message of several lines.
pub async fn two_lines() {
    assert_eq!(1 + 1, 3, "sums should add up");
}

/// Lets what it is given panic.
pub async fn lets_through(job: impl Future<Output = ()>) {
    job.await;
}

/// Panics and says nothing that could be read.
pub async fn unreadable() {
    std::panic::resume_unwind(Box::new(42));
}

/// Panics in a thread for blocking work.
pub async fn on_another_thread() {
    let job = tokio::task::spawn_blocking(|| panic!("no such file"));
    let _: Result<(), _> = job.await;
}

/// Polls a future once more than it may.
pub async fn polls_after_the_end() {
    async fn at_once() {}
    let mut future = pin!(at_once());
    for _ in 0..2 {
        poll_fn(|cx| future.as_mut().poll(cx)).await;
    }
}
