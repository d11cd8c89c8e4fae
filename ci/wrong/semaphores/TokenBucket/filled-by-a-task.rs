//! A task fills a semaphore, tick by tick. Caught by `TokenBucket::nothing_runs_in_the_background`, which says "should need no task".

pub struct TokenBucket {
    tokens: Arc<Semaphore>,
    _filler: AbortOnDropHandle<()>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        let tokens = Arc::new(Semaphore::new(burst as usize));
        let filled = Arc::clone(&tokens);
        let filler = async move {
            let mut beat = tokio::time::interval(every);
            beat.tick().await;
            loop {
                beat.tick().await;
                if filled.available_permits() < burst as usize {
                    filled.add_permits(1);
                }
            }
        };
        let _filler = AbortOnDropHandle::new(tokio::spawn(filler));
        Self { tokens, _filler }
    }

    pub async fn take(&self) {
        self.tokens.acquire().await.unwrap().forget();
    }
}
