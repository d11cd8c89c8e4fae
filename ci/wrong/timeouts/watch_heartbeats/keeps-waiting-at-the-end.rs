//! It does not return when the channel is closed. Caught by `watch_heartbeats::returns_when_the_channel_is_closed`, which says "does not end the loop".

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
            Ok(None) => std::future::pending::<()>().await,
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
