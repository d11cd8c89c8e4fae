//! After the channel was closed, it waits until all peers are silent. Caught by `watch_heartbeats::returns_when_the_channel_is_closed`, which says "waits for the limits that are left".

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    loop {
        let beat = match next_deadline(&peers) {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                let alive = Peer::AliveUntil(Instant::now() + limit);
                if peers.insert(id, alive) == Some(Peer::Silent) {
                    report(Change::Back(id));
                }
            }
            Ok(None) => {
                for (&id, peer) in &mut peers {
                    if let Peer::AliveUntil(deadline) = *peer {
                        sleep_until(deadline).await;
                        report(Change::Silent(id));
                    }
                }
                return;
            }
            Err(_elapsed) => {
                let now = Instant::now();
                for (&id, peer) in &mut peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}
