//! Assumes that an `async fn` yields by itself. Caught by `yield_now::is_pending_once`, which says "other tasks get no turn".

pub async fn yield_now() {}
