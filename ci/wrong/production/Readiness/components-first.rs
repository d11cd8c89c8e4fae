//! The components are looked at before the shutdown. Caught by `Readiness::never_ready_again_after_the_shutdown`, which says "looked at before the shutdown".

impl Service {
    fn position(&self, name: &str) -> Option<usize> {
        self.components
            .iter()
            .position(|component| component.name == name)
    }

    fn status(&self) -> Status {
        let missing = self
            .components
            .iter()
            .filter(|component| component.guards == 0);
        let missing: Vec<_> = missing.map(|component| component.name.clone()).collect();
        if missing.is_empty() && self.is_shutting_down {
            Status::ShuttingDown
        } else if missing.is_empty() {
            Status::Ready
        } else {
            Status::NotReady { missing }
        }
    }
}
