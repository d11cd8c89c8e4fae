//! Answers the code 1005 with 1000. Caught by `run_session::sends_a_close_frame`, which says "it is the same code, whatever that is".

fn close_code(end: &SessionEnd) -> Option<u16> {
    match end {
        SessionEnd::Closed(1005) => Some(1000),
        SessionEnd::Closed(code) => Some(*code),
        SessionEnd::Removed => Some(POLICY),
        SessionEnd::Shutdown => Some(GOING_AWAY),
        _ => None,
    }
}
