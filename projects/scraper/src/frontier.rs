use crate::options::Options;
use crate::robots::Rules;
use crate::target::{origin, target};
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// A URL to visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The URL, without its fragment.
    pub url: Url,
    /// How many links lead to it.
    pub depth: u32,
    /// How many redirects have led to it, one directly after the other.
    pub redirects: u32,
    /// How many requests have been sent for it.
    pub attempts: u32,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Request the `robots.txt` of the host of this URL, and hand its rules to [`Frontier::set_rules`].
    Robots(Url),
    /// Request this page, and call [`Frontier::finished`] or [`Frontier::retry`] afterwards.
    Visit(Page),
    /// `robots.txt` forbids this page.
    Disallowed(Page),
    /// Nothing before this instant.
    At(Instant),
    /// Nothing until a request has finished. If none is running, the crawl is over.
    Idle,
}

/// What is to be visited, and when: each URL once, within the hosts of the first URLs, host by host in turn.
///
/// It is a plain value without locks. The task that owns it asks for the next page and reports what has finished.
#[derive(Debug)]
pub struct Frontier {
    max_pages: usize,
    max_depth: u32,
    max_redirects: u32,
    max_per_host: usize,
    gap: Duration,
    seen: HashSet<Url>,
    hosts: HashMap<String, Host>,
    /// The keys of `hosts`. The first one is asked first.
    turns: VecDeque<String>,
}

#[derive(Debug)]
struct Host {
    rules: Option<Rules>,
    /// A request for `robots.txt` is running.
    asking: bool,
    running: usize,
    waiting: VecDeque<Page>,
    next_start: Instant,
}

impl Frontier {
    /// Starts with `starts`, whose hosts are the only ones that are visited. URLs that cannot be visited are left out.
    #[must_use]
    pub fn new(starts: impl IntoIterator<Item = Url>, options: &Options, now: Instant) -> Self {
        let mut frontier = Self {
            max_pages: options.max_pages,
            max_depth: options.max_depth,
            max_redirects: options.max_redirects,
            max_per_host: options.max_per_host.max(1),
            gap: options.gap,
            seen: HashSet::new(),
            hosts: HashMap::new(),
            turns: VecDeque::new(),
        };
        for url in starts.into_iter().filter_map(target) {
            frontier.add_host(origin(&url), now);
            frontier.add(url, 0, 0);
        }
        frontier
    }

    fn add_host(&mut self, key: String, now: Instant) {
        if !self.hosts.contains_key(&key) {
            self.turns.push_back(key.clone());
            let host = Host {
                rules: None,
                asking: false,
                running: 0,
                waiting: VecDeque::new(),
                next_start: now,
            };
            self.hosts.insert(key, host);
        }
    }

    /// Adds the links of a page that has been visited. Those that were added before, lead to other hosts, or exceed a limit
    /// are left out.
    pub fn add_links(&mut self, page: &Page, links: impl IntoIterator<Item = Url>) {
        for link in links {
            self.add(link, page.depth.saturating_add(1), 0);
        }
    }

    /// Adds the target of a redirect, unless it was added before: so a loop of redirects ends.
    pub fn add_redirect(&mut self, page: &Page, to: Url) {
        self.add(to, page.depth, page.redirects.saturating_add(1));
    }

    fn add(&mut self, url: Url, depth: u32, redirects: u32) {
        let is_within_limits = depth <= self.max_depth
            && redirects <= self.max_redirects
            && self.seen.len() < self.max_pages;
        let Some(host) = self.hosts.get_mut(&origin(&url)) else {
            return;
        };
        if is_within_limits && self.seen.insert(url.clone()) {
            let attempts = 0;
            host.waiting.push_back(Page {
                url,
                depth,
                redirects,
                attempts,
            });
        }
    }

    /// Decides what to do next. A page that is returned counts as running.
    pub fn next(&mut self, now: Instant) -> Next {
        let mut earliest: Option<Instant> = None;
        for _ in 0..self.turns.len() {
            self.turns.rotate_left(1);
            let Some(host) = self.turns.back().and_then(|key| self.hosts.get_mut(key)) else {
                continue;
            };
            match host.next(now, self.max_per_host, self.gap) {
                Next::At(at) => earliest = Some(earliest.map_or(at, |earliest| earliest.min(at))),
                Next::Idle => {}
                next => return next,
            }
        }
        earliest.map_or(Next::Idle, Next::At)
    }

    /// Hands over the rules of the host of `url`.
    pub fn set_rules(&mut self, url: &Url, rules: Rules) {
        if let Some(host) = self.hosts.get_mut(&origin(url)) {
            host.asking = false;
            host.rules = Some(rules);
        }
    }

    /// A page has been visited, with or without success.
    pub fn finished(&mut self, page: &Page) {
        if let Some(host) = self.hosts.get_mut(&origin(&page.url)) {
            host.running = host.running.saturating_sub(1);
        }
    }

    /// A page is to be visited again, first of all of its host. Until `at`, the host is left alone.
    pub fn retry(&mut self, page: Page, at: Instant) {
        self.finished(&page);
        if let Some(host) = self.hosts.get_mut(&origin(&page.url)) {
            host.next_start = host.next_start.max(at);
            host.waiting.push_front(page);
        }
    }

    /// How many URLs have been added.
    #[must_use]
    pub fn added(&self) -> usize {
        self.seen.len()
    }

    /// How many URLs wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.hosts.values().map(|host| host.waiting.len()).sum()
    }
}

impl Host {
    fn next(&mut self, now: Instant, max_running: usize, gap: Duration) -> Next {
        let Some(page) = self.waiting.front() else {
            return Next::Idle;
        };
        let Some(rules) = &self.rules else {
            if self.asking {
                return Next::Idle;
            }
            self.asking = true;
            self.next_start = now + gap;
            return Next::Robots(page.url.clone());
        };
        if self.running >= max_running {
            return Next::Idle;
        }
        let is_allowed = rules.allow(&page.url);
        if is_allowed && self.next_start > now {
            return Next::At(self.next_start);
        }
        let Some(mut page) = self.waiting.pop_front() else {
            return Next::Idle;
        };
        if !is_allowed {
            return Next::Disallowed(page);
        }
        page.attempts += 1;
        self.running += 1;
        self.next_start = now + gap;
        Next::Visit(page)
    }
}

#[cfg(test)]
mod tests;
