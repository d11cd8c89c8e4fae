//! After one message, the work is awaited alone. Caught by `work_with_deadline::handles_each_message_when_it_arrives`, which says "the loop ends after one message".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let work = async {
        tokio::select! {
            biased;
            output = &mut work => return output,
            Some(message) = messages.recv() => handle(message),
        }
        work.await
    };
    timeout(limit, work).await.ok()
}
