//! The jobs that customers bring.

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
    Developed,
    Spoiled,
    Exploded,
}

/// What the jobs have noted. Clones share the notes.
#[derive(Debug, Clone, Default)]
pub struct Lab {
    at_work: Gauge,
    notes: Arc<Mutex<Notes>>,
}

#[derive(Debug, Default)]
struct Notes {
    /// The task of each job that has begun; none if it is polled by `block_on` itself
    begun: Vec<Option<Id>>,
    ended: Vec<String>,
}

impl Lab {
    /// A job of so many milliseconds that develops `film`.
    pub fn job(&self, film: &str, time: u64) -> BoxFuture<'static, String> {
        let job = self.ending(film, time, Ending::Developed);
        async { job.await.expect("it is not spoiled") }.boxed()
    }

    /// A job of so many milliseconds that gives nothing.
    pub fn silent(&self, film: &str, time: u64) -> BoxFuture<'static, ()> {
        let job = self.job(film, time);
        async {
            job.await;
        }
        .boxed()
    }

    /// A job of so many milliseconds that panics.
    pub fn exploding(&self, film: &str, time: u64) -> BoxFuture<'static, ()> {
        let job = self.ending(film, time, Ending::Exploded);
        async {
            let _never = job.await;
        }
        .boxed()
    }

    /// A job of so many milliseconds that ends as you say.
    pub fn ending(
        &self,
        film: &str,
        time: u64,
        ending: Ending,
    ) -> BoxFuture<'static, Result<String, String>> {
        run(self.clone(), film.to_owned(), time, ending).boxed()
    }

    /// A job of so many milliseconds without a lane in the timeline, for tests that need many.
    pub fn one_of_many(&self, time: u64) -> BoxFuture<'static, Result<String, String>> {
        work(self.clone(), "another".to_owned(), time, Ending::Developed).boxed()
    }

    /// How many jobs have begun.
    pub fn begun(&self) -> usize {
        self.notes.lock().unwrap().begun.len()
    }

    /// On how many different tasks.
    pub fn tasks(&self) -> usize {
        let notes = self.notes.lock().unwrap();
        notes.begun.iter().flatten().collect::<HashSet<_>>().len()
    }

    /// How many jobs have begun and are neither over nor dropped.
    pub fn at_work(&self) -> usize {
        self.at_work.now()
    }

    /// The films of the jobs that came to their end, in that order.
    pub fn ended(&self) -> Vec<String> {
        self.notes.lock().unwrap().ended.clone()
    }
}

#[timeline::lane("{film} job")]
async fn run(lab: Lab, film: String, time: u64, ending: Ending) -> Result<String, String> {
    work(lab, film, time, ending).await
}

async fn work(lab: Lab, film: String, time: u64, ending: Ending) -> Result<String, String> {
    let _at_work = lab.at_work.enter();
    lab.notes.lock().unwrap().begun.push(try_id());
    sleep(ms(time)).await;
    lab.notes.lock().unwrap().ended.push(film.clone());
    match ending {
        Ending::Developed => Ok(developed(&film)),
        Ending::Spoiled => Err(spoiled(&film)),
        Ending::Exploded => panic!("{}", exploded(&film)),
    }
}

/// What a job gives that develops `film`.
pub fn developed(film: &str) -> String {
    format!("{film} photos")
}

/// The error of a job that spoils `film`.
pub fn spoiled(film: &str) -> String {
    format!("{film} film is black")
}

/// The message of a job that panics.
pub fn exploded(film: &str) -> String {
    format!("{film} film exploded")
}
