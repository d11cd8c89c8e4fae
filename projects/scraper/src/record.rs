use serde::{Serialize, Serializer};
use serde_json::Value;
use url::Url;

/// What became of one URL.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// The URL.
    #[serde(serialize_with = "as_str")]
    pub url: Url,
    /// How many links lead to it.
    pub depth: u32,
    /// How many requests were sent for it.
    pub attempts: u32,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of a URL. As JSON, the field `outcome` has the name of the variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A page.
    Page {
        /// The length of the body in bytes.
        bytes: usize,
        /// The title.
        title: Option<String>,
        /// The number of different links.
        links: usize,
        /// What [`Options::extract`](crate::Options::extract) has found.
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<Value>,
    },
    /// A redirect. Its target is visited as if it were a link.
    Redirect {
        /// The target.
        #[serde(serialize_with = "as_str")]
        to: Url,
    },
    /// Something other than HTML. Its body was not read.
    NotHtml {
        /// The content type.
        content_type: Option<String>,
    },
    /// A status that is not a success, and that will not pass or has not passed.
    Status {
        /// The status.
        status: u16,
    },
    /// No response, or not all of it.
    Failed {
        /// The reason.
        error: String,
    },
    /// `robots.txt` forbids the visit.
    Disallowed,
}

impl Outcome {
    /// Whether this is a failure of the server, the network or this program.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Status { .. } | Self::Failed { .. })
    }
}

/// Without the feature `serde` of `url`, with which everything that uses `url` would be compiled again.
fn as_str<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(url.as_str())
}
