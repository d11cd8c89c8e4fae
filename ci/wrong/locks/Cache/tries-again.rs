//! Downloads until there is a page, whoever asks for it. Caught by `Cache::an_error_is_not_kept`, which says "whoever meets an error downloads once more".

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
        loop {
            let Ok(page) = self.client.get(path).await else {
                continue;
            };
            *kept = Some(Kept {
                page: page.clone(),
                since: Instant::now(),
            });
            return Ok(page);
        }
    }

    fn place(&self, path: &str) -> Arc<Place> {
        let mut places = self.places.lock().expect("nobody panics with the lock");
        places.entry(path.to_owned()).or_default().clone()
    }
}
