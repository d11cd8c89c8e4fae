//! What an answer gets to see of the web.

use super::site::{Outcome, Request, Site};
use super::{Page, WebError};

/// Downloads pages of one site. A cheap handle: clones share the site, as they do in real clients.
#[derive(Debug, Clone)]
pub struct Client {
    site: Site,
}

impl Client {
    pub(super) fn new(site: Site) -> Self {
        Self { site }
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
    /// Dropping the future ends the request. It has been sent: the site knows it as started, and
    /// then as cancelled.
    #[timeline::lane("GET {path}")]
    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let (request, reply) = Request::begin(&self.site, path);
        let latency = match reply.outcome {
            Outcome::Silence => std::future::pending().await,
            _ => reply.latency,
        };
        if latency.is_zero() {
            // A sleep of no time is ready at once; an answer from another machine never is.
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(latency).await;
        }
        request.finish();
        let path = path.to_owned();
        match reply.outcome {
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
