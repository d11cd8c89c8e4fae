//! Each read sets the time anew, so what is read often stays for ever. Caught by `Cache::a_stale_page_is_downloaded_once_more`, which says "counted from the last read".

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
        if let Some(kept) = &mut *kept
            && kept.since.elapsed() < self.fresh_for
        {
            kept.since = Instant::now();
            return Ok(kept.page.clone());
        }
        let page = self.client.get(path).await?;
        *kept = Some(Kept {
            page: page.clone(),
            since: Instant::now(),
        });
        Ok(page)
    }

    fn place(&self, path: &str) -> Arc<Place> {
        let mut places = self.places.lock().expect("nobody panics with the lock");
        places.entry(path.to_owned()).or_default().clone()
    }
}
