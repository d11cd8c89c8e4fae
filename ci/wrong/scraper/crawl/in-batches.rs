//! A batch of fetches is awaited before the next ones start. Caught by `crawl::fetches_each_page_once`, which says "a batch of fetches is awaited to its end".

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
    let mut frontier = Frontier {
        pages: limits.pages,
        found: HashSet::new(),
        waiting: VecDeque::new(),
    };
    frontier.add(start);
    let mut visits = BTreeMap::new();
    let mut fetches = JoinSet::new();
    let mut urls = HashMap::new();
    while !stop.is_cancelled() {
        if fetches.is_empty() {
            let size = limits.concurrency.get().min(frontier.waiting.len());
            for url in frontier.waiting.drain(..size) {
                let task = fetches.spawn(fetch(url.clone()));
                urls.insert(task.id(), url);
            }
        }
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            ended = fetches.join_next_with_id() => ended,
        };
        let Some(ended) = ended else { break };
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
    fetches.shutdown().await;
    visits
}
