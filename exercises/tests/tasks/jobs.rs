//! The jobs that the answers run.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use grading::{Gauge, ms};
use tokio::task::{Id, try_id};
use tokio::time::sleep;

/// How a job ends.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    Completes,
    Fails,
    Panics,
}

/// Makes jobs, and knows what became of them. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    running: Gauge,
    records: Arc<Mutex<Records>>,
}

#[derive(Debug, Default)]
struct Records {
    /// The task of each job that has started; none if `block_on` itself polls it
    started: Vec<Option<Id>>,
    ended: Vec<String>,
}

impl Jobs {
    /// A job that takes `time` ms and completes with [`output`].
    pub fn job(&self, name: &str, time: u64) -> BoxFuture<'static, String> {
        let job = self.ending(name, time, Ending::Completes);
        async { job.await.expect("this job does not fail") }.boxed()
    }

    /// A job that takes `time` ms and completes without an output.
    pub fn without_output(&self, name: &str, time: u64) -> BoxFuture<'static, ()> {
        self.job(name, time).map(drop).boxed()
    }

    /// A job that panics after `time` ms.
    pub fn panicking(&self, name: &str, time: u64) -> BoxFuture<'static, ()> {
        self.ending(name, time, Ending::Panics).map(drop).boxed()
    }

    /// A job that takes `time` ms and ends as `ending` says.
    pub fn ending(
        &self,
        name: &str,
        time: u64,
        ending: Ending,
    ) -> BoxFuture<'static, Result<String, String>> {
        run(self.clone(), name.to_owned(), time, ending).boxed()
    }

    /// A job of `time` ms without a lane in the timeline, for tests that need many.
    pub fn unnamed(&self, time: u64) -> BoxFuture<'static, Result<String, String>> {
        work(self.clone(), "unnamed".to_owned(), time, Ending::Completes).boxed()
    }

    /// How many jobs have started.
    pub fn started(&self) -> usize {
        self.records.lock().unwrap().started.len()
    }

    /// On how many different tasks they have started.
    pub fn tasks(&self) -> usize {
        let records = self.records.lock().unwrap();
        let started = records.started.iter().flatten();
        started.collect::<HashSet<_>>().len()
    }

    /// How many jobs have started, and have neither ended nor been dropped.
    pub fn running(&self) -> usize {
        self.running.now()
    }

    /// The names of the jobs that were not stopped, in the order in which they ended.
    pub fn ended(&self) -> Vec<String> {
        self.records.lock().unwrap().ended.clone()
    }
}

#[timeline::lane("{name} job")]
async fn run(jobs: Jobs, name: String, time: u64, ending: Ending) -> Result<String, String> {
    work(jobs, name, time, ending).await
}

async fn work(jobs: Jobs, name: String, time: u64, ending: Ending) -> Result<String, String> {
    let _running = jobs.running.enter();
    jobs.records.lock().unwrap().started.push(try_id());
    sleep(ms(time)).await;
    jobs.records.lock().unwrap().ended.push(name.clone());
    match ending {
        Ending::Completes => Ok(output(&name)),
        Ending::Fails => Err(failure(&name)),
        Ending::Panics => panic!("{}", panic_message(&name)),
    }
}

/// The output of a job that completes.
pub fn output(name: &str) -> String {
    format!("{name} done")
}

/// The error of a job that fails.
pub fn failure(name: &str) -> String {
    format!("{name} failed")
}

/// The message of a job that panics.
pub fn panic_message(name: &str) -> String {
    format!("{name} panicked")
}
