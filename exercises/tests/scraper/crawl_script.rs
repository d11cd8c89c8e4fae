//! A crawl in which one page arrives after the other, what should happen in it, and what does.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::time::Duration;

use exercises::scraper::{CrawlLimits, Visit, crawl};
use futures::FutureExt;
use grading::{list, ms, plural};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::model::{Ended, Mistake, Model};
use super::site::{Ending, Site};

/// What came of a crawl: what `fetch` was called with, step by step, and the result, if there is one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) calls: Vec<Vec<String>>,
    pub(super) result: Result<BTreeMap<String, Visit>, &'static str>,
}

/// A crawl in which one page arrives after the other.
pub(super) struct Script {
    pub(super) start: Vec<String>,
    pub(super) limits: CrawlLimits,
    /// At each step, which of the fetches in progress ends (its index is taken modulo their number), and how.
    pub(super) steps: Vec<(usize, Ending)>,
    /// Before which step `stop` is cancelled.
    pub(super) stop_before: Option<usize>,
    /// How long the first page takes.
    pub(super) wait: Duration,
}

impl Script {
    /// What should happen, or what happens with a mistake.
    pub(super) fn expected(&self, mistake: Option<Mistake>) -> Outcome {
        // Which page ends is decided by what should be in progress, so that it is the same for every answer.
        let mut right = Model::new(&self.start, self.limits, None);
        let mut model = Model::new(&self.start, self.limits, mistake);
        let mut calls = Vec::new();
        if self.stop_before == Some(0) {
            calls.push(model.start_when_stopped());
            let result = Ok(BTreeMap::new());
            return Outcome { calls, result };
        }
        for (step, (which, ending)) in self.steps.iter().enumerate() {
            calls.push(model.start());
            right.start();
            if let Some(result) = model.ended() {
                return Outcome { calls, result };
            }
            if right.ended().is_some() {
                break;
            }
            if self.stop_before == Some(step) {
                calls.push(Vec::new());
                let result = model.stopped();
                return Outcome { calls, result };
            }
            let url = right.url(*which);
            right.end(&url, ending);
            if let Some(result) = model.end(&url, ending) {
                calls.push(Vec::new());
                return Outcome { calls, result };
            }
        }
        let result = Err("nothing");
        Outcome { calls, result }
    }

    /// What the answer does. Between two steps it has time to do all that it can.
    pub(super) async fn run(&self, site: &Site) -> Outcome {
        let stop = CancellationToken::new();
        if self.stop_before == Some(0) {
            stop.cancel();
        }
        let mut right = Model::new(&self.start, self.limits, None);
        let (fetching, token) = (site.clone(), stop.clone());
        let fetch = move |url| fetching.fetch(url);
        let call = crawl(self.start.clone(), self.limits, token, fetch);
        let mut call = pin!(AssertUnwindSafe(call).catch_unwind());
        let mut calls = Vec::new();
        let nothing = Err("nothing");
        for (step, (which, ending)) in self.steps.iter().enumerate() {
            let time = if step == 0 { self.wait } else { ms(1) };
            let ended = within(time, call.as_mut()).await;
            calls.push(site.new_calls());
            if let Some(result) = ended {
                return Outcome { calls, result };
            }
            right.start();
            if right.ended().is_some() || self.stop_before == Some(0) {
                break;
            }
            if self.stop_before == Some(step) {
                stop.cancel();
                let result = within(ms(1), call.as_mut()).await.unwrap_or(nothing);
                calls.push(site.new_calls());
                return Outcome { calls, result };
            }
            let url = right.url(*which);
            right.end(&url, ending);
            site.end(&url, ending.clone());
        }
        let result = nothing;
        Outcome { calls, result }
    }
}

/// The result of `call`, if it is ready within `time`.
async fn within<F>(time: Duration, call: Pin<&mut F>) -> Option<Ended>
where
    F: Future<Output = Result<BTreeMap<String, Visit>, Box<dyn std::any::Any + Send>>>,
{
    let ended = timeout(time, call).await.ok()?;
    Some(ended.map_err(|_| "a panic"))
}

