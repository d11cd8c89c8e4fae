//! Every request gets a task, and the bags a lock: there are as many keepers as callers. Caught by `BloodBank::serves_in_the_order_of_arrival`, which says "several keepers".

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Request>,
}

use std::sync::Arc;

async fn keep(there: u32, walk: Duration, mut inbox: mpsc::Receiver<Request>) {
    let there = Arc::new(Mutex::new(there));
    while let Some(request) = inbox.recv().await {
        let there = Arc::clone(&there);
        tokio::spawn(async move {
            match request {
                Request::Bring { bags } => {
                    sleep(walk).await;
                    *there.lock().unwrap() += bags;
                }
                Request::Fetch { bags, mut reply } => {
                    tokio::select! {
                        biased;
                        () = reply.closed() => return,
                        () = sleep(walk) => {}
                    }
                    let mut there = there.lock().unwrap();
                    let fetched = there.checked_sub(bags).ok_or(Short { there: *there });
                    if reply.send(fetched).is_ok()
                        && let Ok(left) = fetched
                    {
                        *there = left;
                    }
                }
            }
        });
    }
}
