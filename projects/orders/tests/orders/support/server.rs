//! The API on a port of loopback.

use std::future::pending;
use std::net::SocketAddr;

use orders::{Database, Limits, serve};
use reqwest::{Client, Method, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Serves until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    client: Client,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(database: &Database) -> Self {
        Self::with_limits(database, Limits::default()).await
    }

    pub async fn with_limits(database: &Database, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let database = database.clone();
        let task = tokio::spawn(async move {
            serve(listener, database, limits, pending())
                .await
                .expect("a server");
        });
        let client = Client::new();
        Self {
            address,
            client,
            task,
        }
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.address));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        request.send().await.expect("an answer")
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        status_and_json(self.send(Method::GET, path, None).await).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        status_and_json(self.send(Method::POST, path, Some(body)).await).await
    }
}

async fn status_and_json(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
