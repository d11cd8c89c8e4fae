use url::Url;

/// The longest URL that is visited, in bytes. Traps are often URLs that grow with each link.
pub const MAX_URL: usize = 2_048;

/// Turns a URL into the one that is visited and compared: without its fragment, which is never sent.
///
/// Returns `None` for what should not be visited: a scheme other than `http` and `https`, no host, a username or a password
/// (it would be sent to the host), or more than [`MAX_URL`] bytes.
#[must_use]
pub fn target(mut url: Url) -> Option<Url> {
    url.set_fragment(None);
    let visited = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.as_str().len() <= MAX_URL;
    visited.then_some(url)
}

/// The scheme, host and port of a URL: what limits and `robots.txt` apply to.
#[must_use]
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visited(url: &str) -> Option<String> {
        target(url.parse().expect("a URL")).map(String::from)
    }

    #[test]
    fn two_fragments_are_one_page() {
        assert_eq!(
            visited("http://a.test/x#top"),
            visited("http://a.test/x#end")
        );
    }

    #[test]
    fn the_default_port_and_the_case_of_the_host_make_no_difference() {
        assert_eq!(visited("HTTP://A.test:80"), visited("http://a.test/"));
    }

    #[test]
    fn refuses_what_is_not_a_page() {
        let long = format!("http://a.test/{}", "x".repeat(MAX_URL));
        for url in [
            "file:///etc/passwd",
            "mailto:a@b.test",
            "javascript:alert(1)",
            "data:text/html,hello",
            "http://user:secret@a.test/",
            &long,
        ] {
            assert_eq!(visited(url), None, "{url}");
        }
    }
}
