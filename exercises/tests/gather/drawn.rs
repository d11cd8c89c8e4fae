//! Drawn sites, and what should come of the requests.

use std::ops::RangeInclusive;
use std::time::Duration;

use grading::Case;
use grading::web::{DrawnRequest, Page, Responses, Site, WebError};

/// A site, and the requests that an answer is asked to make.
pub struct Drawn {
    pub site: Site,
    pub requests: Vec<DrawnRequest>,
}

impl Drawn {
    /// As many requests as `counts` allows.
    pub fn new(case: &Case, counts: RangeInclusive<usize>, responses: Responses) -> Self {
        let count = case.size("paths", counts);
        let (site, requests) = Site::drawn(case, count, responses);
        Self { site, requests }
    }

    pub fn paths(&self) -> Vec<&str> {
        let requests = self.requests.iter();
        requests.map(|request| &*request.path).collect()
    }

    /// How many milliseconds each request takes.
    pub fn times(&self) -> Vec<u64> {
        let requests = self.requests.iter();
        requests
            .map(|request| request.latency.as_millis() as u64)
            .collect()
    }

    pub fn outcomes(&self) -> Vec<Result<Page, WebError>> {
        let requests = self.requests.iter();
        requests.map(|request| request.outcome.clone()).collect()
    }

    pub fn pages(&self) -> Vec<Page> {
        self.outcomes().into_iter().flatten().collect()
    }

    pub fn errors(&self) -> Vec<WebError> {
        let outcomes = self.outcomes().into_iter();
        outcomes.filter_map(Result::err).collect()
    }

    /// Perhaps two more requests for one path with different responses, and perhaps one that takes minutes, hours or days.
    pub fn add_extremes(&mut self, case: &Case, responses: Responses) {
        if *case.pick("/twice has two responses", &[false, true]) {
            self.add_twice(case, responses);
        }
        let time = case.long_time("/long takes");
        if !time.is_zero() {
            if responses == Responses::Errors {
                self.add_broken("/long", time);
            } else {
                self.add_page("/long", time);
            }
        }
    }

    /// Two more requests for one path, side by side: see [`in_either_order`].
    fn add_twice(&mut self, case: &Case, responses: Responses) {
        let kinds: &[[&str; 2]] = match responses {
            Responses::Any => &[
                ["500", "a page"],
                ["500", "404"],
                ["a page", "another page"],
            ],
            Responses::Pages => &[["a page", "another page"]],
            Responses::Errors => &[["500", "404"]],
        };
        let responses = *case.pick("its responses are", kinds);
        for (kind, name) in responses
            .into_iter()
            .zip(["its first is after", "its second is after"])
        {
            let time = case.whole_ms(name, 50);
            match kind {
                "500" => self.add_broken("/twice", time),
                "404" => self.add_missing("/twice", time),
                _ => self.add_page_with_body("/twice", time, kind),
            }
        }
    }

    /// One more request, for a page that does not exist; the response takes `time`.
    fn add_missing(&mut self, path: &str, time: Duration) {
        self.site = self.site.clone().missing(path, time);
        let outcome = Err(WebError::NotFound {
            path: path.to_owned(),
        });
        self.requests.push(DrawnRequest {
            path: path.to_owned(),
            latency: time,
            outcome,
        });
    }

    /// One more request, which fails after `time`.
    pub fn add_broken(&mut self, path: &str, time: Duration) {
        self.site = self.site.clone().broken(path, time);
        let outcome = Err(WebError::ServerError {
            path: path.to_owned(),
        });
        self.requests.push(DrawnRequest {
            path: path.to_owned(),
            latency: time,
            outcome,
        });
    }

    /// One more request, whose page arrives after `time`.
    pub fn add_page(&mut self, path: &str, time: Duration) {
        self.add_page_with_body(path, time, &super::page(path).body);
    }

    fn add_page_with_body(&mut self, path: &str, time: Duration, body: &str) {
        self.site = self.site.clone().page_with_body(path, time, body);
        let outcome = Ok(Page {
            path: path.to_owned(),
            body: body.to_owned(),
        });
        self.requests.push(DrawnRequest {
            path: path.to_owned(),
            latency: time,
            outcome,
        });
    }

    /// One more request, which never has a response.
    pub fn add_silent(&mut self, path: &str) {
        self.site = self.site.clone().silent(path);
        let outcome = Ok(super::page(path));
        self.requests.push(DrawnRequest {
            path: path.to_owned(),
            latency: Duration::MAX,
            outcome,
        });
    }

    /// When the first page arrives.
    pub fn first_page(&self) -> Option<Duration> {
        self.first(|request| request.outcome.is_ok())
    }

    /// When the first error occurs.
    pub fn first_error(&self) -> Option<Duration> {
        self.first(|request| request.outcome.is_err())
    }

    /// Whether `outcome` is the response to a request that takes `time`.
    pub fn has(&self, outcome: &Result<Page, WebError>, time: Duration) -> bool {
        let mut requests = self.requests.iter();
        requests.any(|request| request.outcome == *outcome && request.latency == time)
    }

    /// The paths that take longer than `time`.
    pub fn slower_than(&self, time: Duration) -> Vec<&str> {
        let requests = self.requests.iter();
        let slower = requests.filter(|request| request.latency > time);
        slower.map(|request| &*request.path).collect()
    }

    fn first(&self, which: impl Fn(&DrawnRequest) -> bool) -> Option<Duration> {
        let requests = self.requests.iter().filter(|request| which(request));
        requests.map(|request| request.latency).min()
    }
}

/// What is expected, with the results of neighbours that have the same path in the order in which `seen` has them: which
/// of the two is requested first, and has the first response, is not promised.
pub fn in_either_order<T: PartialEq>(
    mut expected: Vec<T>,
    seen: &[T],
    path: impl Fn(&T) -> &str,
) -> Vec<T> {
    for second in 1..expected.len().min(seen.len()) {
        let first = second - 1;
        let is_same_path = path(&expected[first]) == path(&expected[second]);
        let is_swapped = seen[first] == expected[second] && seen[second] == expected[first];
        if is_same_path && is_swapped {
            expected.swap(first, second);
        }
    }
    expected
}

pub fn path_of(outcome: &Result<Page, WebError>) -> &str {
    match outcome {
        Ok(page) => &page.path,
        Err(error) => path_of_error(error),
    }
}

pub fn path_of_error(error: &WebError) -> &str {
    match error {
        WebError::NotFound { path } | WebError::ServerError { path } => path,
    }
}
