//! A call asks when it is made, and not at its first poll. Caught by `UserLoader::each_turn_asks_again`, which says "asks when it is made".

use futures::channel::oneshot;
use std::collections::HashMap;
use std::marker::PhantomData;
use tokio::sync::{mpsc, watch};
use tokio::task::coop::unconstrained;

type Loaded = Result<Arc<HashMap<u64, User>>, DbError>;
type Answer = watch::Receiver<Option<Loaded>>;

pub struct UserLoader<S> {
    requests: mpsc::UnboundedSender<(u64, oneshot::Sender<Answer>)>,
    _store: PhantomData<fn() -> S>,
}

async fn own<S: UserStore>(
    store: S,
    max_ids: usize,
    mut requests: mpsc::UnboundedReceiver<(u64, oneshot::Sender<Answer>)>,
) {
    let store = Arc::new(store);
    while let Some(first) = requests.recv().await {
        let mut turn = vec![first];
        while let Ok(request) = requests.try_recv() {
            turn.push(request);
        }
        let mut ids = Vec::new();
        let mut callers: HashMap<u64, Vec<oneshot::Sender<Answer>>> = HashMap::new();
        for (id, caller) in turn {
            if caller.is_canceled() {
                continue;
            }
            let callers = callers.entry(id).or_default();
            if callers.is_empty() {
                ids.push(id);
            }
            callers.push(caller);
        }
        for query in ids.chunks(max_ids) {
            let (answer, answers) = watch::channel(None);
            for id in query {
                for caller in callers.remove(id).into_iter().flatten() {
                    let _ = caller.send(answers.clone());
                }
            }
            drop(answers);
            tokio::spawn(run(Arc::clone(&store), query.to_vec(), answer));
        }
    }
}

async fn run<S: UserStore>(store: Arc<S>, ids: Vec<u64>, answer: watch::Sender<Option<Loaded>>) {
    let users = tokio::select! {
        biased;
        () = answer.closed() => return,
        users = async { store.users(ids).await } => users,
    };
    let users =
        users.map(|users| Arc::new(users.into_iter().map(|user| (user.id, user)).collect()));
    answer.send_replace(Some(users));
}

impl<S: UserStore> UserLoader<S> {
    pub fn new(store: S, max_ids: usize) -> Self {
        let (requests, receiver) = mpsc::unbounded_channel();
        tokio::spawn(own(store, max_ids, receiver));
        UserLoader {
            requests,
            _store: PhantomData,
        }
    }

    pub fn load(&self, id: u64) -> impl Future<Output = Result<Option<User>, DbError>> {
        let (sender, receiver) = oneshot::channel();
        let sent = self.requests.send((id, sender));
        assert!(sent.is_ok(), "the owner runs as long as the loader exists");
        unconstrained(async move {
            let mut answers = receiver.await.expect("the owner answers");
            let loaded = answers.wait_for(Option::is_some).await;
            let loaded = loaded.expect("the query answers").clone();
            let users = loaded.expect("it has just been there")?;
            Ok(users.get(&id).cloned())
        })
    }
}
