//! What a crawl does, by the contract and with the usual mistakes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use exercises::scraper::{CrawlLimits, Visit};

use super::super::{EMPTY_QUEUE, FRONTIER, STOP};
use super::site::Ending;

/// What answers do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    Twice,
    SeenWhenEnded,
    Fragments,
    FragmentsFetched,
    InBatches,
    LastFoundFirst,
    LastOfTheFirstFound,
    OneAtATime,
    NoLimit,
    ErrorEndsAll,
    ErrorsLeftOut,
    PanicEndsAll,
    NumberEndsAll,
    PanicsLeftOut,
    CountsFetched,
    ForgetsFailed,
    QueueMustBeEmpty,
    StopLosesAll,
    StopWaits,
    StopBeforeTheCall,
}

impl Mistake {
    pub(super) const ALL: [Self; 20] = [
        Self::Twice,
        Self::SeenWhenEnded,
        Self::Fragments,
        Self::FragmentsFetched,
        Self::InBatches,
        Self::LastFoundFirst,
        Self::LastOfTheFirstFound,
        Self::OneAtATime,
        Self::NoLimit,
        Self::ErrorEndsAll,
        Self::ErrorsLeftOut,
        Self::PanicEndsAll,
        Self::NumberEndsAll,
        Self::PanicsLeftOut,
        Self::CountsFetched,
        Self::ForgetsFailed,
        Self::QueueMustBeEmpty,
        Self::StopLosesAll,
        Self::StopWaits,
        Self::StopBeforeTheCall,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Twice => {
                "that no page is remembered, so that a page with two links to it is fetched twice."
            }
            Self::SeenWhenEnded => {
                "that a page is remembered when its fetch has ended. A second link to it is found before that: remember it when it \
                 is found."
            }
            Self::Fragments => {
                "that URLs which differ in their fragment are taken to be different pages."
            }
            Self::FragmentsFetched => {
                "that `fetch` gets a URL with its fragment, which does not belong to the page."
            }
            Self::InBatches => {
                "that a batch of fetches is awaited to its end before the next ones start. A slow page then keeps all others \
                 waiting."
            }
            Self::LastFoundFirst | Self::LastOfTheFirstFound => {
                "that the page that was found last is fetched first: a stack instead of a queue."
            }
            Self::OneAtATime => "that each fetch is awaited before the next one is started.",
            Self::NoLimit => "that every page that is found is fetched at once.",
            Self::ErrorEndsAll => "that the first error ends the crawl, as a `?` does.",
            Self::ErrorsLeftOut => "that a page which fails is not in the result.",
            Self::PanicEndsAll => {
                "that a panic of a fetch is not caught, or that the error of its task is unwrapped. A panic ends only its own page."
            }
            Self::NumberEndsAll => {
                "that a panic counts only if its payload is a text. `panic_any` panics with any value."
            }
            Self::PanicsLeftOut => {
                "that a page which panics is not in the result. A task that panics does not return its URL: remember which task \
                 has which one."
            }
            Self::CountsFetched => {
                "that the page limit is compared with the fetches that have ended, and not with those that have started."
            }
            Self::ForgetsFailed => "that the page limit counts only fetches without an error.",
            Self::QueueMustBeEmpty => {
                "that the crawl ends only when no page is left that could be fetched. When `pages` fetches have been started, and all \
                 have ended, none can start: it is over."
            }
            Self::StopLosesAll => {
                "that the result is lost at the stop: the future that has it is dropped. Keep it outside of the `select!`."
            }
            Self::StopWaits => "that the stop waits for the fetches in progress. They are dropped.",
            Self::StopBeforeTheCall => {
                "that `stop` is looked at only while the crawl waits, and not before it starts a fetch."
            }
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            Self::StopLosesAll | Self::StopWaits | Self::StopBeforeTheCall => STOP,
            Self::ErrorEndsAll
            | Self::ErrorsLeftOut
            | Self::PanicEndsAll
            | Self::NumberEndsAll
            | Self::PanicsLeftOut => "errors-pitfalls.html#-in-a-loop-over-a-joinset",
            Self::QueueMustBeEmpty => EMPTY_QUEUE,
            _ => FRONTIER,
        }
    }
}

/// The result of a crawl, or why there is none.
pub(super) type Ended = Result<BTreeMap<String, Visit>, &'static str>;

/// A crawl, one step at a time.
pub(super) struct Model {
    limits: CrawlLimits,
    mistake: Option<Mistake>,
    found: BTreeSet<String>,
    waiting: VecDeque<String>,
    in_progress: Vec<String>,
    started: usize,
    /// How many fetches count for the page limit.
    counted: usize,
    visits: BTreeMap<String, Visit>,
}

