//! Where not all bags are there it gives those that are. Caught by `BloodBank::counts_the_bags`, which says "a part is given where not all are there".

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Request>,
}

async fn keep(mut there: u32, walk: Duration, mut inbox: mpsc::Receiver<Request>) {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Bring { bags } => {
                sleep(walk).await;
                there += bags;
            }
            Request::Fetch { bags, mut reply } => {
                tokio::select! {
                    biased;
                    () = reply.closed() => continue,
                    () = sleep(walk) => {}
                }
                let left = there.saturating_sub(bags);
                if reply.send(Ok(left)).is_ok() {
                    there = left;
                }
            }
        }
    }
}
