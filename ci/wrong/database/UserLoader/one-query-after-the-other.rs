//! Sends a query when the one before it is ready. Caught by `UserLoader::each_call_waits_for_its_own_query`, which says "run one after the other".

use tokio::sync::oneshot;

/// The calls that wait, with their ids.
type Calls = Vec<(u64, oneshot::Sender<Result<Option<User>, DbError>>)>;

pub struct UserLoader<S> {
    store: Arc<S>,
    max_ids: usize,
    batches: Arc<Mutex<Calls>>,
}

impl<S: UserStore> UserLoader<S> {
    pub fn new(store: S, max_ids: usize) -> Self {
        Self {
            store: Arc::new(store),
            max_ids,
            batches: Arc::default(),
        }
    }

    pub async fn load(&self, id: u64) -> Result<Option<User>, DbError> {
        let (tx, rx) = oneshot::channel();
        let is_first = {
            let mut calls = lock(&self.batches);
            calls.push((id, tx));
            calls.len() == 1
        };
        if is_first {
            let (store, calls, max_ids) = (
                Arc::clone(&self.store),
                Arc::clone(&self.batches),
                self.max_ids,
            );
            tokio::spawn(async move {
                yield_now().await;
                let calls = std::mem::take(&mut *lock(&calls));
                send(store, calls, max_ids).await;
            });
        }
        rx.await.expect("the task sends a result")
    }
}

async fn send<S: UserStore>(store: Arc<S>, calls: Calls, max_ids: usize) {
    let mut ids = Vec::new();
    for (id, _) in &calls {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    let queries = ids
        .chunks(max_ids)
        .map(|ids| (ids.to_vec(), store.users(ids.to_vec())));
    let (asked, queries): (Vec<_>, Vec<_>) = queries.unzip();
    let mut results = Vec::new();
    for query in queries {
        results.push(query.await);
    }
    for (id, call) in calls {
        let at = asked
            .iter()
            .position(|ids| ids.contains(&id))
            .expect("it was asked for");
        let result = results[at].as_ref().map_err(Clone::clone);
        let user = result.map(|users| users.iter().find(|user| user.id == id).cloned());
        let _ = call.send(user);
    }
}
