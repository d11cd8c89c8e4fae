//! The pages of the start are fetched with their fragments. Caught by `crawl::a_fragment_is_no_other_page`, which says "gets a URL with its fragment".

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
    let mut full = HashMap::new();
    for url in start {
        let page = url.split('#').next().unwrap_or_default().to_owned();
        full.entry(page).or_insert_with(|| url.clone());
        frontier.add(vec![url]);
    }
    let mut visits = BTreeMap::new();
    let mut fetches = JoinSet::new();
    let mut urls = HashMap::new();
    loop {
        while !stop.is_cancelled()
            && fetches.len() < limits.concurrency.get()
            && let Some(url) = frontier.waiting.pop_front()
        {
            let task = fetches.spawn(fetch(full.get(&url).unwrap_or(&url).clone()));
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
