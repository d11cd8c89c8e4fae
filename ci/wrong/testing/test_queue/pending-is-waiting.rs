//! Takes a call that is pending once for one that waits, so that a call which goes on later is not noticed. Caught by `test_queue::fails_programs_that_break_it`, which says "Your tests pass this wrong program with".

use futures::FutureExt;

async fn waits(call: impl Future) -> bool {
    call.now_or_never().is_none()
}
