use super::*;

fn url(url: &str) -> Url {
    url.parse().expect("a URL")
}

fn options() -> Options {
    Options {
        max_per_host: 2,
        gap: Duration::ZERO,
        ..Options::for_loopback()
    }
}

/// A frontier of hosts that allow everything.
fn frontier(starts: &[&str], options: &Options) -> Frontier {
    let starts: Vec<_> = starts.iter().map(|start| url(start)).collect();
    let mut frontier = Frontier::new(starts.clone(), options, Instant::now());
    for start in &starts {
        frontier.set_rules(start, Rules::AllowAll);
    }
    frontier
}

fn visit(frontier: &mut Frontier) -> Page {
    match frontier.next(Instant::now()) {
        Next::Visit(page) => page,
        other => panic!("expected a page, got {other:?}"),
    }
}

#[test]
fn visits_each_page_once() {
    let mut frontier = frontier(&["http://a.test/", "http://a.test/#top"], &options());
    let page = visit(&mut frontier);
    frontier.add_links(&page, [url("http://a.test/"), url("http://a.test/x")]);
    frontier.add_links(&page, [url("http://a.test/x")]);
    assert_eq!(visit(&mut frontier).url, url("http://a.test/x"));
    assert_eq!(frontier.next(Instant::now()), Next::Idle);
}

#[test]
fn stays_on_the_hosts_of_the_first_pages() {
    let mut frontier = frontier(&["http://a.test/"], &options());
    let page = visit(&mut frontier);
    let links = ["http://b.test/", "http://a.test:81/", "https://a.test/"];
    frontier.add_links(&page, links.map(url));
    frontier.add_redirect(&page, url("http://b.test/"));
    assert_eq!(frontier.waiting(), 0);
}

#[test]
fn asks_for_the_rules_first_and_once() {
    let mut frontier = Frontier::new([url("http://a.test/x")], &options(), Instant::now());
    assert_eq!(
        frontier.next(Instant::now()),
        Next::Robots(url("http://a.test/x"))
    );
    assert_eq!(frontier.next(Instant::now()), Next::Idle);
    frontier.set_rules(&url("http://a.test/robots.txt"), Rules::DisallowAll);
    assert!(matches!(frontier.next(Instant::now()), Next::Disallowed(_)));
}

#[test]
fn a_busy_host_does_not_delay_another() {
    let starts = [
        "http://a.test/1",
        "http://a.test/2",
        "http://a.test/3",
        "http://b.test/1",
    ];
    let mut frontier = frontier(&starts, &options());
    let pages: Vec<_> = (0..3)
        .map(|_| visit(&mut frontier).url.to_string())
        .collect();
    assert!(pages.contains(&"http://b.test/1".to_owned()), "{pages:?}");
    assert_eq!(
        frontier.next(Instant::now()),
        Next::Idle,
        "two of host a are running"
    );
}

#[test]
fn a_gap_lies_between_two_starts() {
    let options = Options {
        gap: Duration::from_secs(1),
        ..options()
    };
    let mut frontier = frontier(&["http://a.test/1", "http://a.test/2"], &options);
    let now = Instant::now();
    assert!(matches!(frontier.next(now), Next::Visit(_)));
    assert_eq!(frontier.next(now), Next::At(now + options.gap));
    assert!(matches!(frontier.next(now + options.gap), Next::Visit(_)));
}

#[test]
fn a_retry_comes_first_and_leaves_the_host_alone_until_then() {
    let mut frontier = frontier(&["http://a.test/1", "http://a.test/2"], &options());
    let page = visit(&mut frontier);
    let at = Instant::now() + Duration::from_secs(5);
    frontier.retry(page, at);
    assert_eq!(frontier.next(Instant::now()), Next::At(at));
    let Next::Visit(page) = frontier.next(at) else {
        panic!("the pause is over");
    };
    assert_eq!((page.url.path(), page.attempts), ("/1", 2));
}

#[test]
fn a_loop_of_redirects_ends() {
    let mut frontier = frontier(&["http://a.test/x"], &options());
    let x = visit(&mut frontier);
    frontier.add_redirect(&x, url("http://a.test/y"));
    let y = visit(&mut frontier);
    frontier.add_redirect(&y, url("http://a.test/x"));
    assert_eq!(frontier.waiting(), 0);
}

#[test]
fn a_chain_of_redirects_ends() {
    let options = Options {
        max_redirects: 3,
        max_per_host: 9,
        ..options()
    };
    let mut frontier = frontier(&["http://a.test/0"], &options);
    let mut visited = 0;
    while frontier.waiting() > 0 {
        let page = visit(&mut frontier);
        visited += 1;
        frontier.add_redirect(&page, url(&format!("http://a.test/{visited}")));
    }
    assert_eq!(visited, 4);
}

#[test]
fn a_trap_ends_at_the_limit_of_pages() {
    let options = Options {
        max_pages: 10,
        max_depth: 1_000,
        max_per_host: 99,
        ..options()
    };
    let mut frontier = frontier(&["http://a.test/0"], &options);
    while frontier.waiting() > 0 {
        let page = visit(&mut frontier);
        let next = |step| url(&format!("http://a.test/{}/{step}", page.url.path()));
        frontier.add_links(&page, [next(1), next(2)]);
    }
    assert_eq!(frontier.added(), 10);
}

#[test]
fn links_end_at_the_limit_of_depth() {
    let options = Options {
        max_depth: 2,
        max_per_host: 9,
        ..options()
    };
    let mut frontier = frontier(&["http://a.test/0"], &options);
    for depth in 0..=2 {
        let page = visit(&mut frontier);
        assert_eq!(page.depth, depth);
        frontier.add_links(&page, [url(&format!("http://a.test/{}", depth + 1))]);
    }
    assert_eq!(frontier.waiting(), 0);
}
