//! A clone that shuts down does so alone: its token is a child. Caught by `Readiness::clones_belong_to_the_same_service`, which says "a part of the state of their own".

pub struct Readiness {
    service: Arc<watch::Sender<Service>>,
    shutdown: CancellationToken,
}

impl Clone for Readiness {
    fn clone(&self) -> Self {
        Self {
            service: Arc::clone(&self.service),
            shutdown: self.shutdown.child_token(),
        }
    }
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
            shutdown: CancellationToken::new(),
        }
    }

    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let component = self.service.borrow().position(component)?;
        self.service
            .send_modify(|service| service.components[component].guards += 1);
        Some(ReadyGuard {
            service: Arc::clone(&self.service),
            component,
        })
    }

    pub fn status(&self) -> Status {
        if self.shutdown.is_cancelled() {
            return Status::ShuttingDown;
        }
        self.service.borrow().status()
    }

    pub fn shut_down(&self) {
        self.shutdown.cancel();
        self.service.send_modify(|_| ());
    }

    pub async fn wait_ready(&self) -> Result<(), ShuttingDown> {
        let mut changes = self.service.subscribe();
        loop {
            match {
                changes.mark_unchanged();
                self.status()
            } {
                Status::Ready => return Ok(()),
                Status::ShuttingDown => return Err(ShuttingDown),
                Status::NotReady { .. } => {}
            }
            if changes.changed().await.is_err() {
                return Err(ShuttingDown);
            }
        }
    }
}
