//! A peer that takes nothing is sent a close frame. Caught by `run_session::a_slow_peer_has_a_limit`, which says "such as a close frame".

fn close_code(end: &SessionEnd) -> Option<u16> {
    match end {
        SessionEnd::Closed(code) => Some(*code),
        SessionEnd::Removed | SessionEnd::TooSlow => Some(POLICY),
        SessionEnd::Shutdown => Some(GOING_AWAY),
        _ => None,
    }
}
