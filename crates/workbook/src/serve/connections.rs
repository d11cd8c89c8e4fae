//! Accepts connections, with timeouts that keep slow or silent clients from exhausting the server.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_io_timeout::TimeoutStream;
use tower_http::add_extension::AddExtension;
use tower_http::timeout::RequestBodyTimeout;

use super::open_connections::{ConnectionId, OpenConnections};

/// How many connections are served at once. A browser opens up to six. Each takes an open file, of which some systems
/// allow a program 256.
const MAX_CONNECTIONS: usize = 128;

/// How long a client may take to send the head of a request, or its next request on the same connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a client may take between two pieces of a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a client may leave data unread.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait after the system failed to accept a connection, for example because of too many open files.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// Serves the connections of this listener forever. Handlers find the address of the client in [`ConnectInfo`].
///
/// # Errors
///
/// If the listener cannot be used.
pub async fn serve(listener: TcpListener, router: Router) -> Result<()> {
    let context = "The server could not be started.";
    listener.set_nonblocking(true).context(context)?;
    let listener = tokio::net::TcpListener::from_std(listener).context(context)?;
    let connections = OpenConnections::new(MAX_CONNECTIONS);
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_RETRY).await;
            continue;
        };
        let Some(connection) = connections.open() else {
            continue;
        };
        // Small responses are sent at once.
        let _ = stream.set_nodelay(true);
        let served = serve_connection(stream, router.clone(), connection.id(), peer);
        tokio::spawn(async move {
            tokio::select! {
                () = served => {}
                () = connection.replaced() => {}
            }
        });
    }
}

/// Serves one connection, until it is closed or a timeout expires.
async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    router: Router,
    id: ConnectionId,
    peer: SocketAddr,
) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let stream = TokioIo::new(Box::pin(stream));
    let router = AddExtension::new(AddExtension::new(router, id), ConnectInfo(peer));
    let service = TowerToHyperService::new(RequestBodyTimeout::new(router, BODY_TIMEOUT));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    // Fails if the client disconnects or does not send HTTP.
    let _ = http.serve_connection(stream, service).await;
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Duration;

    use axum::Router;
    use axum::body::{Body, Bytes};
    use axum::routing::{get, post};
    use futures::stream;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::Instant;

    use super::{BODY_TIMEOUT, HEAD_TIMEOUT, OpenConnections, WRITE_TIMEOUT, serve_connection};

    const REQUEST: &[u8] = b"GET /page HTTP/1.1\r\nHost: here\r\n\r\n";

    /// The client's end of a connection with a small buffer, and the current time.
    fn connect() -> (DuplexStream, Instant) {
        let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"more")));
        let router = Router::new()
            .route("/page", get(|| async { "a page" }))
            .route("/endless", get(|| async { Body::from_stream(endless) }))
            .route("/silent", get(pending::<()>))
            .route("/body", post(|body: Bytes| async { body }));
        let (client, server) = duplex(64);
        let connection = OpenConnections::new(1).open().expect("the first one");
        let peer = ([127, 0, 0, 1], 1).into();
        tokio::spawn(serve_connection(server, router, connection.id(), peer));
        (client, Instant::now())
    }

    async fn read_to_end(client: &mut DuplexStream) -> String {
        let mut text = Vec::new();
        let most = 1 << 16;
        client.take(most).read_to_end(&mut text).await.unwrap();
        assert!((text.len() as u64) < most, "the response is endless");
        String::from_utf8(text).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn disconnects_a_client_that_sends_no_request() {
        let (mut client, start) = connect();
        read_to_end(&mut client).await;
        assert_eq!(start.elapsed().as_secs(), HEAD_TIMEOUT.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn disconnects_a_client_that_sends_its_head_too_slowly() {
        let (mut client, start) = connect();
        let mut head = REQUEST.iter();
        while let Some(byte) = head.next()
            && client.write_all(&[*byte]).await.is_ok()
        {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert!(
            !head.as_slice().is_empty(),
            "the server waited for the whole head"
        );
        assert_eq!(start.elapsed().as_secs(), HEAD_TIMEOUT.as_secs() + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn keeps_an_idle_connection_for_a_while() {
        let (mut client, start) = connect();
        for _ in 0..2 {
            client.write_all(REQUEST).await.unwrap();
            let mut text = String::new();
            while !text.ends_with("a page") {
                text.push(client.read_u8().await.unwrap().into());
            }
            tokio::time::sleep(HEAD_TIMEOUT / 2).await;
        }
        assert_eq!(read_to_end(&mut client).await, "");
        assert_eq!(
            start.elapsed().as_secs(),
            (HEAD_TIMEOUT / 2 + HEAD_TIMEOUT).as_secs()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn disconnects_a_client_whose_body_stops_halfway() {
        let (mut client, start) = connect();
        let request = b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 8\r\n\r\nhalf";
        client.write_all(request).await.unwrap();
        let response = read_to_end(&mut client).await;
        assert!(response.starts_with("HTTP/1.1 4"), "{response}");
        assert_eq!(start.elapsed().as_secs(), BODY_TIMEOUT.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn disconnects_a_client_that_does_not_read() {
        let (mut client, start) = connect();
        let request = b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n";
        client.write_all(request).await.unwrap();
        tokio::time::sleep(WRITE_TIMEOUT + Duration::from_secs(1)).await;
        read_to_end(&mut client).await;
        assert_eq!(start.elapsed().as_secs(), WRITE_TIMEOUT.as_secs() + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_may_take_long() {
        let (mut client, _) = connect();
        let request = b"GET /silent HTTP/1.1\r\nHost: here\r\n\r\n";
        client.write_all(request).await.unwrap();
        let hour = Duration::from_secs(3600);
        let answered = tokio::time::timeout(hour, client.read_u8()).await;
        assert!(answered.is_err(), "the connection was closed");
    }
}
