use crate::body::{TooLarge, read_body};
use crate::options::{Options, Timeouts};
use crate::retry::retry_after;
use crate::robots::{MAX_ROBOTS, Rules};
use crate::target::{origin, target};
use futures::{Stream, stream};
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Client, Response, StatusCode, redirect};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::timeout;
use tokio_util::bytes::Bytes;
use url::Url;

/// How many characters of a content type are kept.
const MAX_CONTENT_TYPE: usize = 100;

/// Why a request has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The server did not accept a connection in time.
    #[error("no connection after {0:?}")]
    ConnectTimeout(Duration),
    /// The server accepted the connection, but did not answer in time.
    #[error("no response after {0:?}")]
    ResponseTimeout(Duration),
    /// The body stalled.
    #[error("no data for {0:?}")]
    IdleTimeout(Duration),
    /// The body did not end in time.
    #[error("not complete after {0:?}")]
    TotalTimeout(Duration),
    /// The body is longer than the limit.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// Everything else that the client reports: a refused connection, a body that is cut off, a response that is not HTTP.
    #[error("{}", innermost(.0))]
    Http(#[source] reqwest::Error),
}

/// The cause that says most. reqwest's own message repeats the URL.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// A response, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The status.
    pub status: StatusCode,
    /// Where a redirect leads, if it leads to a URL that can be visited.
    pub location: Option<Url>,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    /// The type of the body, without its parameters, in lowercase.
    pub content_type: Option<String>,
    /// The body, if the status is 2xx and the body was wanted.
    pub body: Option<Vec<u8>>,
}

/// Sends requests: one client with its pool of connections, four timeouts, and a limit for bodies.
///
/// A clone shares the client.
#[derive(Debug, Clone)]
pub struct Fetcher {
    client: Client,
    agent: Arc<str>,
    timeouts: Timeouts,
    max_body: usize,
}

impl Fetcher {
    /// Makes the client. Do so once, and within the runtime that uses it.
    ///
    /// The client follows no redirects: they may lead to a host that must not be visited, or not yet.
    ///
    /// # Errors
    ///
    /// If the name of the agent is not a valid header.
    pub fn new(options: &Options) -> reqwest::Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let mut builder = Client::builder()
            .user_agent(format!("{}/{version}", options.agent))
            .connect_timeout(options.timeouts.connect)
            .redirect(redirect::Policy::none());
        if !options.proxy {
            builder = builder.no_proxy();
        }
        Ok(Self {
            client: builder.build()?,
            agent: options.agent.as_str().into(),
            timeouts: options.timeouts,
            max_body: options.max_body,
        })
    }

    /// Requests a page, and reads its body if that is HTML. Other bodies are not read.
    ///
    /// # Errors
    ///
    /// See [`FetchError`]. A status of 404 or 500 is not an error.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the request is over and its connection is closed. The server may have processed the request.
    pub async fn get(&self, url: &Url) -> Result<Fetched, FetchError> {
        self.get_within_total(url, self.max_body, is_html).await
    }

    /// Reads the `robots.txt` of the host of `url`. Redirects are followed, up to five, within the host.
    ///
    /// # Cancel safety
    ///
    /// As for [`Fetcher::get`].
    pub async fn robots(&self, url: &Url) -> Rules {
        let Ok(mut url) = url.join("/robots.txt") else {
            return Rules::AllowAll;
        };
        for _ in 0..=5 {
            let Ok(fetched) = self.get_within_total(&url, MAX_ROBOTS, |_| true).await else {
                return Rules::DisallowAll;
            };
            match (fetched.body, fetched.location) {
                (Some(body), _) => return Rules::parse(&body, &self.agent),
                (None, Some(to)) if origin(&to) == origin(&url) => url = to,
                _ if fetched.status.is_server_error() => return Rules::DisallowAll,
                _ => return Rules::AllowAll,
            }
        }
        Rules::AllowAll
    }

    async fn get_within_total(
        &self,
        url: &Url,
        max_body: usize,
        wanted: fn(&HeaderMap) -> bool,
    ) -> Result<Fetched, FetchError> {
        let total = self.timeouts.total;
        timeout(total, self.get_without_total(url, max_body, wanted))
            .await
            .unwrap_or(Err(FetchError::TotalTimeout(total)))
    }

    async fn get_without_total(
        &self,
        url: &Url,
        max_body: usize,
        wanted: fn(&HeaderMap) -> bool,
    ) -> Result<Fetched, FetchError> {
        let limit = self.timeouts.response;
        let response = timeout(limit, self.client.get(url.clone()).send())
            .await
            .map_err(|_| FetchError::ResponseTimeout(limit))?
            .map_err(|error| self.error(error))?;
        let is_wanted = response.status().is_success() && wanted(response.headers());
        let mut fetched = Fetched {
            status: response.status(),
            location: location(&response),
            retry_after: retry_after(response.headers(), SystemTime::now()),
            content_type: content_type(response.headers()),
            body: None,
        };
        if is_wanted {
            let declared = response.content_length();
            let chunks = self.chunks(response);
            fetched.body = Some(read_body(chunks, declared, max_body).await?);
        }
        Ok(fetched)
    }

    fn chunks(&self, response: Response) -> impl Stream<Item = Result<Bytes, FetchError>> {
        let idle = self.timeouts.idle;
        stream::try_unfold(response, move |mut response| async move {
            let chunk = timeout(idle, response.chunk())
                .await
                .map_err(|_| FetchError::IdleTimeout(idle))?
                .map_err(FetchError::Http)?;
            Ok(chunk.map(|chunk| (chunk, response)))
        })
    }

    fn error(&self, error: reqwest::Error) -> FetchError {
        if error.is_connect() && error.is_timeout() {
            return FetchError::ConnectTimeout(self.timeouts.connect);
        }
        FetchError::Http(error)
    }
}

fn location(response: &Response) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    target(response.url().join(location).ok()?)
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?.trim();
    Some(
        essence
            .chars()
            .take(MAX_CONTENT_TYPE)
            .collect::<String>()
            .to_ascii_lowercase(),
    )
}

fn is_html(headers: &HeaderMap) -> bool {
    let html = ["text/html", "application/xhtml+xml"];
    content_type(headers).is_some_and(|content_type| html.contains(&content_type.as_str()))
}
