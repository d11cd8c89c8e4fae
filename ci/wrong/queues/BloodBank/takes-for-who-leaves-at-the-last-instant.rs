//! Bags are taken out before the answer is delivered, and somebody may leave in that instant. Caught by `BloodBank::a_caller_who_left_stops_nobody`, which says "taken out for a caller who has left".

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
                    () = sleep(walk) => {}
                    () = reply.closed() => continue,
                }
                let fetched = there.checked_sub(bags).ok_or(Short { there });
                if let Ok(left) = fetched {
                    there = left;
                }
                let _ = reply.send(fetched);
            }
        }
    }
}
