//! An `async fn` is taken for something that gives others a turn by itself. Caught by `yield_now::is_pending_once`, which says "nobody else gets a turn".

pub async fn yield_now() {}
