use super::*;
use std::time::{Duration, Instant};

fn allows(robots: &str, path: &str) -> bool {
    let url = Url::parse("http://a.test").and_then(|url| url.join(path));
    Rules::parse(robots.as_bytes(), "my-crawler").allow(&url.expect("a URL"))
}

#[test]
fn follows_the_rules_for_all_crawlers() {
    let robots = "User-agent: *\nDisallow: /private/\n";
    assert!(allows(robots, "/public"));
    assert!(!allows(robots, "/private/x"));
}

#[test]
fn a_group_for_this_crawler_replaces_that_for_all() {
    let robots = "User-agent: *\nDisallow: /\n\nUser-agent: My-Crawler/2.0\nDisallow: /tmp\n";
    assert!(allows(robots, "/public"));
    assert!(!allows(robots, "/tmp/x"));
}

#[test]
fn a_group_without_rules_allows_everything() {
    let robots = "User-agent: my-crawler\nDisallow:\n\nUser-agent: *\nDisallow: /\n";
    assert!(allows(robots, "/x"));
}

#[test]
fn one_group_may_have_several_names() {
    let robots = "User-agent: other\nUser-agent: my-crawler\nDisallow: /a\n\nUser-agent: third\nDisallow: /b\n";
    assert!(!allows(robots, "/a"));
    assert!(allows(robots, "/b"));
}

#[test]
fn groups_with_the_same_name_are_one() {
    let robots = "User-agent: my-crawler\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: my-crawler\nDisallow: /b\n";
    assert!(!allows(robots, "/a") && !allows(robots, "/b") && allows(robots, "/c"));
}

#[test]
fn the_longer_path_wins() {
    let robots = "User-agent: *\r\nDisallow: /shop\r\nAllow: /shop/open\r\n";
    assert!(!allows(robots, "/shop/closed"));
    assert!(allows(robots, "/shop/open"));
}

#[test]
fn of_two_equal_paths_the_one_that_allows_wins() {
    assert!(allows("User-agent: *\nAllow: /x\nDisallow: /x\n", "/x"));
    assert!(allows("User-agent: *\nDisallow: /x\nAllow: /x\n", "/x"));
}

#[test]
fn a_byte_order_mark_does_not_hide_the_first_line() {
    assert!(!allows("\u{feff}User-agent: *\nDisallow: /x\n", "/x"));
}

#[test]
fn the_file_itself_may_be_visited() {
    assert!(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
    assert!(!allows("User-agent: *\nDisallow: /\n", "/"));
}

#[test]
fn patterns_match_as_rfc_9309_says() {
    for (pattern, path, expected) in [
        ("/fish", "/fish.html", true),
        ("/fish", "/Fish", false),
        ("/fish*", "/fishheads", true),
        ("/fish/", "/fish", false),
        ("/*.php", "/a/b.php?x=1", true),
        ("/*.php$", "/a/b.php", true),
        ("/*.php$", "/a/b.php?x=1", false),
        ("/*.php$", "/a.php/b.php", true),
        ("/fish*.php", "/fishes/x.php", true),
        ("/a*b*c", "/a-c-b", false),
        ("/a*b*c", "/a-b-c-d", true),
        ("/a$", "/a", true),
        ("/a$", "/ab", false),
        ("/a*$", "/abc", true),
        ("*", "/x", true),
        ("$", "/", false),
        ("/a$b", "/a$b", true),
        ("/a*ab$", "/aab", true),
        ("/aba*aba$", "/aba", false),
        ("/é", "/%C3%A9t%C3%A9", true),
    ] {
        let robots = format!("User-agent: *\nDisallow: {pattern}\n");
        assert_eq!(!allows(&robots, path), expected, "{pattern} and {path}");
    }
}

#[test]
fn survives_whatever_a_host_sends() {
    let long = format!(
        "User-agent: *\nDisallow: /{}\nDisallow: /x\n",
        "é€".repeat(20_000)
    );
    assert!(!allows(&long, "/x"));
    for robots in [
        "",
        "\0",
        ":",
        "user-agent",
        "%",
        "Disallow: %\u{e9}%",
        "\r\n\r",
    ] {
        assert!(allows(robots, "/x"), "{robots:?}");
    }
    let binary = Rules::parse(&[0xff, 0xfe, b'\n', 0xc3], "a");
    assert!(binary.allow(&"http://a.test/".parse().expect("a URL")));
}

#[test]
fn no_file_makes_a_check_slow() {
    let line = format!("Disallow: /{}b$\n", "*a".repeat(2_000));
    let robots = format!("User-agent: *\n{}", line.repeat(MAX_ROBOTS / line.len()));
    let start = Instant::now();
    assert!(allows(&robots, &"a".repeat(2_000)));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}
