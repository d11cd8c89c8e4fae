//! A peer, for programs.

use futures::{SinkExt, StreamExt};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::name::Name;
use crate::protocol::{Event, Request, Text};

/// The longest event that a client accepts: a welcome with a history of long messages.
const LARGEST: usize = 1024 * 1024;

/// A member of a room, over a socket.
#[derive(Debug)]
pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// Why a call of a [`Client`] failed.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The server closed the session.
    #[error("the server closed the session: {reason} ({code})")]
    Closed {
        /// The code of the close frame; 1005 if there was none in it.
        code: u16,
        /// The reason in the close frame.
        reason: String,
    },
    /// The connection could not be made, or was lost.
    #[error("the connection failed")]
    Connection(#[from] tungstenite::Error),
    /// The connection ended without a close frame.
    #[error("the connection was lost")]
    Lost,
    /// The server sent something that is not an event.
    #[error("the server sent what is not an event")]
    Event(#[from] serde_json::Error),
}

impl Client {
    /// Connects and joins a room. `url` is that of the server, such as `http://127.0.0.1:3000`; `ws://` is accepted, too. The
    /// first event is [`Event::Welcome`], unless the server refuses the name.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or does not upgrade the connection.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the connection is closed.
    pub async fn connect(url: &str, room: &Name, name: &Name) -> Result<Self, ClientError> {
        let host = url
            .trim_end_matches('/')
            .trim_start_matches("http://")
            .trim_start_matches("ws://");
        let config = WebSocketConfig::default()
            .read_buffer_size(4 * 1024)
            .write_buffer_size(4 * 1024)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        let url = format!("ws://{host}/ws");
        let (socket, _) = connect_async_with_config(url, Some(config), true).await?;
        let mut client = Self { socket };
        let (room, name) = (room.clone(), name.clone());
        client.request(&Request::Join { room, name }).await?;
        Ok(client)
    }

    /// Says something. It has been delivered when the client receives it as [`Event::Said`].
    ///
    /// # Errors
    ///
    /// If the connection is lost or closed.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the message may be sent, or not, or later, by the next call.
    pub async fn say(&mut self, text: Text) -> Result<(), ClientError> {
        self.request(&Request::Say { text }).await
    }

    /// The next event. Pings are answered while it is awaited, so a client that does not call it counts as dead after a while.
    ///
    /// # Errors
    ///
    /// If the session is over, or the server sends something that is not an event.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no event is lost.
    pub async fn next(&mut self) -> Result<Event, ClientError> {
        loop {
            match self.socket.next().await.ok_or(ClientError::Lost)?? {
                Message::Text(json) => return Ok(serde_json::from_str(json.as_str())?),
                Message::Close(frame) => {
                    let _ = self.socket.flush().await; // the answer
                    let (code, reason) = frame.map_or((1005, String::new()), |frame| {
                        (frame.code.into(), frame.reason.as_str().to_owned())
                    });
                    return Err(ClientError::Closed { code, reason });
                }
                _ => {}
            }
        }
    }

    /// Leaves: sends a close frame, and waits until the server has answered.
    ///
    /// # Errors
    ///
    /// If the connection is lost.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the connection is closed, perhaps before the close frame has been sent.
    pub async fn close(mut self) -> Result<(), ClientError> {
        self.socket.close(None).await?;
        while let Some(Ok(_)) = self.socket.next().await {}
        Ok(())
    }

    /// The socket, for what is not a message of the chat.
    #[must_use]
    pub fn into_inner(self) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
        self.socket
    }

    async fn request(&mut self, request: &Request) -> Result<(), ClientError> {
        let json = serde_json::to_string(request)?;
        Ok(self.socket.send(Message::text(json)).await?)
    }
}
