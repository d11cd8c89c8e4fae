//! A task adds the tokens to a semaphore. Caught by `TokenBucket::needs_no_task`, which says "No task should run in the background".

pub struct TokenBucket {
    tokens: Arc<Semaphore>,
    _refill: AbortOnDropHandle<()>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        let tokens = Arc::new(Semaphore::new(burst as usize));
        let tokens_of_task = Arc::clone(&tokens);
        let refill = async move {
            let mut interval = tokio::time::interval(every);
            interval.tick().await;
            loop {
                interval.tick().await;
                if tokens_of_task.available_permits() < burst as usize {
                    tokens_of_task.add_permits(1);
                }
            }
        };
        let _refill = AbortOnDropHandle::new(tokio::spawn(refill));
        Self { tokens, _refill }
    }

    pub async fn take(&self) {
        self.tokens.acquire().await.unwrap().forget();
    }
}
