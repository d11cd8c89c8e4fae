//! Panics inside a run are recorded instead of printed.

use std::sync::Once;

use super::panicked::Panicked;
use super::state::Run;
use super::verdict;

/// Replaces the process's panic hook, once. Panics of threads that work for no run go to the former hook.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let former = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| match Run::current() {
            Some(run) => {
                let panicked = Panicked::new(info);
                if panicked.ends_the_process() {
                    run.end_process(verdict::of_a_panicking_drop(&run));
                }
                run.record_panic(panicked);
            }
            None => former(info),
        }));
    });
}
