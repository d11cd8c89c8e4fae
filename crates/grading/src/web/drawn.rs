//! Sites whose responses are drawn.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use super::page::{Page, WebError};
use super::site::Site;
use crate::cases::Case;
use crate::words::{list, spell};

/// The simplest latency, in milliseconds. It shows in a timeline.
const SIMPLEST: u64 = 10;

/// The longest latency that is drawn, in milliseconds.
const LONGEST: u64 = 50;

/// The number of the first path. The others are the next higher and the next lower ones, so that paths are sorted
/// neither as texts nor as numbers.
const FIRST: usize = 8;

/// What a drawn site responds with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Responses {
    /// Pages and errors
    Any,
    /// Only pages
    Pages,
    /// Only errors
    Errors,
}

/// A request that an answer is asked to make of a drawn site, and what should come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnRequest {
    /// The path
    pub path: String,
    /// How long the response takes, in whole milliseconds; perhaps no time
    pub latency: Duration,
    /// The response
    pub outcome: Result<Page, WebError>,
}

impl Site {
    /// A site with random latencies, bodies and errors of every kind, and `count` requests for an answer to make.
    ///
    /// Their paths are in any order, and some occur again. Several may have their responses at the same instant. A report
    /// shows the requests under the name `responses`.
    pub fn drawn(case: &Case, count: usize, responses: Responses) -> (Self, Vec<DrawnRequest>) {
        let mut requests: Vec<DrawnRequest> = Vec::with_capacity(count);
        let mut numbers = FIRST..FIRST;
        for _ in 0..count {
            // One that is not used makes as many choices. With fewer, a case with a repeated path would be a smaller one.
            let (repeats, mut next_numbers) = (case.seldom(8, requests.len()), numbers.clone());
            let next = new_request(case, next_path(case, &mut next_numbers), responses);
            requests.push(match repeats.checked_sub(1) {
                Some(earlier) => requests[earlier].clone(),
                None => {
                    numbers = next_numbers;
                    next
                }
            });
        }
        case.show("responses", &list(requests.iter().map(shown)));
        let mut seen = HashSet::new();
        let distinct = requests.iter().filter(|request| seen.insert(&request.path));
        let site = distinct.fold(Self::new(), DrawnRequest::added_to);
        (site, requests)
    }
}

impl DrawnRequest {
    fn added_to(site: Site, request: &Self) -> Site {
        let (path, latency) = (&*request.path, request.latency);
        match &request.outcome {
            Ok(page) => site.page_with_body(path, latency, &*page.body),
            Err(WebError::NotFound { .. }) => site.missing(path, latency),
            Err(WebError::ServerError { .. }) => site.broken(path, latency),
        }
    }
}

/// `used` are the numbers of the paths so far.
fn next_path(case: &Case, used: &mut Range<usize>) -> String {
    let lower = case.seldom(2, 1) == 1;
    let number = if lower && used.start > 0 {
        used.start -= 1;
        used.start
    } else {
        used.end += 1;
        used.end - 1
    };
    format!("/{number}")
}

fn new_request(case: &Case, path: String, responses: Responses) -> DrawnRequest {
    let latency = case.unnamed_ms(SIMPLEST, LONGEST);
    let kind = match responses {
        Responses::Any => case.seldom(2, 2),
        Responses::Pages => 0,
        Responses::Errors => 1 + case.seldom(2, 1),
    };
    let outcome = match kind {
        0 => Ok(Page {
            body: case
                .seldom_text(3)
                .unwrap_or_else(|| format!("body of {path}")),
            path: path.clone(),
        }),
        1 => Err(WebError::ServerError { path: path.clone() }),
        _ => Err(WebError::NotFound { path: path.clone() }),
    };
    DrawnRequest {
        path,
        latency,
        outcome,
    }
}

/// `/8 (3 ms)`, `/8 ("9", 3 ms)`, `/8 (500, 3 ms)`
fn shown(request: &DrawnRequest) -> String {
    let path = &request.path;
    let response = match &request.outcome {
        Ok(page) if page.body == format!("body of {path}") => String::new(),
        Ok(page) => format!("{:?}, ", page.body),
        Err(WebError::ServerError { .. }) => "500, ".to_owned(),
        Err(WebError::NotFound { .. }) => "404, ".to_owned(),
    };
    format!("{path} ({response}{})", spell(request.latency))
}
