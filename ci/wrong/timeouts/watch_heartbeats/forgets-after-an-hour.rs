//! A peer that has been silent for more than an hour is forgotten, and its next heartbeat is taken for the first. Caught by `watch_heartbeats::a_limit_and_a_silence_may_take_days`, which says "a long time is forgotten".

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    let mut silent_since: HashMap<PeerId, Instant> = HashMap::new();
    loop {
        // One timer for all peers, at a deadline that heartbeats of other peers do not move.
        let beat = match next_deadline(&peers) {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                let alive = Peer::AliveUntil(Instant::now() + limit);
                let since = silent_since.remove(&id);
                let forgotten =
                    since.is_some_and(|since| since.elapsed() > Duration::from_secs(3600));
                if peers.insert(id, alive) == Some(Peer::Silent) && !forgotten {
                    report(Change::Back(id));
                }
            }
            Ok(None) => return,
            Err(_elapsed) => {
                let now = Instant::now();
                for (&id, peer) in &mut peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        silent_since.insert(id, now);
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}
