//! The peers are looked at when a heartbeat arrives, and there is no timer. Caught by `watch_heartbeats::reports_a_silent_peer_at_its_limit`, which says "only when a heartbeat arrives".

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    while let Some(id) = beats.recv().await {
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
}
