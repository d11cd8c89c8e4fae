//! The work is moved into the first iteration, and the first message drops it. Caught by `work_with_deadline::returns_the_output_of_the_work`, which says "a message drops the work".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut deadline = pin!(sleep(limit));
    let mut work = Some(Box::pin(work));
    loop {
        let now = async {
            match work.take() {
                Some(work) => work.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            output = now => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
