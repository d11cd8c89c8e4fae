//! A `OnceCell` for each path, as on the page, keeps its page forever. Caught by `Cache::a_page_is_cached_while_it_is_fresh`, which says "as a `OnceCell` keeps it".

pub struct Cache {
    client: Client,
    entries: Mutex<HashMap<String, Arc<tokio::sync::OnceCell<Page>>>>,
}

impl Cache {
    pub fn new(client: Client, _fresh_for: Duration) -> Self {
        Self {
            client,
            entries: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let entry = {
            let mut entries = self.entries.lock().unwrap();
            entries.entry(path.to_owned()).or_default().clone()
        };
        let page = entry.get_or_try_init(|| self.client.get(path)).await?;
        Ok(page.clone())
    }
}
