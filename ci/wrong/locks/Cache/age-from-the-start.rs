//! The age of a page is counted from the start of its download. Caught by `Cache::a_fresh_page_is_kept`, which says "from the start of the download".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    places: Mutex<HashMap<String, Arc<Place>>>,
}

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            places: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let place = self.place(path);
        let mut kept = place.lock().await;
        if let Some(kept) = &*kept
            && kept.since.elapsed() < self.fresh_for
        {
            return Ok(kept.page.clone());
        }
        let since = Instant::now();
        let page = self.client.get(path).await?;
        *kept = Some(Kept {
            page: page.clone(),
            since,
        });
        Ok(page)
    }

    fn place(&self, path: &str) -> Arc<Place> {
        let mut places = self.places.lock().expect("nobody panics with the lock");
        places.entry(path.to_owned()).or_default().clone()
    }
}
