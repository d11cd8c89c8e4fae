//! A page is remembered when its fetch has ended. Caught by `crawl::fetches_each_page_once`, which says "remembered when its fetch has ended".

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
    let page = |link: String| link.split('#').next().unwrap_or_default().to_owned();
    let mut waiting: VecDeque<String> = start.into_iter().map(page).collect();
    let mut started = 0;
    let mut visits = BTreeMap::new();
    let mut fetches = JoinSet::new();
    let mut urls = HashMap::new();
    while !stop.is_cancelled() {
        while fetches.len() < limits.concurrency.get()
            && started < limits.pages
            && let Some(url) = waiting.pop_front()
        {
            started += 1;
            let task = fetches.spawn(fetch(url.clone()));
            urls.insert(task.id(), url);
        }
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            ended = fetches.join_next_with_id() => ended,
        };
        let Some(ended) = ended else { break };
        let (id, visit, links) = match ended {
            Ok((id, Ok(links))) => (id, Visit::Fetched(links.len()), links),
            Ok((id, Err(error))) => (id, Visit::Failed(error), Vec::new()),
            Err(panic) => (panic.id(), Visit::Panicked, Vec::new()),
        };
        visits.extend(urls.remove(&id).map(|url| (url, visit)));
        let links = links.into_iter().map(page);
        waiting.extend(links.filter(|link| !visits.contains_key(link)));
    }
    fetches.shutdown().await;
    visits
}
