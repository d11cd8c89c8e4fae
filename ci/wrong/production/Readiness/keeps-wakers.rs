//! Wakers are stored, and stay when a waiter is dropped. Caught by `Readiness::a_dropped_waiter_leaves_no_waker`, which says "nothing removes the waker".

use std::task::{Poll, Waker};

#[derive(Clone)]
pub struct Readiness {
    service: Arc<watch::Sender<Service>>,
    wakers: Arc<Mutex<Vec<Waker>>>,
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
            wakers: Arc::default(),
        }
    }

    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let component = self.service.borrow().position(component)?;
        self.service
            .send_modify(|service| service.components[component].guards += 1);
        self.wake_all();
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
        self.wake_all();
    }

    fn wake_all(&self) {
        let mut wakers = self.wakers.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = std::mem::take(&mut *wakers);
        drop(wakers);
        woken.into_iter().for_each(Waker::wake);
    }

    pub async fn wait_ready(&self) -> Result<(), ShuttingDown> {
        std::future::poll_fn(|cx| {
            match self.status() {
                Status::Ready => return Poll::Ready(Ok(())),
                Status::ShuttingDown => return Poll::Ready(Err(ShuttingDown)),
                Status::NotReady { .. } => {}
            }
            let mut wakers = self.wakers.lock().unwrap_or_else(PoisonError::into_inner);
            if !wakers.iter().any(|waker| waker.will_wake(cx.waker())) {
                wakers.push(cx.waker().clone());
            }
            Poll::Pending
        })
        .await
    }
}
