//! After an error the place is given up, while others still wait at it. Caught by `Cache::one_at_a_time_in_any_order`, which says "the place is given up while others still wait at it".

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
        let outcome = self.client.get(path).await;
        if outcome.is_err() {
            self.places.lock().unwrap().remove(path);
        }
        let page = outcome?;
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
