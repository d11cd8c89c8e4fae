//! A timeout around the work; the messages are handled after it. Caught by `work_with_deadline::handles_each_message_when_it_arrives`, which says "handled at the end".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let output = timeout(limit, work).await.ok();
    while let Ok(message) = messages.try_recv() {
        handle(message);
    }
    output
}
