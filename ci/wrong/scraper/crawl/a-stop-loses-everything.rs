//! The crawl is a branch of a `select!`, and its result is lost at the stop. Caught by `crawl::stop_returns_what_has_ended`, which says "the result is lost at the stop".

pub async fn crawl<F, Fut>(
    start: Vec<String>,
    limits: CrawlLimits,
    stop: CancellationToken,
    mut fetch: F,
) -> BTreeMap<String, Visit>
where
    F: FnMut(String) -> Fut,
    Fut: Future<Output = Result<Vec<String>, String>> + Send + 'static,
{
    let crawl = async {
        let mut frontier = Frontier {
            pages: limits.pages,
            found: HashSet::new(),
            waiting: VecDeque::new(),
        };
        frontier.add(start);
        let mut visits = BTreeMap::new();
        let mut fetches = JoinSet::new();
        let mut urls = HashMap::new();
        if stop.is_cancelled() {
            return visits;
        }
        loop {
            while fetches.len() < limits.concurrency.get()
                && let Some(url) = frontier.waiting.pop_front()
            {
                let task = fetches.spawn(fetch(url.clone()));
                urls.insert(task.id(), url);
            }
            let Some(ended) = fetches.join_next_with_id().await else {
                return visits;
            };
            let (id, visit) = match ended {
                Ok((id, Ok(links))) => {
                    let visit = Visit::Fetched(links.len());
                    frontier.add(links);
                    (id, visit)
                }
                Ok((id, Err(error))) => (id, Visit::Failed(error)),
                Err(panic) => (panic.id(), Visit::Panicked),
            };
            visits.extend(urls.remove(&id).map(|url| (url, visit)));
        }
    };
    tokio::select! {
        biased;
        () = stop.cancelled() => BTreeMap::new(),
        visits = crawl => visits,
    }
}
