//! The download is a task, so that it goes on when its caller leaves. Caught by `Cache::when_all_have_left_nothing_goes_on`, which says "the download was spawned".

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
        let (client, owned) = (self.client.clone(), path.to_owned());
        let download = tokio::spawn(async move { client.get(&owned).await });
        let page = download.await.unwrap()?;
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
