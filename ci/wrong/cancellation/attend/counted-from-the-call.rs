//! The deadline is made when the function is called. Caught by `attend::the_time_is_counted_from_the_first_poll`, which says "when the function is called".

pub fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> impl Future<Output = Option<F::Output>> {
    let closing = sleep(time);
    async move {
        let mut work = pin!(work);
        let mut closing = pin!(closing);
        loop {
            tokio::select! {
                biased;
                output = &mut work => return Some(output),
                () = &mut closing => return None,
                Some(reader) = bell.recv() => answer(reader),
            }
        }
    }
}
