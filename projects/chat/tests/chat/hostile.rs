//! What a peer may try.

use chat::{Limits, Name};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::{heard, limits, start, text, within};

/// The status of an upgrade with this header `Origin`: 101 if it succeeds.
async fn status_of_upgrade(url: &str, origin: &str) -> u16 {
    let url = format!("{}/ws", url.replace("http", "ws"));
    let mut request = url.into_client_request().expect("a URL");
    let origin = HeaderValue::from_str(origin).expect("a header");
    request.headers_mut().insert("Origin", origin);
    match connect_async(request).await {
        Ok(_) => 101,
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_foreign_origin_is_refused() {
    let running = start(limits()).await;
    for foreign in ["http://evil.example", "https://127.0.0.1", "null"] {
        assert_eq!(
            status_of_upgrade(&running.url, foreign).await,
            403,
            "{foreign}"
        );
    }
    assert_eq!(status_of_upgrade(&running.url, &running.url).await, 101);
}

#[tokio::test]
async fn a_message_that_is_too_large_closes_with_1009() {
    let running = start(Limits {
        message: 100,
        ..limits()
    })
    .await;
    let mut peer = running.socket().await;
    peer.join("bob").await;
    let say = format!(r#"{{"type":"say","text":"{}"}}"#, "x".repeat(100));
    peer.text(&say).await;
    assert_eq!(
        peer.closed().await,
        (1009, "the message is too large".to_owned())
    );
}

#[tokio::test]
async fn a_frame_beyond_the_hard_limit_ends_the_session() {
    let running = start(Limits {
        message: 100,
        ..limits()
    })
    .await;
    let mut ann = running.join("ann").await;
    let mut peer = running.socket().await;
    peer.join("bob").await;
    peer.text(&"x".repeat(1_601)).await;
    assert_eq!(peer.closed().await.0, 1009);
    ann.say(text("still here")).await.expect("is sent");
    assert_eq!(heard(&mut ann).await.1, "still here");
}

#[tokio::test]
async fn a_flood_closes_with_1008() {
    let running = start(Limits {
        burst: 5,
        per_second: 1,
        ..limits()
    })
    .await;
    let mut peer = running.socket().await;
    peer.join("bob").await;
    for _ in 0..10 {
        peer.text(r#"{"type":"say","text":"buy"}"#).await;
    }
    assert_eq!(peer.closed().await, (1008, "too many messages".to_owned()));
}

#[tokio::test]
async fn what_is_not_of_the_protocol_closes_with_a_reason() {
    let running = start(limits()).await;
    let join = r#"{"type":"join","room":"lobby","name":"bob"}"#;
    let table = [
        (vec![r#"{"type":"say","text":"hi"}"#], 1008, "join first"),
        (
            vec![r#"{"type":"join","room":"../x","name":"bob"}"#],
            1008,
            "this is not a message of the chat",
        ),
        (
            vec![r#"{"type":"join","room":"lobby","name":"<b>"}"#],
            1008,
            "this is not a message of the chat",
        ),
        (vec![join, join], 1008, "you have joined"),
        (
            vec![join, r#"{"type":"say","text":"\u001b[2J"}"#],
            1008,
            "this is not a message of the chat",
        ),
        (
            vec![join, r#"{"type":"said","from":"ann","text":"hi"}"#],
            1008,
            "this is not a message of the chat",
        ),
    ];
    for (messages, code, reason) in table {
        let mut peer = running.socket().await;
        for message in &messages {
            peer.text(message).await;
        }
        assert_eq!(
            peer.closed().await,
            (code, reason.to_owned()),
            "{messages:?}"
        );
    }
}

#[tokio::test]
async fn a_binary_message_closes_with_1003() {
    let running = start(limits()).await;
    let mut peer = running.socket().await;
    peer.send(Message::binary(vec![0, 1, 2])).await;
    assert_eq!(peer.closed().await.0, 1003);
}

#[tokio::test]
async fn a_frame_that_is_not_masked_closes_with_1002() {
    let running = start(limits()).await;
    let mut peer = running.socket().await;
    let socket = peer.0.get_mut();
    socket
        .write_all(&[0x81, 2, b'h', b'i'])
        .await
        .expect("is sent");
    assert_eq!(peer.closed().await.0, 1002);
}

#[tokio::test]
async fn a_name_cannot_be_taken_twice_by_sockets_that_race() {
    let running = start(limits()).await;
    let (mut first, mut second) = (running.socket().await, running.socket().await);
    first.join("ann").await;
    second.join("ann").await;
    let members = async {
        while running
            .chat
            .members(&"lobby".parse::<Name>().expect("valid"))
            .is_empty()
        {
            tokio::task::yield_now().await;
        }
    };
    within(members).await;
    let refused = tokio::select! {
        closed = first.closed() => closed,
        closed = second.closed() => closed,
    };
    assert_eq!(refused.1, "this name is taken");
}

#[tokio::test]
async fn no_path_reaches_a_file() {
    let running = start(limits()).await;
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/page.html",
        "/ws/../..//etc/passwd",
    ] {
        let host = running.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).await.expect("connects");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("is sent");
        let mut response = String::new();
        within(stream.read_to_string(&mut response))
            .await
            .expect("a response");
        assert!(response.starts_with("HTTP/1.1 404"), "{path}: {response}");
    }
}
