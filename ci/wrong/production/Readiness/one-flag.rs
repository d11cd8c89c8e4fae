//! Each component has a flag, which the first guard clears. Caught by `Readiness::a_component_is_ready_while_a_guard_exists`, which says "count the guards".

struct Component {
    name: String,
    is_ready: bool,
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
                    is_ready: false,
                });
            }
        }
        Self {
            service: Arc::new(watch::Sender::new(service)),
        }
    }

    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let component = self.service.borrow().position(component)?;
        self.service
            .send_modify(|service| service.components[component].is_ready = true);
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

impl Service {
    fn position(&self, name: &str) -> Option<usize> {
        self.components
            .iter()
            .position(|component| component.name == name)
    }

    fn status(&self) -> Status {
        if self.is_shutting_down {
            return Status::ShuttingDown;
        }
        let missing = self
            .components
            .iter()
            .filter(|component| !component.is_ready);
        let missing: Vec<_> = missing.map(|component| component.name.clone()).collect();
        if missing.is_empty() {
            Status::Ready
        } else {
            Status::NotReady { missing }
        }
    }
}

impl Drop for ReadyGuard {
    fn drop(&mut self) {
        self.service
            .send_modify(|service| service.components[self.component].is_ready = false);
    }
}