impl Model {
    pub(super) fn new(start: &[String], limits: CrawlLimits, mistake: Option<Mistake>) -> Self {
        let mut model = Self {
            limits,
            mistake,
            found: BTreeSet::new(),
            waiting: VecDeque::new(),
            in_progress: Vec::new(),
            started: 0,
            counted: 0,
            visits: BTreeMap::new(),
        };
        model.add(start);
        model
    }

    fn is(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    fn add(&mut self, links: &[String]) {
        for link in links {
            let page = link.split('#').next().unwrap_or_default().to_owned();
            let full = link.clone();
            let link = if self.is(Mistake::Fragments) {
                link.clone()
            } else {
                page
            };
            let is_new = match self.mistake {
                Some(Mistake::Twice) => true,
                Some(Mistake::SeenWhenEnded) => !self.visits.contains_key(&link),
                Some(Mistake::LastOfTheFirstFound) if self.found.len() >= self.limits.pages => {
                    false
                }
                _ => self.found.insert(link.clone()),
            };
            if is_new {
                self.waiting.push_back(match self.mistake {
                    Some(Mistake::FragmentsFetched) => full,
                    _ => link,
                });
            }
        }
    }

    /// Starts what can be started, and returns it.
    pub(super) fn start(&mut self) -> Vec<String> {
        let most = match self.mistake {
            Some(Mistake::OneAtATime) => 1,
            Some(Mistake::NoLimit) => usize::MAX,
            _ => self.limits.concurrency.get(),
        };
        let mut started = Vec::new();
        if self.is(Mistake::InBatches) && !self.in_progress.is_empty() {
            return started;
        }
        while self.in_progress.len() < most {
            let count = match self.mistake {
                Some(Mistake::CountsFetched) => self.visits.len(),
                Some(Mistake::ForgetsFailed) => self.counted,
                _ => self.started,
            };
            if count >= self.limits.pages {
                break;
            }
            let next = match self.mistake {
                Some(Mistake::LastFoundFirst | Mistake::LastOfTheFirstFound) => {
                    self.waiting.pop_back()
                }
                _ => self.waiting.pop_front(),
            };
            let Some(url) = next else { break };
            self.started += 1;
            self.counted += 1;
            started.push(url.clone());
            self.in_progress.push(url);
        }
        started
    }

    /// Starts what is started although `stop` was cancelled before the call.
    pub(super) fn start_when_stopped(&mut self) -> Vec<String> {
        match self.mistake {
            Some(Mistake::StopBeforeTheCall) => self.start(),
            _ => Vec::new(),
        }
    }

    /// One of the fetches in progress, in the order in which they were started.
    pub(super) fn url(&self, which: usize) -> String {
        self.in_progress[which % self.in_progress.len()].clone()
    }

    /// The result, if nothing is in progress.
    pub(super) fn ended(&self) -> Option<Ended> {
        let waits_on = self.is(Mistake::QueueMustBeEmpty) && !self.waiting.is_empty();
        (self.in_progress.is_empty() && !waits_on).then(|| Ok(self.visits.clone()))
    }

    pub(super) fn stopped(&self) -> Ended {
        match self.mistake {
            Some(Mistake::StopLosesAll) => Ok(BTreeMap::new()),
            Some(Mistake::StopWaits) => Err("nothing"),
            _ => Ok(self.visits.clone()),
        }
    }

    /// Ends the fetch of `url`, if it is in progress. Returns the result if that ends the crawl.
    pub(super) fn end(&mut self, url: &str, ending: &Ending) -> Option<Ended> {
        let which = self.in_progress.iter().position(|other| other == url)?;
        let url = self.in_progress.remove(which);
        let visit = match ending {
            Ending::Links(links) => {
                self.visits.insert(url, Visit::Fetched(links.len()));
                self.add(links);
                return None;
            }
            Ending::Error(_) if self.is(Mistake::ErrorEndsAll) => {
                return Some(Ok(self.visits.clone()));
            }
            Ending::Panic if self.is(Mistake::PanicEndsAll) => return Some(Err("a panic")),
            Ending::PanicWithNumber
                if self.is(Mistake::PanicEndsAll) || self.is(Mistake::NumberEndsAll) =>
            {
                return Some(Err("a panic"));
            }
            Ending::Error(error) => Visit::Failed(error.clone()),
            Ending::Panic | Ending::PanicWithNumber => Visit::Panicked,
        };
        self.counted -= usize::from(self.is(Mistake::ForgetsFailed));
        let is_left_out = match visit {
            Visit::Panicked => self.is(Mistake::PanicsLeftOut),
            _ => self.is(Mistake::ErrorsLeftOut),
        };
        if !is_left_out {
            self.visits.insert(url, visit);
        }
        None
    }
}
