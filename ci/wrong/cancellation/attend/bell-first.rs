//! The bell is looked at before all else. Caught by `attend::a_bell_that_is_never_silent_keeps_nobody`, which says "the bell is looked at first".

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
            Some(reader) = bell.recv() => answer(reader),
            output = &mut work => return Some(output),
            () = &mut closing => return None,
        }
    }
}
