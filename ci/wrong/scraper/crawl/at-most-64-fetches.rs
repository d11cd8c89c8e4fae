//! No more than 64 pages are fetched at the same time. Caught by `crawl::fetches_as_many_as_allowed`, which says "a number in the code".

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
    loop {
        while !stop.is_cancelled()
            && fetches.len() < limits.concurrency.get().min(64)
            && let Some(url) = frontier.waiting.pop_front()
        {
            let task = fetches.spawn(fetch(url.clone()));
            urls.insert(task.id(), url);
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
