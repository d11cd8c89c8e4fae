//! The payload of a panic is passed on only if it is a `&str`. Caught by `shielded::passes_on_a_panic`, which says "should panic with the same payload".

use std::any::Any;

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match tasks.spawn(work).await {
        Ok(o) => o,
        Err(e) => {
            let p = e.into_panic();
            match p.downcast::<&'static str>() {
                Ok(s) => resume_unwind(s),
                Err(_) => panic!("the work panicked"),
            }
        }
    }
}
