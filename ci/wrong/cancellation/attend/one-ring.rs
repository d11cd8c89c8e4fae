//! After one ring the work is awaited alone. Caught by `attend::answers_each_ring_at_its_instant`, which says "the loop ends after one ring".

pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let work = async {
        tokio::select! {
            biased;
            output = &mut work => return output,
            Some(reader) = bell.recv() => answer(reader),
        }
        work.await
    };
    timeout(time, work).await.ok()
}
