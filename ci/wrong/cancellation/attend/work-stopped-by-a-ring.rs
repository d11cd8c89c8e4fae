//! The work is moved into the round, and the first ring drops it. Caught by `attend::gives_what_the_work_gives`, which says "pin it, and lend it to each round".

pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let mut closing = pin!(sleep(time));
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
            () = &mut closing => return None,
            Some(reader) = bell.recv() => answer(reader),
        }
    }
}
