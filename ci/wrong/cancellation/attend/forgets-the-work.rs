//! The work is put where nobody drops it, so that a ring cannot stop it. Caught by `attend::the_work_is_dropped_at_the_deadline`, which says "that are not dropped".

pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let mut work = Box::leak(Box::new(Box::pin(work)));
    let mut closing = pin!(sleep(time));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut closing => return None,
            Some(reader) = bell.recv() => answer(reader),
        }
    }
}
