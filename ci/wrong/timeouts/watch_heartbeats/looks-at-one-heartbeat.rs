//! When the timer has expired, at most one heartbeat is taken out of the channel. Caught by `watch_heartbeats::a_heartbeat_that_is_already_there_is_in_time`, which says "All heartbeats that have arrived count".

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
                let now = Instant::now();
                if peers.insert(id, Peer::AliveUntil(now + limit)) == Some(Peer::Silent) {
                    report(Change::Back(id));
                }
                for (&id, peer) in &mut peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        report(Change::Silent(id));
                    }
                }
            }
            Ok(None) => return,
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
