//! Sends each id in a query of its own. Caught by `UserLoader::calls_of_one_task_share_queries`, which says "as [[".

impl<S: UserStore> UserLoader<S> {
    pub fn new(store: S, max_ids: usize) -> Self {
        Self {
            store: Arc::new(store),
            max_ids,
            batches: Mutex::new(Vec::new()),
        }
    }

    pub async fn load(&self, id: u64) -> Result<Option<User>, DbError> {
        let users = self.store.users(vec![id]).await?;
        Ok(users.into_iter().find(|user| user.id == id))
    }
}
