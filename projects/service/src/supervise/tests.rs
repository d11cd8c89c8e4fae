use std::cell::RefCell;
use std::rc::Rc;

use tokio::time::timeout;

use super::*;

const POLICY: Policy = Policy {
    base: Duration::from_secs(1),
    cap: Duration::from_secs(4),
    healthy: Duration::from_secs(30),
    failures: 5,
    window: Duration::from_secs(60),
};

/// Supervises tasks that run for as many seconds as `runs` says, and then fail. Returns when each was started.
async fn starts(runs: &[u64]) -> (Vec<u64>, Result<(), GaveUp>) {
    let begin = Instant::now();
    let starts = Rc::new(RefCell::new(Vec::new()));
    let mut runs = runs.iter().copied();
    let start = || {
        starts.borrow_mut().push(begin.elapsed().as_secs());
        let run = runs.next();
        async move {
            let Some(seconds) = run else { return Ok(()) };
            sleep(Duration::from_secs(seconds)).await;
            Err("it failed")
        }
    };
    let result = supervise("task", POLICY, &CancellationToken::new(), start).await;
    (starts.take(), result)
}

#[tokio::test(start_paused = true)]
async fn the_pause_doubles_up_to_its_cap_and_the_last_failure_is_returned() {
    let (starts, result) = starts(&[0; 9]).await;
    assert_eq!(starts, [0, 1, 3, 7, 11]);
    let error = result.expect_err("it fails too often");
    assert_eq!((error.failures, error.last.as_str()), (5, "it failed"));
}

#[tokio::test(start_paused = true)]
async fn the_pause_is_the_first_one_after_a_healthy_run() {
    let (starts, result) = starts(&[0, 0, 40, 0]).await;
    assert_eq!(starts, [0, 1, 3, 44, 46]);
    assert_eq!(result, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn failures_outside_of_the_window_do_not_count() {
    let (starts, result) = starts(&[20; 20]).await;
    assert_eq!(starts.len(), 21);
    assert_eq!(result, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_with_its_message() {
    let stop = CancellationToken::new();
    let result = supervise("task", POLICY, &stop, || async {
        if true {
            panic!("index out of bounds");
        }
        Ok::<_, String>(())
    });
    let error = result.await.expect_err("it fails too often");
    assert_eq!(error.last, "panic: index out of bounds");
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_pause_and_starts_nothing() {
    let stop = CancellationToken::new();
    let mut starts = 0;
    let supervised = supervise("task", POLICY, &stop, || {
        starts += 1;
        async { Err("it failed") }
    });
    let stopping = async {
        sleep(Duration::from_millis(1_500)).await; // in the second pause
        stop.cancel();
    };
    let begin = Instant::now();
    let (result, ()) = tokio::join!(supervised, stopping);
    assert_eq!((result, starts), (Ok(()), 2));
    assert_eq!(begin.elapsed(), Duration::from_millis(1_500));
}

#[tokio::test(start_paused = true)]
async fn the_task_is_aborted_with_the_future() {
    let (alive, mut gone) = tokio::sync::mpsc::channel::<()>(1);
    let stop = CancellationToken::new();
    let supervised = supervise("task", POLICY, &stop, || {
        let alive = alive.clone();
        async move {
            let _alive = alive;
            std::future::pending::<Result<(), String>>().await
        }
    });
    let limit = Duration::from_secs(1);
    assert!(timeout(limit, supervised).await.is_err());
    drop(alive);
    assert_eq!(gone.recv().await, None);
}
