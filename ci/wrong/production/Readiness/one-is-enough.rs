//! One component that is ready is enough. Caught by `Readiness::ready_when_all_components_are`, which says "one component is enough".

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
            .filter(|component| component.guards == 0);
        let missing: Vec<_> = missing.map(|component| component.name.clone()).collect();
        if missing.is_empty() || missing.len() < self.components.len() {
            Status::Ready
        } else {
            Status::NotReady { missing }
        }
    }
}
