//! The destructor does not know that `left` was called. Caught by `run_session::ends_at_the_first_cause`, which says "called by the loop and again".

impl<H: Handler> Drop for Attendance<H> {
    fn drop(&mut self) {
        self.handler.left(&SessionEnd::Aborted);
    }
}
