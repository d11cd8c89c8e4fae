//! The guards of a component are counted in eight bits. Caught by `Readiness::a_component_may_have_many_guards`, which says "a type that is too small".

struct Component {
    name: String,
    guards: u8,
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
        }
    }

    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let component = self.service.borrow().position(component)?;
        self.service.send_modify(|service| {
            let guards = &mut service.components[component].guards;
            *guards = guards.wrapping_add(1);
        });
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

impl Drop for ReadyGuard {
    fn drop(&mut self) {
        self.service.send_modify(|service| {
            let guards = &mut service.components[self.component].guards;
            *guards = guards.wrapping_sub(1);
        });
    }
}
