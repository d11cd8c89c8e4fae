//! The server, from the listener to the last connection.

use std::future::Future;
use std::io;

use tokio::net::TcpListener;

use crate::api::{Limits, router};
use crate::database::Database;

/// Serves the API until `shutdown` is ready, and returns when the requests of that moment have been answered, and all connections to
/// the database are closed.
///
/// It waits as long as clients take to read their answers. A caller that cannot wait that long drops the future.
///
/// # Errors
///
/// Those of the listener.
pub async fn serve(
    listener: TcpListener,
    database: Database,
    limits: Limits,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let served = axum::serve(listener, router(database.clone(), limits))
        .with_graceful_shutdown(shutdown)
        .await;
    database.close().await;
    served
}
