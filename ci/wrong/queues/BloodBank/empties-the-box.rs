//! The keeper empties the box into a list, and the box has room again. Caught by `BloodBank::the_box_pushes_back`, which says "the keeper empties the box into a list".

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Request>,
}

async fn keep(mut there: u32, walk: Duration, mut inbox: mpsc::Receiver<Request>) {
    let mut list = std::collections::VecDeque::new();
    loop {
        if list.is_empty() {
            list.extend(inbox.recv().await);
        }
        while let Ok(request) = inbox.try_recv() {
            list.push_back(request);
        }
        let Some(request) = list.pop_front() else {
            return;
        };
        match request {
            Request::Bring { bags } => {
                sleep(walk).await;
                there += bags;
            }
            Request::Fetch { bags, mut reply } => {
                tokio::select! {
                    biased;
                    // Before the first step as well: who left while the request lay in the box.
                    () = reply.closed() => continue,
                    () = sleep(walk) => {}
                }
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
