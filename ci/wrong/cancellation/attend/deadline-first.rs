//! The deadline is looked at before the work. Caught by `attend::work_that_is_ready_at_the_deadline_counts`, which says "looked at first".

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
            () = &mut closing => return None,
            output = &mut work => return Some(output),
            Some(reader) = bell.recv() => answer(reader),
        }
    }
}
