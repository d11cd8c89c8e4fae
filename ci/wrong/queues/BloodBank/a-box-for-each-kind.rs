//! Bringing and fetching have a box each, and the order between the two is lost. Caught by `BloodBank::bringing_and_fetching_keep_their_order`, which says "a box for each kind".

#[derive(Debug, Clone)]
pub struct BloodBank {
    brought: mpsc::Sender<u32>,
    wanted: mpsc::Sender<(u32, oneshot::Sender<Result<u32, Short>>)>,
}

impl BloodBank {
    pub fn open(bags: u32, walk: Duration, room: usize) -> Self {
        let (brought, mut to_bring) = mpsc::channel(room);
        let (wanted, mut to_fetch) =
            mpsc::channel::<(u32, oneshot::Sender<Result<u32, Short>>)>(room);
        tokio::spawn(async move {
            let mut there = bags;
            loop {
                tokio::select! {
                    biased;
                    Some(bags) = to_bring.recv() => {
                        sleep(walk).await;
                        there += bags;
                    }
                    Some((bags, mut reply)) = to_fetch.recv() => {
                        tokio::select! {
                            biased;
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
                    else => return,
                }
            }
        });
        Self { brought, wanted }
    }

    pub async fn bring(&self, bags: u32) {
        let _ = self.brought.send(bags).await;
    }

    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        let (reply, answer) = oneshot::channel();
        let _ = self.wanted.send((bags, reply)).await;
        answer.await.unwrap()
    }
}
