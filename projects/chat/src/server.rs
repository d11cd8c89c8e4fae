//! The server: a page, a socket, and a graceful stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::serve::ListenerExt;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::limits::Limits;
use crate::origin::Origins;
use crate::page::page;
use crate::rooms::Chat;
use crate::session;

/// A buffer of each connection. The default of 128 KiB would be 256 MB for 2,000 peers.
const READ_BUFFER: usize = 4 * 1024;

/// A frame that is this many times too large is not even read: the connection may be reset before the peer has read why.
const HARD_LIMIT: usize = 16;

/// What a [`Server`] is started with.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// What peers may send or cause.
    pub limits: Limits,
    /// The origins of other sites whose pages may open a socket, such as `https://chat.example`.
    pub origins: Vec<String>,
}

/// A server that is bound to an address.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    chat: Chat,
    origins: Vec<String>,
}

/// Why [`Server::run`] failed.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The socket of the server failed.
    #[error("the server's socket failed")]
    Io(#[from] io::Error),
    /// The server did not stop in time.
    #[error("{sessions} sessions were still open when the time to stop was over")]
    Deadline {
        /// How many sessions were open.
        sessions: usize,
    },
}

/// What the handlers share.
#[derive(Debug, Clone)]
struct App {
    chat: Chat,
    origins: Origins,
    places: Arc<Semaphore>,
    sessions: TaskTracker,
    stop: CancellationToken,
}

impl Server {
    /// Binds the address; port 0 is a free port. Peers can connect from now on, and are served by [`run`](Self::run).
    ///
    /// # Errors
    ///
    /// If the address cannot be bound.
    pub async fn bind(address: SocketAddr, config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let mut origins = config.origins;
        origins.push(format!("http://{address}"));
        origins.push(format!("http://localhost:{}", address.port()));
        Ok(Self {
            listener,
            address,
            chat: Chat::new(config.limits),
            origins,
        })
    }

    /// The address, with the port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The rooms of this server.
    #[must_use]
    pub fn chat(&self) -> Chat {
        self.chat.clone()
    }

    /// Serves until `stop` is cancelled. Then it accepts no more connections, closes each session with 1001, and waits until all
    /// of them have ended.
    ///
    /// # Errors
    ///
    /// If the listener fails, or if sessions or requests are left when [`Limits::stop_within`] is over.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no more connections are accepted, and the sessions stop, but nothing waits for them.
    pub async fn run(self, stop: CancellationToken) -> Result<(), ServeError> {
        let stop = stop.child_token();
        let _stop_when_dropped = stop.clone().drop_guard();
        let limits = *self.chat.limits();
        let app = App {
            chat: self.chat,
            origins: Origins::new(self.origins),
            places: Arc::new(Semaphore::new(limits.sessions)),
            sessions: TaskTracker::new(),
            stop: stop.clone(),
        };
        let sessions = app.sessions.clone();

        // Without this option, a short message may wait for the acknowledgment of the one before.
        let listener = self.listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let serve = axum::serve(listener, router(app))
            .with_graceful_shutdown(stop.clone().cancelled_owned());
        let finished = async {
            serve.await?; // does not wait for connections that have been upgraded
            sessions.close();
            sessions.wait().await;
            Ok(())
        };
        let deadline = async {
            stop.cancelled().await;
            sleep(limits.stop_within).await;
        };
        tokio::select! {
            biased;
            result = finished => result,
            () = deadline => Err(ServeError::Deadline { sessions: sessions.len() }),
        }
    }
}

fn router(app: App) -> Router {
    let check = middleware::from_fn_with_state(app.clone(), check_origin);
    Router::new()
        .route("/ws", any(upgrade).layer(check))
        .route("/", get(page))
        .with_state(app)
}

/// Middleware: refuses requests from pages of other sites.
async fn check_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.origins.permit(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "this site may not open a socket").into_response()
    }
}

/// Upgrades a request to a session.
async fn upgrade(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    let Ok(place) = Arc::clone(&app.places).try_acquire_owned() else {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "there are too many sessions",
        )
            .into_response();
    };
    let counted = app.sessions.token();
    let hard_limit = app.chat.limits().message.saturating_mul(HARD_LIMIT);
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(READ_BUFFER)
        .max_message_size(hard_limit)
        .max_frame_size(hard_limit)
        .on_upgrade(async move |socket| {
            let ended = session::run(socket, &app.chat, &app.stop).await;
            tracing::debug!(?ended, "a session is over");
            drop((place, counted));
        })
}
