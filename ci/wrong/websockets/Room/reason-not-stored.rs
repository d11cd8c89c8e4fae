//! A member that is removed does not learn why. Caught by `Room::removes_a_member_whose_queue_is_full`, which says "told another reason".

impl Entry {
    fn offer(&self, event: &Event) -> Result<(), Event> {
        let reason = match self.events.try_send(event.clone()) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => Reason::TooSlow,
            Err(mpsc::error::TrySendError::Closed(_)) => Reason::Dropped,
        };
        Err(self.left(reason))
    }

    fn left(&self, reason: Reason) -> Event {
        Event::Left(self.name.clone(), reason)
    }
}
