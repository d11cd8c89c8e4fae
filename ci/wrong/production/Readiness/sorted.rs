//! The missing components are sorted. Caught by `Readiness::ready_when_all_components_are`, which says "the missing components are sorted".

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
        let mut missing: Vec<_> = missing.map(|component| component.name.clone()).collect();
        missing.sort();
        if missing.is_empty() {
            Status::Ready
        } else {
            Status::NotReady { missing }
        }
    }
}
