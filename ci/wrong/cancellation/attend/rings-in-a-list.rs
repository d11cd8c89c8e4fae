//! Rings are taken out of the channel first, and answered when the next one comes. Caught by `attend::loses_no_ring_when_dropped`, which says "dropped with the answer".

pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut closing = pin!(sleep(time));
    let mut rung = Vec::new();
    let output = loop {
        tokio::select! {
            biased;
            output = &mut work => break Some(output),
            () = &mut closing => break None,
            Some(reader) = bell.recv() => rung.push(reader),
        }
    };
    rung.into_iter().for_each(&mut answer);
    output
}
