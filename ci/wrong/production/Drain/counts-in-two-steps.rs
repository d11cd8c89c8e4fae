//! The count is read in one step and written in another. Caught by `Drain::two_requests_end_at_the_same_time`, which says "read and written in two steps".

impl Drop for RequestGuard {
    fn drop(&mut self) {
        let left = self.shared.requests().in_flight - 1;
        self.shared.change(|requests| requests.in_flight = left);
    }
}
