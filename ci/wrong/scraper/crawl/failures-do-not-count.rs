//! The page limit counts pages without an error. Caught by `crawl::fetches_at_most_so_many_pages`, which says "counts only fetches without an error".

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
        pages: usize::MAX,
        found: HashSet::new(),
        waiting: VecDeque::new(),
    };
    frontier.add(start);
    let mut visits = BTreeMap::new();
    let mut fetches = JoinSet::new();
    let mut urls = HashMap::new();
    let mut left = limits.pages;
    while !stop.is_cancelled() {
        while fetches.len() < limits.concurrency.get()
            && left > 0
            && let Some(url) = frontier.waiting.pop_front()
        {
            left -= 1;
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
            Ok((id, Err(error))) => {
                left += 1;
                (id, Visit::Failed(error))
            }
            Err(panic) => {
                left += 1;
                (panic.id(), Visit::Panicked)
            }
        };
        visits.extend(urls.remove(&id).map(|url| (url, visit)));
    }
    fetches.shutdown().await;
    visits
}
