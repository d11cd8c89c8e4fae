//! A call joins a query with its id that is running. Caught by `UserLoader::each_turn_asks_again`, which says "is running is joined".

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

struct Batch {
    ids: Arc<Mutex<Option<Vec<u64>>>>,
    is_sent: Arc<AtomicBool>,
    query: WeakShared<Query>,
}

impl Batch {
    /// Whether the query still takes ids: it is not sent, and one of its calls is left.
    fn is_open(&self) -> bool {
        let runs = self
            .query
            .upgrade()
            .is_some_and(|query| query.peek().is_none());
        runs && lock(&self.ids).is_some()
    }

    /// A share of the query, if it has this id, or has room for it.
    fn join(&self, id: u64, max_ids: usize) -> Option<Shared<Query>> {
        let query = self.query.upgrade()?;
        let mut ids = lock(&self.ids);
        let ids = ids.as_mut()?;
        if !ids.contains(&id) {
            if ids.len() == max_ids || self.is_sent.load(Relaxed) {
                return None;
            }
            ids.push(id);
        }
        Some(query)
    }
}

impl<S: UserStore> UserLoader<S> {
    /// Creates a loader whose queries have at most `max_ids` ids.
    pub fn new(store: S, max_ids: usize) -> Self {
        Self {
            store: Arc::new(store),
            max_ids,
            batches: Mutex::new(Vec::new()),
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
        let users = self.query_with(id).await?;
        Ok(users.iter().find(|user| user.id == id).cloned())
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
        let is_sent = Arc::<AtomicBool>::default();
        let sent = Arc::clone(&is_sent);
        let (store, unsent) = (Arc::clone(&self.store), Arc::clone(&ids));
        let query = async move {
            // A task, and not `yield_now().await`, which would be over when a second call polls it.
            let _ = tokio::spawn(yield_now()).await;
            sent.store(true, Relaxed);
            let ids = lock(&unsent).clone().unwrap_or_default();
            let users = store.users(ids).await?;
            Ok(users.into())
        };
        let query = query.boxed().shared();
        let weak = query.downgrade().expect("it is not ready");
        let batch = Batch {
            ids,
            is_sent,
            query: weak,
        };
        (batch, query)
    }
}
