//! When the bell is finished, the work is awaited alone. Caught by `attend::keeps_the_deadline_when_nobody_can_ring`, which says "the work is awaited alone".

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
            ring = bell.recv() => match ring {
                Some(reader) => answer(reader),
                None => return Some(work.await),
            },
        }
    }
}
