//! Additions and removals have a channel each, so the order between the two is lost. Caught by `InventoryActor::keeps_the_order_of_add_and_take`, which says "in the order in which they enter".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    additions: mpsc::Sender<u32>,
    removals: mpsc::Sender<(u32, oneshot::Sender<Result<u32, OutOfStock>>)>,
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        let (additions, mut to_add) = mpsc::channel(capacity);
        let (removals, mut to_take) =
            mpsc::channel::<(u32, oneshot::Sender<Result<u32, OutOfStock>>)>(capacity);
        tokio::spawn(async move {
            let mut available = units;
            loop {
                tokio::select! {
                    biased;
                    Some(units) = to_add.recv() => {
                        sleep(latency).await;
                        available += units;
                    }
                    Some((units, mut reply)) = to_take.recv() => {
                        tokio::select! {
                            biased;
                            () = reply.closed() => continue,
                            () = sleep(latency) => {}
                        }
                        let taken = available.checked_sub(units).ok_or(OutOfStock { available });
                        if reply.send(taken).is_ok()
                            && let Ok(left) = taken
                        {
                            available = left;
                        }
                    }
                    else => return,
                }
            }
        });
        Self { additions, removals }
    }

    pub async fn add(&self, units: u32) {
        let _ = self.additions.send(units).await;
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        let _ = self.removals.send((units, reply)).await;
        response.await.unwrap()
    }
}
