//! A peer that is back is not watched again. Caught by `watch_heartbeats::reports_a_peer_that_is_back`, which says "is not watched again".

use std::collections::HashSet;

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    let mut gone = HashSet::new();
    loop {
        let beat = match next_deadline(&peers) {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                if gone.contains(&id) {
                    if peers.remove(&id).is_some() {
                        report(Change::Back(id));
                    }
                } else {
                    peers.insert(id, Peer::AliveUntil(Instant::now() + limit));
                }
            }
            Ok(None) => return,
            Err(_elapsed) => {
                let now = Instant::now();
                for (&id, peer) in &mut peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        gone.insert(id);
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}
