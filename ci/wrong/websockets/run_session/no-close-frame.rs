//! The socket is dropped without a close frame. Caught by `run_session::sends_a_close_frame`, which says "dropped without a close frame".

fn close_code(_end: &SessionEnd) -> Option<u16> {
    None
}