impl Script {
    /// The crawl up to a step, as sentences.
    pub(super) fn told(&self, steps: usize) -> String {
        let ended = steps.min(self.stop_before.unwrap_or(steps));
        let steps = self
            .steps
            .iter()
            .take(ended)
            .map(|(_, ending)| match ending {
                Ending::Links(links) => format!("links {}", shown(links)),
                Ending::Error(error) => format!("the error {error:?}"),
                Ending::Panic => "a panic".to_owned(),
                Ending::PanicWithNumber => "`panic_any(7)`".to_owned(),
            });
        let stop = match self.stop_before {
            Some(0) => ", and `stop` was cancelled before the call",
            Some(_) => ", and then `stop` is cancelled",
            None => "",
        };
        let pages = match self.limits.pages {
            usize::MAX => "no limit of pages".to_owned(),
            pages => format!("a limit of {}", plural(pages, "page")),
        };
        format!(
            "The start is {}, with a concurrency of {} and {pages}. Fetches end one after the other with {}{stop}.",
            shown(&self.start),
            self.limits.concurrency,
            list(steps)
        )
    }
}

/// URLs in quotes: one of them may be empty, or end with a space.
fn shown(urls: &[String]) -> String {
    list(urls.iter().map(|url| format!("{url:?}")))
}

pub(super) fn limits(concurrency: usize, pages: usize) -> CrawlLimits {
    CrawlLimits {
        concurrency: NonZeroUsize::new(concurrency).unwrap_or(NonZeroUsize::MIN),
        pages,
    }
}

/// The first difference, as a sentence.
pub(super) fn difference(seen: &Outcome, expected: &Outcome) -> String {
    let steps = seen.calls.len().max(expected.calls.len());
    let none = Vec::new();
    let at = |outcome: &Outcome, step: usize| outcome.calls.get(step).unwrap_or(&none).clone();
    let differs = |step: &usize| at(seen, *step) != at(expected, *step);
    if let Some(step) = (0..steps).find(differs) {
        let urls = |urls: Vec<String>| match urls.is_empty() {
            true => "nothing".to_owned(),
            false => shown(&urls),
        };
        let when = match step {
            0 => "At the start".to_owned(),
            1 => "When 1 fetch had ended".to_owned(),
            step => format!("When {step} fetches had ended"),
        };
        return format!(
            "{when}, {} should be fetched; it was {}",
            urls(at(expected, step)),
            urls(at(seen, step))
        );
    }
    let told = |outcome: &Outcome| match &outcome.result {
        Ok(visits) => format!("return {visits:?}"),
        Err("nothing") => "not return yet".to_owned(),
        Err(_) => "panic".to_owned(),
    };
    let saw = match &seen.result {
        Ok(visits) => format!("returned {visits:?}"),
        Err("nothing") => "did not return".to_owned(),
        Err(_) => "panicked".to_owned(),
    };
    format!("Then the crawl should {}; it {saw}", told(expected))
}

/// Scripts that tell the mistakes apart.
pub(super) fn probes() -> Vec<Script> {
    let urls = |urls: &[&str]| urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>();
    let links = |to: &[&str]| Ending::Links(urls(to));
    let script = |start: &[&str], limits: CrawlLimits, steps: Vec<(usize, Ending)>| {
        let mut steps = steps;
        let last = steps.len() + 12;
        steps.resize(last, (0, Ending::Links(Vec::new())));
        Script {
            start: urls(start),
            limits,
            steps,
            stop_before: None,
            wait: ms(1),
        }
    };
    let many = ["/1", "/2", "/3", "/4", "/5"];
    let error = || Ending::Error("no such page".to_owned());
    let all = usize::MAX;
    let mut stopped = script(
        &many,
        limits(2, all),
        vec![(0, links(&["/6"])), (1, error())],
    );
    stopped.stop_before = Some(2);
    let mut stopped_before = script(&many, limits(2, all), Vec::new());
    stopped_before.stop_before = Some(0);
    vec![
        script(
            &["/0"],
            limits(3, all),
            vec![(0, links(&many)), (2, links(&["/6", "/7"]))],
        ),
        script(
            &["/a", "/b"],
            limits(2, all),
            vec![(0, links(&["/b", "/c"])), (0, links(&["/c", "/a"]))],
        ),
        script(&["/a#x"], limits(2, all), vec![(0, links(&["/a#y", "/b"]))]),
        script(
            &many,
            limits(2, all),
            vec![(0, error()), (0, links(&["/6"]))],
        ),
        script(
            &many,
            limits(2, all),
            vec![(0, Ending::Panic), (0, links(&["/6"]))],
        ),
        script(&many, limits(2, all), vec![(0, Ending::PanicWithNumber)]),
        script(&["/a#x", "/a#y"], limits(2, all), Vec::new()),
        script(&many, limits(3, 3), vec![(0, error()), (0, links(&["/6"]))]),
        stopped,
        stopped_before,
    ]
}
