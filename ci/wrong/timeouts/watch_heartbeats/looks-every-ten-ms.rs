//! The peers are looked at every ten milliseconds. Caught by `watch_heartbeats::reports_a_silent_peer_at_its_limit`, which says "looked at every now and then".

use tokio::time::interval;

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    let mut ticks = interval(Duration::from_millis(10));
    loop {
        tokio::select! {
            biased;
            beat = beats.recv() => {
                let Some(id) = beat else { return };
                let alive = Peer::AliveUntil(Instant::now() + limit);
                if peers.insert(id, alive) == Some(Peer::Silent) {
                    report(Change::Back(id));
                }
            }
            _ = ticks.tick() => {
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
