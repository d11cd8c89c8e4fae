//! The bags are taken out before anybody knows whether the caller is there. Caught by `BloodBank::a_caller_who_left_takes_no_bag`, which says "before the answer is sent".

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
                if let Ok(left) = fetched {
                    there = left;
                }
                let _ = reply.send(fetched);
            }
        }
    }
}
