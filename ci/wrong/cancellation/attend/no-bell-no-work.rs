//! When nobody can ring any more, it gives up. Caught by `attend::goes_on_when_nobody_can_ring`, which says "`None` from the bell ends the answer".

pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut closing = pin!(sleep(time));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut closing => return None,
            reader = bell.recv() => answer(reader?),
        }
    }
}
