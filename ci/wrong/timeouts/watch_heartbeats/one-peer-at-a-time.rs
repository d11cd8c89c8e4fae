//! One peer is looked at when the timer expires, and the others of that instant are forgotten. Caught by `watch_heartbeats::reports_all_that_go_silent_at_the_same_instant`, which says "only one peer is looked at".

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    loop {
        let now = Instant::now();
        let deadlines = peers.values().filter_map(|peer| match peer {
            Peer::AliveUntil(deadline) if *deadline > now => Some(*deadline),
            _ => None,
        });
        let beat = match deadlines.min() {
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
            Ok(None) => return,
            Err(_elapsed) => {
                let now = Instant::now();
                let expired = peers
                    .iter_mut()
                    .filter(|(_, peer)| **peer == Peer::AliveUntil(now));
                // The order of a `HashMap` would be another one in each run.
                if let Some((&id, peer)) = expired.min_by_key(|(id, _)| **id) {
                    *peer = Peer::Silent;
                    report(Change::Silent(id));
                }
            }
        }
    }
}
