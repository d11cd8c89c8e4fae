//! Remembers the users that were loaded. Caught by `UserLoader::each_turn_asks_again`, which says "that a result is remembered".

pub struct UserLoader<S> {
    store: Arc<S>,
    max_ids: usize,
    batches: Mutex<Vec<Batch>>,
    known: Mutex<Vec<User>>,
}

impl<S: UserStore> UserLoader<S> {
    /// Creates a loader whose queries have at most `max_ids` ids.
    pub fn new(store: S, max_ids: usize) -> Self {
        Self {
            store: Arc::new(store),
            max_ids,
            batches: Mutex::new(Vec::new()),
            known: Mutex::default(),
        }
    }

    /// Returns the user with this id, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// The error of the query, which all calls get that share it.
    ///
    /// # Cancel safety
    ///
    /// If a call is dropped, the others are not disturbed. A query is dropped with its last call.
    pub async fn load(&self, id: u64) -> Result<Option<User>, DbError> {
        if let Some(user) = lock(&self.known).iter().find(|user| user.id == id) {
            return Ok(Some(user.clone()));
        }
        let users = self.query_with(id).await?;
        let user = users.iter().find(|user| user.id == id).cloned();
        lock(&self.known).extend(user.clone());
        Ok(user)
    }

    /// A share of the query that will have this id.
    fn query_with(&self, id: u64) -> Shared<Query> {
        let mut batches = lock(&self.batches);
        batches.retain(Batch::is_open);
        let mut shares = batches.iter().map(|batch| batch.join(id, self.max_ids));
        if let Some(query) = shares.find_map(|share| share) {
            return query;
        }
        let (batch, query) = self.batch(id);
        batches.push(batch);
        query
    }

    /// A new query. Its calls poll it: the first one that is polled in the next turn closes the batch and sends it.
    fn batch(&self, id: u64) -> (Batch, Shared<Query>) {
        let ids = Arc::new(Mutex::new(Some(vec![id])));
        let (store, unsent) = (Arc::clone(&self.store), Arc::clone(&ids));
        let query = async move {
            // A task, and not `yield_now().await`, which would be over when a second call polls it.
            let _ = tokio::spawn(yield_now()).await;
            let ids = lock(&unsent).take().unwrap_or_default();
            let users = store.users(ids).await?;
            Ok(users.into())
        };
        let query = query.boxed().shared();
        let weak = query.downgrade().expect("it is not ready");
        (Batch { ids, query: weak }, query)
    }
}
