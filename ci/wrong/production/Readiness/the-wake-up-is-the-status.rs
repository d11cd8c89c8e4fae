//! A waiter that is woken returns `Ok(())`. Caught by `Readiness::a_woken_waiter_looks_at_the_status`, which says "the wake-up is taken for the status".

#[derive(Clone)]
pub struct Readiness {
    service: Arc<watch::Sender<Service>>,
    has_changed: Arc<Notify>,
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
            has_changed: Arc::default(),
        }
    }

    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let component = self.service.borrow().position(component)?;
        self.service
            .send_modify(|service| service.components[component].guards += 1);
        if self.status() == Status::Ready {
            self.has_changed.notify_waiters();
        }
        Some(ReadyGuard {
            service: Arc::clone(&self.service),
            component,
        })
    }

    pub fn status(&self) -> Status {
        self.service.borrow().status()
    }

    pub fn shut_down(&self) {
        self.service
            .send_modify(|service| service.is_shutting_down = true);
        self.has_changed.notify_waiters();
    }

    pub async fn wait_ready(&self) -> Result<(), ShuttingDown> {
        let changed = self.has_changed.notified();
        match self.status() {
            Status::Ready => return Ok(()),
            Status::ShuttingDown => return Err(ShuttingDown),
            Status::NotReady { .. } => {}
        }
        changed.await;
        if self.status() == Status::ShuttingDown {
            return Err(ShuttingDown);
        }
        Ok(())
    }
}
