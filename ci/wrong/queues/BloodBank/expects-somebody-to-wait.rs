//! The keeper panics when nobody waits for the answer. Caught by `BloodBank::a_caller_who_left_stops_nobody`, which says "somebody waits".

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
                sleep(walk).await;
                let fetched = there.checked_sub(bags).ok_or(Short { there });
                reply.send(fetched).expect("somebody waits");
                if let Ok(left) = fetched {
                    there = left;
                }
            }
        }
    }
}
