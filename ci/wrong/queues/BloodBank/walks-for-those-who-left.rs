//! The keeper learns that a caller has left only when the answer cannot be delivered. Caught by `BloodBank::a_caller_who_left_takes_no_time`, which says "walks to the end".

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
                if reply.send(fetched).is_ok()
                    && let Ok(left) = fetched
                {
                    there = left;
                }
            }
        }
    }
}
