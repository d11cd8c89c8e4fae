//! Which connections are open, and which one is closed when there are too many.
//!
//! Every program and every user of this machine can connect, and may then send nothing, or a byte now and then. A
//! reader must not have to wait until they are done: a new connection takes the place of an older one that has shown
//! less.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What the client of a connection has shown so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    /// It has not sent a whole request.
    Silent,
    /// It has sent requests for pages. Anyone may read them.
    Visitor,
    /// It has shown the key or the token.
    Reader,
}

/// The open connections, oldest first.
pub struct OpenConnections {
    most: usize,
    open: Mutex<Vec<Arc<Entry>>>,
}

#[derive(Debug)]
struct Entry {
    client: Mutex<Client>,
    replaced: Notify,
}

/// Identifies a connection. Requests carry it as an extension.
#[derive(Debug, Clone)]
pub struct ConnectionId(Arc<Entry>);

/// A connection that is open until this is dropped.
pub struct OpenConnection {
    all: Arc<OpenConnections>,
    id: ConnectionId,
}

impl OpenConnections {
    /// Allows for this many connections.
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            open: Mutex::default(),
        })
    }

    /// Opens a connection. If there are too many, it takes the place of the oldest of those whose client has shown the
    /// least. Returns `None` if all belong to readers.
    pub fn open(self: &Arc<Self>) -> Option<OpenConnection> {
        let mut open = self.lock();
        if open.len() >= self.most {
            let (_, oldest) = open
                .iter()
                .enumerate()
                .map(|(index, entry)| (*lock(&entry.client), index))
                .filter(|(client, _)| *client < Client::Reader)
                .min()?;
            open.remove(oldest).replaced.notify_one();
        }
        let entry = Arc::new(Entry {
            client: Mutex::new(Client::Silent),
            replaced: Notify::new(),
        });
        open.push(Arc::clone(&entry));
        Some(OpenConnection {
            all: Arc::clone(self),
            id: ConnectionId(entry),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Entry>>> {
        lock(&self.open)
    }
}

impl ConnectionId {
    /// Records what the client has shown.
    pub fn is(&self, client: Client) {
        let mut known = lock(&self.0.client);
        *known = client.max(*known);
    }
}

impl OpenConnection {
    /// The connection's identity, for its requests.
    pub fn id(&self) -> ConnectionId {
        self.id.clone()
    }

    /// Waits until another connection takes the place of this one.
    pub async fn replaced(&self) {
        self.id.0.replaced.notified().await;
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut open = self.all.lock();
        open.retain(|entry| !Arc::ptr_eq(entry, &self.id.0));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn is_replaced(connection: &OpenConnection) -> bool {
        connection.replaced().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_connection_that_has_shown_the_least_is_replaced() {
        let all = OpenConnections::new(4);
        let opened = [
            Client::Reader,
            Client::Visitor,
            Client::Silent,
            Client::Silent,
        ]
        .map(|client| {
            let connection = all.open().unwrap();
            connection.id().is(client);
            connection
        });
        let mut order = Vec::new();
        let mut later = Vec::new();
        for _ in 0..3 {
            let reader = all.open().unwrap();
            reader.id().is(Client::Reader);
            later.push(reader);
            order.extend(opened.iter().position(is_replaced));
        }
        assert_eq!(order, [2, 3, 1]);
        assert!(all.open().is_none(), "all belong to readers");
        assert!(!later.iter().any(is_replaced));
    }

    #[test]
    fn a_closed_connection_leaves_its_place() {
        let all = OpenConnections::new(1);
        drop(all.open());
        let open = all.open().unwrap();
        open.id().is(Client::Reader);
        assert!(all.open().is_none());
        drop(open);
        assert!(all.open().is_some());
    }

    #[test]
    fn a_reader_stays_a_reader() {
        let all = OpenConnections::new(1);
        let open = all.open().unwrap();
        open.id().is(Client::Reader);
        open.id().is(Client::Visitor);
        assert!(all.open().is_none());
    }
}
