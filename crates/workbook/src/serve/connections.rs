//! Connections: each has its limits, so that slow or silent ones cannot use up the server.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower_http::timeout::RequestBodyTimeout;

/// So many at once; more wait. A browser has six for each tab.
const AT_ONCE: usize = 1000;

/// How long a client may take to send the head of a request, or to ask again on the same connection.
const HEAD: Duration = Duration::from_secs(20);

/// How long a client may take between two pieces of a body.
const BODY: Duration = Duration::from_secs(10);

/// How long a client may leave what it is sent unread.
const UNREAD: Duration = Duration::from_secs(30);

/// How long to wait when the system cannot accept connections; files that are open run out, say.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers on this listener, for ever.
///
/// # Errors
///
/// If the system does not let the listener be used.
pub async fn serve(listener: TcpListener, router: Router) -> Result<()> {
    let context = "The server could not be started.";
    listener.set_nonblocking(true).context(context)?;
    let listener = tokio::net::TcpListener::from_std(listener).context(context)?;
    let free = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let place = Arc::clone(&free).acquire_owned().await;
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Small answers leave at once.
        let _ = stream.set_nodelay(true);
        let talk = talk(stream, router.clone());
        tokio::spawn(async move {
            talk.await;
            drop(place);
        });
    }
}

/// Answers on one connection, until it ends or takes too long.
async fn talk(stream: impl AsyncRead + AsyncWrite + Send + 'static, router: Router) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(UNREAD));
    let stream = TokioIo::new(Box::pin(stream));
    let service = TowerToHyperService::new(RequestBodyTimeout::new(router, BODY));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    // Whoever hangs up, or sends no HTTP, is not answered any more.
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

    use super::{BODY, HEAD, UNREAD, talk};

    const REQUEST: &[u8] = b"GET /page HTTP/1.1\r\nHost: here\r\n\r\n";

    /// A client's end of a connection on which little fits, and the time.
    fn connect() -> (DuplexStream, Instant) {
        let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"more")));
        let router = Router::new()
            .route("/page", get(|| async { "a page" }))
            .route("/endless", get(|| async { Body::from_stream(endless) }))
            .route("/silent", get(pending::<()>))
            .route("/body", post(|body: Bytes| async { body }));
        let (client, server) = duplex(64);
        tokio::spawn(talk(server, router));
        (client, Instant::now())
    }

    async fn to_the_end(client: &mut DuplexStream) -> String {
        let mut text = Vec::new();
        let most = 1 << 16;
        client.take(most).read_to_end(&mut text).await.unwrap();
        assert!((text.len() as u64) < most, "it goes on and on");
        String::from_utf8(text).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_asks_nothing_is_cut_off() {
        let (mut client, start) = connect();
        to_the_end(&mut client).await;
        assert_eq!(start.elapsed().as_secs(), HEAD.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_trickles_is_cut_off() {
        let (mut client, start) = connect();
        let mut head = REQUEST.iter();
        while let Some(byte) = head.next()
            && client.write_all(&[*byte]).await.is_ok()
        {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert!(!head.as_slice().is_empty(), "the whole head was waited for");
        assert_eq!(start.elapsed().as_secs(), HEAD.as_secs() + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_is_kept_is_kept_for_a_while() {
        let (mut client, start) = connect();
        for _ in 0..2 {
            client.write_all(REQUEST).await.unwrap();
            let mut text = String::new();
            while !text.ends_with("a page") {
                text.push(client.read_u8().await.unwrap().into());
            }
            tokio::time::sleep(HEAD / 2).await;
        }
        assert_eq!(to_the_end(&mut client).await, "");
        assert_eq!(start.elapsed().as_secs(), (HEAD / 2 + HEAD).as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_halfway_is_cut_off() {
        let (mut client, start) = connect();
        let request = b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 8\r\n\r\nhalf";
        client.write_all(request).await.unwrap();
        let said = to_the_end(&mut client).await;
        assert!(said.starts_with("HTTP/1.1 4"), "{said}");
        assert_eq!(start.elapsed().as_secs(), BODY.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_cut_off() {
        let (mut client, start) = connect();
        let request = b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n";
        client.write_all(request).await.unwrap();
        tokio::time::sleep(UNREAD + Duration::from_secs(1)).await;
        to_the_end(&mut client).await;
        assert_eq!(start.elapsed().as_secs(), UNREAD.as_secs() + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_may_take_long() {
        let (mut client, _) = connect();
        let request = b"GET /silent HTTP/1.1\r\nHost: here\r\n\r\n";
        client.write_all(request).await.unwrap();
        let hour = Duration::from_secs(3600);
        let answered = tokio::time::timeout(hour, client.read_u8()).await;
        assert!(answered.is_err(), "it was cut off");
    }
}
