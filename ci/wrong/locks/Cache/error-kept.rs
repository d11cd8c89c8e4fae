//! Whatever comes is kept, an error too. Caught by `Cache::an_error_is_not_kept`, which says "the error is kept like a page".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    places: Mutex<HashMap<String, Arc<Outcomes>>>,
}

type Outcomes = tokio::sync::Mutex<Option<(Result<Page, WebError>, Instant)>>;

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            places: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let place = {
            let mut places = self.places.lock().unwrap();
            places.entry(path.to_owned()).or_default().clone()
        };
        let mut kept = place.lock().await;
        if let Some((outcome, since)) = &*kept
            && since.elapsed() < self.fresh_for
        {
            return outcome.clone();
        }
        let outcome = self.client.get(path).await;
        *kept = Some((outcome.clone(), Instant::now()));
        outcome
    }
}
