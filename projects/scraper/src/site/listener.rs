use super::Counters;
use axum::serve::Listener;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use url::Url;

/// Counts the connections that it accepts, and those that are open.
pub(super) struct Counting {
    listener: TcpListener,
    counters: Arc<Counters>,
}

impl Counting {
    pub(super) fn new(listener: TcpListener, counters: Arc<Counters>) -> Self {
        Self { listener, counters }
    }
}

impl Listener for Counting {
    type Io = Counted;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Counted, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        self.counters.connections.fetch_add(1, Ordering::Relaxed);
        self.counters.open.fetch_add(1, Ordering::Relaxed);
        let counters = Arc::clone(&self.counters);
        (Counted { stream, counters }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that is counted until it is dropped.
pub(super) struct Counted {
    stream: TcpStream,
    counters: Arc<Counters>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.counters.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A port that accepts no connection, because its queue of connections is full: a client that connects waits.
#[derive(Debug)]
pub struct NotAccepting {
    listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl NotAccepting {
    /// Fills the queue of a free port of 127.0.0.1. That takes 100 ms.
    ///
    /// # Errors
    ///
    /// If no port can be had, or its queue takes more than 1,000 connections.
    pub async fn bind() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let listener = socket.listen(1)?;
        let address = listener.local_addr()?;
        let mut queued = Vec::new();
        while queued.len() < 1_000 {
            let connecting = TcpStream::connect(address);
            match timeout(Duration::from_millis(100), connecting).await {
                Ok(stream) => queued.push(stream?),
                Err(_) => {
                    return Ok(Self {
                        listener,
                        _queued: queued,
                    });
                }
            }
        }
        Err(io::Error::other(
            "the queue of connections does not fill up",
        ))
    }

    /// A URL of this port.
    ///
    /// # Errors
    ///
    /// If the system does not know the port.
    pub fn url(&self) -> io::Result<Url> {
        let address = self.listener.local_addr()?;
        Url::parse(&format!("http://{address}/")).map_err(io::Error::other)
    }
}
