//! The page to chat from.

use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::response::{Html, IntoResponse};

const PAGE: &str = include_str!("page.html");

/// Only the script of this page runs. It may open a socket to this server, and nothing else.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'; \
                      style-src 'unsafe-inline'; script-src 'sha256-Cxx3C4s3U0rRUBfonNEtqSnCHYTGojsTqPc39I+Kl0E='";

pub(crate) async fn page() -> impl IntoResponse {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(PAGE))
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_names_the_script_of_the_page() {
        let (_, script) = PAGE.split_once("<script>").expect("a script");
        let (script, rest) = script.split_once("</script>").expect("its end");
        let hash = BASE64_STANDARD.encode(Sha256::digest(script));
        assert!(
            POLICY.contains(&format!("'sha256-{hash}'")),
            "sha256-{hash}"
        );
        assert!(!rest.contains("<script"), "one script");
    }

    #[test]
    fn the_page_loads_nothing_and_inserts_text_as_text() {
        for forbidden in [
            "src=",
            "href=",
            "@import",
            "url(",
            "innerHTML",
            "insertAdjacentHTML",
            "document.write",
        ] {
            assert!(!PAGE.contains(forbidden), "{forbidden}");
        }
    }
}
