//! Each close frame has the code of a normal closure. Caught by `run_session::sends_a_close_frame`, which says "the code is another one".

fn close_code(end: &SessionEnd) -> Option<u16> {
    match end {
        SessionEnd::Closed(_) | SessionEnd::Removed | SessionEnd::Shutdown => Some(1000),
        _ => None,
    }
}
