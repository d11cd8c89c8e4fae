//! A page that panics is not in the result, because its task returns no URL. Caught by `crawl::a_panic_ends_no_other_page`, which says "A task that panics does not return its URL".

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
    while !stop.is_cancelled() {
        while fetches.len() < limits.concurrency.get()
            && let Some(url) = frontier.waiting.pop_front()
        {
            let page = fetch(url.clone());
            fetches.spawn(async move { (url, page.await) });
        }
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            ended = fetches.join_next() => ended,
        };
        let Some(ended) = ended else { break };
        match ended {
            Ok((url, Ok(links))) => {
                visits.insert(url, Visit::Fetched(links.len()));
                frontier.add(links);
            }
            Ok((url, Err(error))) => drop(visits.insert(url, Visit::Failed(error))),
            Err(_panic) => {}
        }
    }
    fetches.shutdown().await;
    visits
}
