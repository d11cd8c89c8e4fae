//! The answer's end of the web.

use std::future::poll_fn;
use std::task::{Poll, Waker};

use super::page::{Page, WebError};
use super::server::{Outcome, Request, Server};

/// Downloads pages of one site. A cheap handle: clones share the site, as those of real clients share a
/// connection pool.
#[derive(Debug, Clone)]
pub struct Client {
    server: Server,
}

impl Client {
    pub(super) fn new(server: Server) -> Self {
        Self { server }
    }

    /// Downloads the page at `path`. Nothing is sent before the first poll.
    ///
    /// In a timeline it is the lane `GET /a`, with the mark `404` or `500` if it fails.
    ///
    /// # Errors
    ///
    /// [`WebError::NotFound`] if the site has no such page, [`WebError::ServerError`] if the page is
    /// broken.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future cancels the request. It has been sent already: the site lists it as started and
    /// as cancelled.
    #[timeline::lane("GET {path}")]
    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let (request, response) = Request::begin(&self.server, path);
        let latency = match response.outcome {
            Outcome::Silence => silence().await,
            _ => response.latency,
        };
        if latency.is_zero() {
            // A sleep of no time is ready at once; a response from another machine never is.
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(latency).await;
        }
        request.finish();
        let path = path.to_owned();
        match response.outcome {
            Outcome::Page { body } => Ok(Page { path, body }),
            Outcome::NotFound => {
                tracing::info!("404");
                Err(WebError::NotFound { path })
            }
            Outcome::ServerError | Outcome::Silence => {
                tracing::info!("500");
                Err(WebError::ServerError { path })
            }
        }
    }
}

/// Never ready, like a connection on which nothing arrives: it stores its waker, and nothing calls it. A report of a hang
/// tells whether wakers are stored.
async fn silence<T>() -> T {
    let mut stored = Waker::noop().clone();
    poll_fn(|cx| {
        stored.clone_from(cx.waker());
        Poll::Pending
    })
    .await
}
