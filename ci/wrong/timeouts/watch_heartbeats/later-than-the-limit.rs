//! A peer is silent a millisecond after its limit. Caught by `watch_heartbeats::reports_a_silent_peer_at_its_limit`, which says "more than the limit".

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    loop {
        let beat = match next_deadline(&peers) {
            Some(deadline) => timeout_at(deadline + Duration::from_millis(1), beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                let alive = Peer::AliveUntil(Instant::now() + limit);
                if peers.insert(id, alive) == Some(Peer::Silent) {
                    report(Change::Back(id));
                }
            }
            Ok(None) => return,
            Err(_elapsed) => {
                let now = Instant::now();
                for (&id, peer) in &mut peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline < now) {
                        *peer = Peer::Silent;
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}
