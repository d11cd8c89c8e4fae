//! A waiter returns what was so when it was woken. Caught by `Readiness::a_woken_waiter_looks_at_the_status`, which says "returns what was so when it was woken".

use tokio::sync::oneshot;

#[derive(Clone)]
pub struct Readiness {
    service: Arc<watch::Sender<Service>>,
    waiters: Arc<Waiters>,
}

impl Readiness {
    pub fn new(components: &[&str]) -> Self {
        let mut service = Service {
            components: Vec::new(),
            is_shutting_down: false,
        };
        for name in components {
            if service.position(name).is_none() {
                service.components.push(Component {
                    name: (*name).to_owned(),
                    guards: 0,
                });
            }
        }
        Self {
            service: Arc::new(watch::Sender::new(service)),
            waiters: Arc::default(),
        }
    }

    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let component = self.service.borrow().position(component)?;
        self.service
            .send_modify(|service| service.components[component].guards += 1);
        let guard = Some(ReadyGuard {
            service: Arc::clone(&self.service),
            component,
        });
        self.answer_waiters();
        guard
    }

    pub fn status(&self) -> Status {
        self.service.borrow().status()
    }

    pub fn shut_down(&self) {
        self.service
            .send_modify(|service| service.is_shutting_down = true);
        self.answer_waiters();
    }

    fn answer_waiters(&self) {
        let answer = match self.status() {
            Status::Ready => Ok(()),
            Status::ShuttingDown => Err(ShuttingDown),
            Status::NotReady { .. } => return,
        };
        let mut waiters = self.waiters.lock().unwrap_or_else(PoisonError::into_inner);
        for waiter in waiters.drain(..) {
            let _ = waiter.send(answer);
        }
    }

    pub async fn wait_ready(&self) -> Result<(), ShuttingDown> {
        match self.status() {
            Status::Ready => return Ok(()),
            Status::ShuttingDown => return Err(ShuttingDown),
            Status::NotReady { .. } => {}
        }
        let (answer, answered) = oneshot::channel();
        let mut waiters = self.waiters.lock().unwrap_or_else(PoisonError::into_inner);
        waiters.push(answer);
        drop(waiters);
        look_when_answered(self, answered).await
    }
}

type Waiters = Mutex<Vec<oneshot::Sender<Result<(), ShuttingDown>>>>;

async fn look_when_answered(
    readiness: &Readiness,
    answered: oneshot::Receiver<Result<(), ShuttingDown>>,
) -> Result<(), ShuttingDown> {
    let answer = answered.await.unwrap_or(Err(ShuttingDown));
    match readiness.status() {
        // It was ready, and is not any more.
        Status::NotReady { .. } => Box::pin(readiness.wait_ready()).await,
        _ => answer,
    }
}
