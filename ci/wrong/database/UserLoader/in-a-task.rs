//! Queries in tasks that run on when no call is left. Caught by `UserLoader::a_query_is_dropped_with_its_last_call`, which says "runs on when all of its calls are gone".

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
                let mut calls = std::mem::take(&mut *lock(&calls));
                calls.retain(|(_, call)| !call.is_closed());
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
    let mut calls = calls;
    for ids in ids.chunks(max_ids) {
        let of_query = calls.extract_if(.., |(id, _)| ids.contains(id));
        let (of_query, store, ids) = (
            of_query.collect::<Vec<_>>(),
            Arc::clone(&store),
            ids.to_vec(),
        );
        tokio::spawn(async move {
            let result = store.users(ids).await;
            for (id, call) in of_query {
                let result = result.as_ref().map_err(Clone::clone);
                let user = result.map(|users| users.iter().find(|user| user.id == id).cloned());
                let _ = call.send(user);
            }
        });
    }
}
