//! Only the waker of the first poll is used. Caught by `Readiness::wakes_the_latest_waker`, which says "first poll".

use std::pin::pin;
use std::task::{Context, Waker};

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
        self.service
            .send_modify(|service| service.components[component].guards += 1);
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
        let mut first = None;
        loop {
            match changes.borrow_and_update().status() {
                Status::Ready => return Ok(()),
                Status::ShuttingDown => return Err(ShuttingDown),
                Status::NotReady { .. } => {}
            }
            if with_the_first(&mut first, changes.changed()).await.is_err() {
                return Err(ShuttingDown);
            }
        }
    }
}

async fn with_the_first<F: Future>(first: &mut Option<Waker>, future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        let waker = first.get_or_insert_with(|| cx.waker().clone());
        future.as_mut().poll(&mut Context::from_waker(waker))
    })
    .await
}
