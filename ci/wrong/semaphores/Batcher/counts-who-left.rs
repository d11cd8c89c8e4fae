//! Who has left is forgotten only when the batch goes out. Caught by `Batcher::who_left_takes_no_place`, which says "count towards the size".

pub struct Batcher<F> {
    state: Arc<Wishes<F>>,
}

struct Wishes<F> {
    size: usize,
    delay: Duration,
    trip: F,
    next: Mutex<Vec<(u32, oneshot::Sender<String>)>>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, trip: F) -> Self {
        let next = Mutex::default();
        Self {
            state: Arc::new(Wishes {
                size,
                delay,
                trip,
                next,
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state.next.lock().unwrap();
        {
            let next = &mut *state;
            next.push((key, sender));
            let mut different: Vec<u32> = next.iter().map(|wish| wish.0).collect();
            different.sort_unstable();
            different.dedup();
            if different.len() >= self.state.size {
                let full = std::mem::take(next);
                tokio::spawn(Arc::clone(&self.state).ask(full));
            }
        }
        if state.len() == 1 {
            let shared = Arc::clone(&self.state);
            tokio::spawn(async move {
                sleep(shared.delay).await;
                let late = std::mem::take(&mut *shared.next.lock().unwrap());
                if !late.is_empty() {
                    Arc::clone(&shared).ask(late).await;
                }
            });
        }
        drop(state);
        receiver.await.ok()
    }
}

impl<F, R> Wishes<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    async fn ask(self: Arc<Self>, mut batch: Vec<(u32, oneshot::Sender<String>)>) {
        batch.retain(|wish| !wish.1.is_closed());
        if batch.is_empty() {
            return;
        }
        let mut keys: Vec<u32> = batch.iter().map(|wish| wish.0).collect();
        keys.sort_unstable();
        keys.dedup();
        let answers = (self.trip)(keys.clone()).await;
        for (key, caller) in batch {
            let at = keys.iter().position(|other| *other == key).unwrap();
            let _ = caller.send(answers[at].clone());
        }
    }
}
