//! The rest of the time is computed with `std::time::Instant`. Caught by `work_with_deadline::a_message_does_not_move_the_deadline`, which says "asks `std::time::Instant`".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let end = std::time::Instant::now() + limit;
    loop {
        tokio::select! { biased;
            output = &mut work => return Some(output),
            () = sleep(end.saturating_duration_since(std::time::Instant::now())) => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
