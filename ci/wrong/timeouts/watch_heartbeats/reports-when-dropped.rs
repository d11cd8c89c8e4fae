//! A destructor reports the peers that are watched. Caught by `watch_heartbeats::reports_nothing_when_dropped`, which says "a destructor reports".

struct Watched<R: FnMut(Change)> {
    peers: HashMap<PeerId, Peer>,
    report: R,
    over: bool,
}

impl<R: FnMut(Change)> Drop for Watched<R> {
    fn drop(&mut self) {
        let alive = self.peers.iter().filter(|(_, peer)| **peer != Peer::Silent);
        for (&id, _) in alive.filter(|_| !self.over) {
            (self.report)(Change::Silent(id));
        }
    }
}

pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut watched = Watched {
        peers: HashMap::new(),
        report,
        over: false,
    };
    loop {
        let beat = match next_deadline(&watched.peers) {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                let alive = Peer::AliveUntil(Instant::now() + limit);
                if watched.peers.insert(id, alive) == Some(Peer::Silent) {
                    (watched.report)(Change::Back(id));
                }
            }
            Ok(None) => {
                watched.over = true;
                return;
            }
            Err(_elapsed) => {
                let now = Instant::now();
                let Watched { peers, report, .. } = &mut watched;
                for (&id, peer) in peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}
