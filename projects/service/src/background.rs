//! The background tasks of the service, each under supervision.

use std::fmt::Display;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::supervise::{GaveUp, Policy, supervise};

/// Tasks that stop together. If it is dropped, they are aborted.
#[derive(Debug)]
pub(crate) struct Background {
    tasks: TaskTracker,
    stop: CancellationToken,
    abort: CancellationToken,
    gave_up: mpsc::Sender<GaveUp>,
}

impl Background {
    /// No task yet. The receiver gets the failure of the first task that is given up.
    pub(crate) fn new() -> (Self, mpsc::Receiver<GaveUp>) {
        let (gave_up, failures) = mpsc::channel(1);
        let background = Self {
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            abort: CancellationToken::new(),
            gave_up,
        };
        (background, failures)
    }

    /// Runs the task that `start` makes, which gets the token that asks it to stop.
    pub(crate) fn supervise<F, E>(
        &self,
        name: String,
        mut start: impl FnMut(CancellationToken) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let (stop, gave_up) = (self.stop.clone(), self.gave_up.clone());
        let supervised = async move {
            let start = || start(stop.clone());
            if let Err(failure) = supervise(&name, Policy::default(), &stop, start).await {
                let _ = gave_up.try_send(failure); // one failure is enough to stop the service
            }
        };
        let abort = self.abort.clone();
        self.tasks
            .spawn(abort.run_until_cancelled_owned(supervised));
    }

    /// Asks all tasks to stop, and aborts those that still run after this time. Returns whether there were none.
    pub(crate) async fn stop(self, limit: Duration) -> bool {
        self.stop.cancel();
        self.tasks.close();
        let stopped = timeout(limit, self.tasks.wait()).await.is_ok();
        self.abort.cancel();
        self.tasks.wait().await;
        stopped
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.abort.cancel();
    }
}
