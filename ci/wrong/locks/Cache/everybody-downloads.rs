//! A look under a lock, a download, an entry under a lock, and all who come meanwhile do the same. Caught by `Cache::a_thousand_callers_one_download`, which says "in which all others look as well".

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
        if let Some(kept) = &*place.lock().await
            && kept.since.elapsed() < self.fresh_for
        {
            return Ok(kept.page.clone());
        }
        let page = self.client.get(path).await?;
        *place.lock().await = Some(Kept {
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
