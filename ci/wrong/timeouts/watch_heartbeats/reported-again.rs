//! A silent peer is reported after each further limit. Caught by `watch_heartbeats::reports_a_silent_peer_at_its_limit`, which says "again and again".

use std::collections::HashSet;

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    let mut silent = HashSet::new();
    loop {
        let beat = match next_deadline(&peers) {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                peers.insert(id, Peer::AliveUntil(Instant::now() + limit));
                if silent.remove(&id) {
                    report(Change::Back(id));
                }
            }
            Ok(None) => return,
            Err(_elapsed) => {
                let now = Instant::now();
                for (&id, peer) in &mut peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::AliveUntil(now + limit);
                        silent.insert(id);
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}
