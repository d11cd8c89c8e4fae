//! Reports are counted, and not components. Caught by `Readiness::ready_when_all_components_are`, which says "reports are counted".

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
        let reports: usize = self
            .components
            .iter()
            .map(|component| component.guards)
            .sum();
        if reports >= self.components.len() {
            Status::Ready
        } else {
            Status::NotReady { missing }
        }
    }
}
