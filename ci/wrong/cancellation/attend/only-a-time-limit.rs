//! A time limit around the work, and the bell when that is over. Caught by `attend::answers_each_ring_at_its_instant`, which says "nobody polls the bell".

pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let output = timeout(time, work).await.ok();
    while let Ok(reader) = bell.try_recv() {
        answer(reader);
    }
    output
}
