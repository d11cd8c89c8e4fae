//! A close frame is sent over a connection that is lost. Caught by `run_session::sends_a_close_frame`, which says "over a connection that is lost".

fn close_code(end: &SessionEnd) -> Option<u16> {
    match end {
        SessionEnd::Closed(code) => Some(*code),
        SessionEnd::Removed => Some(POLICY),
        SessionEnd::Shutdown => Some(GOING_AWAY),
        _ => Some(1011),
    }
}
