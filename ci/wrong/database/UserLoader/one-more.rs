//! Lets a query have one id more than `max_ids`. Caught by `UserLoader::calls_of_one_task_share_queries`, which says "grows beyond `max_ids`".

impl Batch {
    /// Whether the query still takes ids: it is not sent, and one of its calls is left.
    fn is_open(&self) -> bool {
        lock(&self.ids).is_some() && self.query.upgrade().is_some()
    }

    /// A share of the query, if it has this id, or has room for it.
    fn join(&self, id: u64, max_ids: usize) -> Option<Shared<Query>> {
        let query = self.query.upgrade()?;
        let mut ids = lock(&self.ids);
        let ids = ids.as_mut()?;
        if !ids.contains(&id) {
            if ids.len() > max_ids {
                return None;
            }
            ids.push(id);
        }
        Some(query)
    }
}
