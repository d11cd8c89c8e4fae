//! A `OnceCell` for each path, as on the page: it keeps its page for ever. Caught by `Cache::a_stale_page_is_downloaded_once_more`, which says "as a `OnceCell` keeps it".

pub struct Cache {
    client: Client,
    places: Mutex<HashMap<String, Arc<tokio::sync::OnceCell<Page>>>>,
}

impl Cache {
    pub fn new(client: Client, _fresh_for: Duration) -> Self {
        Self {
            client,
            places: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let place = {
            let mut places = self.places.lock().unwrap();
            places.entry(path.to_owned()).or_default().clone()
        };
        let page = place.get_or_try_init(|| self.client.get(path)).await?;
        Ok(page.clone())
    }
}
