//! Each round has a `sleep` of its own. Caught by `attend::a_ring_does_not_move_the_deadline`, which says "makes a new `sleep`".

pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            Some(reader) = bell.recv() => answer(reader),
            () = sleep(time) => return None,
        }
    }
}
