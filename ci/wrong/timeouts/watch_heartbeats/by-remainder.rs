//! Peers are kept by the remainder of their ids, so two of them are taken for one. Caught by `watch_heartbeats::any_heartbeats`, which says "two peers are taken for one".

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: Vec<Option<(PeerId, Peer)>> = vec![None; 1024];
    loop {
        let deadlines = peers.iter().flatten().filter_map(|(_, peer)| match peer {
            Peer::AliveUntil(at) => Some(*at),
            Peer::Silent => None,
        });
        let beat = match deadlines.min() {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                let alive = Peer::AliveUntil(Instant::now() + limit);
                let before = peers[id as usize % 1024].replace((id, alive));
                if before == Some((id, Peer::Silent)) {
                    report(Change::Back(id));
                }
            }
            Ok(None) => return,
            Err(_elapsed) => {
                let now = Instant::now();
                for (id, peer) in peers.iter_mut().flatten() {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        report(Change::Silent(*id));
                    }
                }
            }
        }
    }
}
