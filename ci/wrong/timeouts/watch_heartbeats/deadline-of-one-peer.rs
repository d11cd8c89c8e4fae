//! After a heartbeat at a deadline, the next deadline is that of its peer alone. Caught by `watch_heartbeats::a_heartbeat_that_is_already_there_is_in_time`, which says "not computed again from all peers".

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    let mut deadline: Option<Instant> = None;
    loop {
        let beat = match deadline {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                let alive = Instant::now() + limit;
                if peers.insert(id, Peer::AliveUntil(alive)) == Some(Peer::Silent) {
                    report(Change::Back(id));
                }
                deadline = Some(deadline.filter(|at| *at > Instant::now()).unwrap_or(alive));
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
                deadline = next_deadline(&peers);
            }
        }
    }
}
