use crate::fetch::{FetchError, Fetched, Fetcher};
use crate::frontier::{Frontier, Next, Page};
use crate::html::Html;
use crate::options::{Extract, Options};
use crate::record::{Outcome, Record};
use crate::retry::Retry;
use crate::robots::Rules;
use futures::future::OptionFuture;
use serde_json::Value;
use std::collections::HashMap;
use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Why a crawl did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlError {
    /// None of the first URLs can be visited.
    #[error("there is no http or https URL to start with")]
    NoStart,
    /// The client cannot be made.
    #[error("cannot make the HTTP client")]
    Client(#[source] reqwest::Error),
}

/// What a crawl has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Records that are pages.
    pub pages: usize,
    /// Records that are failures.
    pub failures: usize,
    /// Other records: redirects, other types, and what `robots.txt` forbids.
    pub others: usize,
    /// URLs without a record, because the crawl was stopped.
    pub unvisited: usize,
    /// Whether it was stopped.
    pub stopped: bool,
}

/// Visits `starts`, and what they link to on the same hosts. Sends a record for each URL, in the order in which they finish.
///
/// It ends when nothing is left to visit, when `stop` is cancelled, or when the receiver of the records has been dropped. After
/// a stop no request starts, and those that run have [`Options::grace`] to finish.
///
/// # Errors
///
/// If the crawl cannot start. What fails later is a record.
///
/// # Cancel safety
///
/// If the future is dropped, all requests are aborted, and what has been visited without a record is lost. Cancel `stop`
/// instead, and await the summary.
pub async fn crawl(
    starts: Vec<Url>,
    options: Options,
    stop: CancellationToken,
    records: mpsc::Sender<Record>,
) -> Result<Summary, CrawlError> {
    let frontier = Frontier::new(starts, &options, Instant::now());
    if frontier.added() == 0 {
        return Err(CrawlError::NoStart);
    }
    let fetcher = Fetcher::new(&options).map_err(CrawlError::Client)?;
    let crawl = Crawl {
        fetcher,
        frontier,
        options,
        records,
        requests: JoinSet::new(),
        running: HashMap::new(),
        summary: Summary {
            pages: 0,
            failures: 0,
            others: 0,
            unvisited: 0,
            stopped: false,
        },
    };
    Ok(crawl.run(&stop).await)
}

struct Crawl {
    fetcher: Fetcher,
    frontier: Frontier,
    options: Options,
    records: mpsc::Sender<Record>,
    requests: JoinSet<Response>,
    /// What each task of `requests` is for. A task that panics returns nothing else.
    running: HashMap<Id, Request>,
    summary: Summary,
}

enum Request {
    Robots(Url),
    Page(Page),
}

enum Response {
    Robots(Rules),
    Page(Box<Visited>),
}

type Visited = Result<(Fetched, Option<Parsed>), FetchError>;

struct Parsed {
    bytes: usize,
    html: Html,
    data: Option<Value>,
}

/// A place for a record. It is reserved before the result of a request is taken, so that a stop loses no record.
type Permit = mpsc::OwnedPermit<Record>;

/// The receiver of the records has been dropped.
struct NoReceiver;

