//! Every millisecond it looks whether there are messages. Caught by `work_with_deadline::handles_each_message_when_it_arrives`, which says "looks whether something has changed".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let end = tokio::time::Instant::now() + limit;
    loop {
        while let Ok(m) = messages.try_recv() {
            handle(m);
        }
        tokio::select! { biased;
            output = &mut work => return Some(output),
            () = sleep(Duration::from_millis(1)) => {}
        }
        if tokio::time::Instant::now() >= end {
            return futures::FutureExt::now_or_never(&mut work);
        }
    }
}
