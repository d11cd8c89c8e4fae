//! One timeout is around `recv`, so each heartbeat of any peer starts it again. Caught by `watch_heartbeats::other_peers_do_not_hide_a_silent_one`, which says "whichever peer has sent it".

use tokio::time::timeout;

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    loop {
        let beat = timeout(limit, beats.recv()).await;
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
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}
