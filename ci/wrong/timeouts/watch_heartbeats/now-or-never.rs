//! The channel is taken to be empty when `now_or_never` returns nothing, which the budget of a task ends. Caught by `watch_heartbeats::a_heartbeat_that_is_already_there_is_in_time`, which says "tokio lets a task receive about 128 messages".

use futures::FutureExt;
pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    loop {
        while let Some(beat) = beats.recv().now_or_never() {
            let Some(id) = beat else { return };
            let alive = Peer::AliveUntil(Instant::now() + limit);
            if peers.insert(id, alive) == Some(Peer::Silent) {
                report(Change::Back(id));
            }
        }
        let now = Instant::now();
        for (&id, peer) in &mut peers {
            if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                *peer = Peer::Silent;
                report(Change::Silent(id));
            }
        }
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
            Ok(None) => return,
            Err(_) => {}
        }
    }
}