impl Crawl {
    async fn run(mut self, stop: &CancellationToken) -> Summary {
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            ended = self.visit_all() => Some(ended),
        };
        match ended {
            Some(Ok(())) => {}
            Some(Err(NoReceiver)) => self.summary.stopped = true,
            None => {
                self.summary.stopped = true;
                let grace = self.options.grace;
                let _ = timeout(grace, self.finish_running()).await; // what is late is aborted below
            }
        }
        self.requests.shutdown().await;
        let recorded = self.summary.pages + self.summary.failures + self.summary.others;
        self.summary.unvisited = self.frontier.added() - recorded;
        self.summary
    }

    /// Cancel safe: after each `.await`, a result is handled without another one.
    async fn visit_all(&mut self) -> Result<(), NoReceiver> {
        loop {
            let permit = self.reserve().await?;
            let mut next_start = None;
            if self.requests.len() < self.options.max_requests.max(1) {
                match self.frontier.next(Instant::now()) {
                    Next::Robots(url) => {
                        self.request_robots(url);
                        continue;
                    }
                    Next::Visit(page) => {
                        self.request_page(page);
                        continue;
                    }
                    Next::Disallowed(page) => {
                        self.record(permit, page, Outcome::Disallowed);
                        continue;
                    }
                    Next::At(at) => next_start = Some(at),
                    Next::Idle => {}
                }
            }
            let pause = OptionFuture::from(next_start.map(sleep_until));
            tokio::select! {
                Some(finished) = self.requests.join_next_with_id() => self.finish(permit, finished),
                Some(()) = pause => {}
                else => return Ok(()), // nothing is running, and nothing waits
            }
        }
    }

    /// Cancel safe, like `visit_all`.
    async fn finish_running(&mut self) -> Result<(), NoReceiver> {
        loop {
            let permit = self.reserve().await?;
            let Some(finished) = self.requests.join_next_with_id().await else {
                return Ok(());
            };
            self.finish(permit, finished);
        }
    }

    async fn reserve(&self) -> Result<Permit, NoReceiver> {
        let records = self.records.clone();
        records.reserve_owned().await.map_err(|_| NoReceiver)
    }

    fn request_robots(&mut self, url: Url) {
        let (fetcher, target) = (self.fetcher.clone(), url.clone());
        let task = async move { Response::Robots(fetcher.robots(&target).await) };
        let id = self.requests.spawn(task).id();
        self.running.insert(id, Request::Robots(url));
    }

    fn request_page(&mut self, page: Page) {
        let (fetcher, url) = (self.fetcher.clone(), page.url.clone());
        let extract = self.options.extract.clone();
        let task = async move { Response::Page(Box::new(visit(&fetcher, url, extract).await)) };
        let id = self.requests.spawn(task).id();
        self.running.insert(id, Request::Page(page));
    }

    fn finish(&mut self, permit: Permit, finished: Result<(Id, Response), JoinError>) {
        let (id, response) = match finished {
            Ok((id, response)) => (id, Ok(response)),
            Err(error) => (error.id(), Err(error)),
        };
        match (self.running.remove(&id), response) {
            (Some(Request::Robots(url)), Ok(Response::Robots(rules))) => {
                self.frontier.set_rules(&url, rules);
            }
            (Some(Request::Robots(url)), _) => self.frontier.set_rules(&url, Rules::DisallowAll),
            (Some(Request::Page(page)), Ok(Response::Page(visited))) => {
                self.visited(permit, page, *visited);
            }
            (Some(Request::Page(page)), _) => {
                let error = "the program panicked on this page".to_owned();
                self.finished(permit, page, Outcome::Failed { error });
            }
            (None, _) => {}
        }
    }

    fn visited(&mut self, permit: Permit, page: Page, visited: Visited) {
        let (retry, outcome) = match visited {
            Err(error) => {
                let retry = self.options.retry.after_error(&error, page.attempts);
                (
                    Some(retry),
                    Outcome::Failed {
                        error: error.to_string(),
                    },
                )
            }
            Ok((fetched, parsed)) => {
                let (status, asked) = (fetched.status, fetched.retry_after);
                let retry = self
                    .options
                    .retry
                    .after_status(status, asked, page.attempts);
                (retry, self.outcome(&page, fetched, parsed))
            }
        };
        match retry {
            Some(Retry::After(pause)) => self.frontier.retry(page, Instant::now() + pause),
            _ => self.finished(permit, page, outcome),
        }
    }

    fn outcome(&mut self, page: &Page, fetched: Fetched, parsed: Option<Parsed>) -> Outcome {
        let status = fetched.status;
        match (fetched.location, parsed) {
            (Some(to), _) => {
                self.frontier.add_redirect(page, to.clone());
                Outcome::Redirect { to }
            }
            (None, Some(parsed)) => {
                let (bytes, links) = (parsed.bytes, parsed.html.links.len());
                self.frontier.add_links(page, parsed.html.links);
                let (title, data) = (parsed.html.title, parsed.data);
                Outcome::Page {
                    bytes,
                    title,
                    links,
                    data,
                }
            }
            (None, None) if status.is_success() => Outcome::NotHtml {
                content_type: fetched.content_type,
            },
            (None, None) => Outcome::Status {
                status: status.as_u16(),
            },
        }
    }

    fn finished(&mut self, permit: Permit, page: Page, outcome: Outcome) {
        self.frontier.finished(&page);
        self.record(permit, page, outcome);
    }

    fn record(&mut self, permit: Permit, page: Page, outcome: Outcome) {
        match &outcome {
            Outcome::Page { .. } => self.summary.pages += 1,
            outcome if outcome.is_failure() => self.summary.failures += 1,
            _ => self.summary.others += 1,
        }
        let Page {
            url,
            depth,
            attempts,
            ..
        } = page;
        permit.send(Record {
            url,
            depth,
            attempts,
            outcome,
        });
    }
}

async fn visit(fetcher: &Fetcher, url: Url, extract: Option<Extract>) -> Visited {
    let mut fetched = fetcher.get(&url).await?;
    let Some(body) = fetched.body.take() else {
        return Ok((fetched, None));
    };
    let parsing = spawn_blocking(move || {
        let html = Html::parse(url, &body);
        let data = extract.map(|extract| extract.call(&html));
        Parsed {
            bytes: body.len(),
            html,
            data,
        }
    });
    match parsing.await {
        Ok(parsed) => Ok((fetched, Some(parsed))),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => std::future::pending().await, // the runtime shuts down
        },
    }
}
