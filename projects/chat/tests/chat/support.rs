//! A server, and peers that do what no client should.

use std::time::Duration;

use chat::{
    Chat, Client, ClientError, Config, Event, Limits, Name, Queue, ServeError, Server, Text, Why,
};
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(20);

/// A running server.
pub struct Running {
    pub url: String,
    pub chat: Chat,
    pub stop: CancellationToken,
    pub server: JoinHandle<Result<(), ServeError>>,
}

/// Limits with which no test has to wait for long.
pub fn limits() -> Limits {
    Limits {
        burst: 1_000,
        per_second: 1_000,
        close_within: Duration::from_millis(300),
        ..Limits::default()
    }
}

pub async fn start(limits: Limits) -> Running {
    let config = Config {
        limits,
        ..Config::default()
    };
    let server = Server::bind(([127, 0, 0, 1], 0).into(), config).await;
    let server = server.expect("a port is free");
    let stop = CancellationToken::new();
    Running {
        url: format!("http://{}", server.address()),
        chat: server.chat(),
        stop: stop.clone(),
        server: tokio::spawn(server.run(stop)),
    }
}

impl Running {
    /// A client that has been welcomed.
    pub async fn join(&self, member: &str) -> Client {
        let client = Client::connect(&self.url, &name("lobby"), &name(member)).await;
        let mut client = client.expect("connects");
        let welcome = within(client.next()).await.expect("welcome");
        assert!(matches!(welcome, Event::Welcome { .. }), "{welcome:?}");
        client
    }

    /// A member of the lobby without a socket, which sees what the others are told.
    pub fn observer(&self) -> Observer {
        let joined = self.chat.join(&name("lobby"), &name("observer"));
        let (membership, queue) = joined.expect("joins");
        Observer {
            queue,
            _membership: membership,
        }
    }

    /// A socket that has sent nothing yet.
    pub async fn socket(&self) -> Socket {
        let url = format!("{}/ws", self.url.replace("http", "ws"));
        let (socket, _) = connect_async(url).await.expect("connects");
        Socket(socket)
    }
}

pub struct Observer {
    queue: Queue,
    _membership: chat::Membership,
}

impl Observer {
    /// The next event that is no message.
    pub async fn next(&mut self) -> Event {
        loop {
            let json = within(self.queue.recv()).await.expect("an event");
            let event = serde_json::from_str(json.as_str()).expect("JSON");
            if !matches!(event, Event::Said(_) | Event::Welcome { .. }) {
                return event;
            }
        }
    }

    /// Waits until a member has joined and left, and checks that nothing else is told, before or after.
    pub async fn sees_one_visit(mut self, running: &Running, member: &str, expected: Why) {
        assert_eq!(self.next().await, joined(member));
        let left = Event::Left {
            name: name(member),
            why: expected,
        };
        assert_eq!(self.next().await, left);
        let (last, _queue) = running
            .chat
            .join(&name("lobby"), &name("last"))
            .expect("joins");
        assert_eq!(self.next().await, joined("last"));
        drop(last);
    }
}

/// A peer that sends any frames.
pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.expect("is sent");
    }

    pub async fn text(&mut self, json: &str) {
        self.send(Message::text(json)).await;
    }

    /// Joins the lobby, and reads nothing.
    pub async fn join(&mut self, member: &str) {
        let join = format!(r#"{{"type":"join","room":"lobby","name":"{member}"}}"#);
        self.text(&join).await;
    }

    /// Reads until the close frame, and returns its code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match within(self.0.next()).await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    return (frame.code.into(), frame.reason.as_str().to_owned());
                }
                Some(Ok(_)) => {}
                other => panic!("no close frame, but {other:?}"),
            }
        }
    }

    pub fn tcp(&self) -> &TcpStream {
        match self.0.get_ref() {
            MaybeTlsStream::Plain(stream) => stream,
            other => panic!("not a plain connection: {other:?}"),
        }
    }
}

pub fn name(name: &str) -> Name {
    name.parse().expect("a valid name")
}

pub fn text(text: &str) -> Text {
    text.to_owned().try_into().expect("a valid text")
}

pub fn joined(member: &str) -> Event {
    Event::Joined { name: name(member) }
}

/// The next message, without joins and leaves.
pub async fn heard(client: &mut Client) -> (String, String) {
    loop {
        if let Event::Said(said) = within(client.next()).await.expect("an event") {
            return (said.from.to_string(), said.text.as_str().to_owned());
        }
    }
}

/// Reads until the session ends, and returns the code of the close frame.
pub async fn close_code(client: &mut Client) -> u16 {
    loop {
        match within(client.next()).await {
            Ok(_) => {}
            Err(ClientError::Closed { code, .. }) => return code,
            Err(error) => panic!("no close frame, but {error:?}"),
        }
    }
}

/// Fails instead of waiting forever.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(DEADLINE, future).await.expect("takes far too long")
}
