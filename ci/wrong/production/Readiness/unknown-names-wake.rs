//! A report of an unknown component wakes the waiters. Caught by `Readiness::every_waiter_is_woken`, which says "by every call, and not by changes".

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
        }
    }

    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let mut known = None;
        self.service.send_modify(|service| {
            known = service.position(component);
            if let Some(component) = known {
                service.components[component].guards += 1;
            }
        });
        let component = known?;
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
    }

    pub async fn wait_ready(&self) -> Result<(), ShuttingDown> {
        let mut changes = self.service.subscribe();
        loop {
            match changes.borrow_and_update().status() {
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
