//! A client that sends exact bytes, and checks every response closely.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Far longer than anything here takes.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// The headers that every response must have.
const SECURITY_HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", "script-src 'self'; "),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// A request, which may be invalid.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// A request with a `Host` and nothing else.
    pub fn new(method: &str, target: &str, host: &str) -> Self {
        let request = Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        request.and("Host", host)
    }

    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    pub fn target(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    /// Adds a header.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Replaces all headers of this name.
    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_owned();
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.with("Content-Type", "application/json")
            .body(body.to_string())
    }

    /// The bytes on the wire. The length of the body is added, unless the request has a header for that.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        let says_length = |(name, _): &(String, String)| {
            ["Content-Length", "Transfer-Encoding"].contains(&name.as_str())
        };
        if !self.body.is_empty() && !self.headers.iter().any(says_length) {
            bytes.extend(format!("Content-Length: {}\r\n", self.body.len()).bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The names are in lower case.
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(other, value)| (other == name).then_some(value.as_str()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let json = serde_json::from_slice(&self.body);
        json.unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// Checks the status, and returns the JSON of the body.
    #[track_caller]
    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// The message of an error.
    #[track_caller]
    pub fn error(&self) -> String {
        let json = self.json();
        let error = json["error"].as_str().unwrap_or_default();
        assert!(
            error.ends_with(['.', '?']),
            "not a sentence: {}",
            self.text()
        );
        error.to_owned()
    }

    /// Checks that no other site can use the response, and that it does not lead to another site.
    #[track_caller]
    fn has_security_headers(&self) {
        for (name, _) in &self.headers {
            assert!(!name.starts_with("access-control-"), "{self:?}");
        }
        assert_eq!(self.header("location"), None, "{self:?}");
        assert_eq!(self.header("set-cookie"), None, "{self:?}");
        // The response to invalid HTTP has only a status.
        let is_bare = self
            .headers
            .iter()
            .all(|(name, _)| ["connection", "content-length", "date"].contains(&name.as_str()));
        if [400, 431].contains(&self.status) && is_bare && self.body.is_empty() {
            return;
        }
        for (name, expected) in SECURITY_HEADERS {
            let value = self.header(name).unwrap_or_default();
            assert!(value.contains(expected), "{name}: {value} in {self:?}");
        }
    }
}

/// A connection to the server.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    #[track_caller]
    pub fn open(port: u16) -> Self {
        Self::to("127.0.0.1", port)
    }

    /// A connection to another address of this machine.
    pub fn to(address: &str, port: u16) -> Self {
        let stream = TcpStream::connect((address, port)).expect("the server listens");
        stream.set_nodelay(true).expect("a socket can be set");
        stream
            .set_read_timeout(Some(DEADLINE))
            .expect("a socket can be set");
        Self {
            stream: BufReader::new(stream),
        }
    }

    /// Sends these bytes. Returns whether the server has received all of them.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.get_mut().write_all(bytes).is_ok()
    }

    /// Closes the sending side.
    pub fn close_sending_side(&mut self) {
        // Fails if the server has closed the connection.
        let _ = self.stream.get_mut().shutdown(Shutdown::Write);
    }

    /// Sends a request, and waits for its response.
    #[track_caller]
    pub fn ask(&mut self, request: &Request) -> Answer {
        self.send(&request.bytes());
        let mut answer = self.head().expect("the server answers");
        let has_body = request.method != "HEAD" && ![204, 304].contains(&answer.status);
        if has_body {
            answer.body = self.rest(&answer).expect("the body is whole");
        }
        answer
    }

    /// Waits for the next response. Returns `None` if the server closes the connection.
    #[track_caller]
    pub fn answer(&mut self) -> Option<Answer> {
        let mut answer = self.head()?;
        answer.body = self.rest(&answer).unwrap_or_default();
        Some(answer)
    }

    /// Everything until the server closes the connection, or starts an event stream.
    #[track_caller]
    pub fn everything(&mut self) -> String {
        let mut lines = String::new();
        while let Some(line) = self.line() {
            lines.push_str(&line);
            lines.push('\n');
            if line == "content-type: text/event-stream" {
                break;
            }
        }
        lines
    }

    /// Waits for the head of a response.
    #[track_caller]
    pub fn head(&mut self) -> Option<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let answer = Answer {
            status: status.unwrap_or_else(|| panic!("not HTTP: {first}")),
            headers,
            body: Vec::new(),
        };
        answer.has_security_headers();
        Some(answer)
    }

    /// The body as a stream.
    pub fn pieces(self) -> Pieces {
        Pieces {
            stream: self.stream,
            left: 0,
        }
    }

    /// Whether the server closes the connection without sending anything else.
    pub fn is_over(&mut self) -> bool {
        self.line().is_none()
    }

    fn rest(&mut self, answer: &Answer) -> io::Result<Vec<u8>> {
        if answer.header("transfer-encoding") == Some("chunked") {
            let mut body = Vec::new();
            while let piece @ 1.. = piece(&mut self.stream)? {
                let from = body.len();
                body.resize(from + piece, 0);
                self.stream.read_exact(&mut body[from..])?;
                end_of_line(&mut self.stream)?;
            }
            end_of_line(&mut self.stream)?;
            return Ok(body);
        }
        let length = answer.header("content-length").expect("a body has an end");
        let mut body = vec![0; length.parse().expect("a number")];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    /// The next line of a head; `None` at the end.
    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        match self.stream.read_until(b'\n', &mut line) {
            Ok(1..) => Some(String::from_utf8_lossy(&line).trim_end().to_owned()),
            Err(error) if is_late(&error) => {
                panic!("the server neither sends anything nor closes the connection")
            }
            Ok(0) | Err(_) => None,
        }
    }
}

/// A chunked body as one stream.
pub struct Pieces {
    stream: BufReader<TcpStream>,
    left: usize,
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.left = piece(&mut self.stream)?;
        }
        if self.left == 0 {
            return Ok(0);
        }
        let most = to.len().min(self.left);
        let count = self.stream.read(&mut to[..most])?;
        self.left -= count;
        if count > 0 && self.left == 0 {
            end_of_line(&mut self.stream)?;
        }
        Ok(count)
    }
}

/// The size of the next chunk.
fn piece(stream: &mut BufReader<TcpStream>) -> io::Result<usize> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    usize::from_str_radix(line.trim_end(), 16).map_err(|_| ErrorKind::UnexpectedEof.into())
}

fn end_of_line(stream: &mut BufReader<TcpStream>) -> io::Result<()> {
    stream.read_exact(&mut [0; 2])
}

fn is_late(error: &io::Error) -> bool {
    [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind())
}
