//! Runs a program of a page, and streams what happens as lines of JSON.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use autograder::Cancelled;
use autograder::snippet::{self, Event, Snippet};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures::stream;
use sandbox::{Cancel, Output};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::serve::api_error::INTERNAL_ERROR;
use crate::serve::app_state::AppState;
use crate::serve::grading_queue::step_to_json;
use crate::terminal::{describe, sentences};
use crate::tool::Tool;

/// The file name in the compiler's messages and the program's panics, as on the pages.
const NAME: &str = "src/main.rs";

/// How many lines are buffered. A program that prints faster than they are sent has to wait.
const BUFFER: usize = 64;

/// A program as the reader has edited it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    program: String,
}

/// Cancels a program when its client disconnects.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Compiles and runs a program until it ends or the client disconnects.
pub async fn run(
    State(state): State<AppState>,
    Json(Program { program }): Json<Program>,
) -> Response {
    let (tx, rx) = mpsc::channel::<Bytes>(BUFFER);
    let cancel = Cancel::default();
    let guard = CancelOnDrop(cancel.clone());
    tokio::spawn(run_with_permit(state, program, cancel, tx));
    let lines = stream::unfold((rx, guard), |(mut rx, guard)| async {
        let line = rx.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(line), (rx, guard)))
    });
    (
        [(CONTENT_TYPE, "application/x-ndjson")],
        Body::from_stream(lines),
    )
        .into_response()
}

/// Runs a program once fewer others run than permitted.
async fn run_with_permit(
    state: AppState,
    program: String,
    cancel: Cancel,
    tx: mpsc::Sender<Bytes>,
) {
    let AppState {
        tool, run_permits, ..
    } = state;
    let permit = match Arc::clone(&run_permits).try_acquire_owned() {
        Ok(permit) => Ok(permit),
        Err(_) => {
            let step = json!({ "text": "Waiting for another program", "done": 0, "total": 0 });
            let _ = tx.send(line("step", step)).await;
            tokio::select! {
                permit = run_permits.acquire_owned() => permit,
                () = tx.closed() => return,
            }
        }
    };
    let Ok(permit) = permit else { return };
    tokio::task::spawn_blocking(move || {
        let run = AssertUnwindSafe(|| run_to_end(&tool, &program, &cancel, &tx));
        let last = catch_unwind(run)
            .unwrap_or_else(|_| line("failed", json!({ "error": INTERNAL_ERROR })));
        // Fails if the client has disconnected.
        let _ = tx.blocking_send(last);
        drop(permit);
    });
}

/// Runs a program and sends all lines except the last, which is returned.
fn run_to_end(tool: &Tool, program: &str, cancel: &Cancel, tx: &mpsc::Sender<Bytes>) -> Bytes {
    let send = |kind, value| drop(tx.blocking_send(line(kind, value)));
    let (mut stdout, mut stderr) = (Utf8Decoder::default(), Utf8Decoder::default());
    let program = snippet::Program {
        name: NAME,
        text: program,
        stdin: &[],
    };
    let ran = tool.grader.run(&program, cancel, &mut |event| match event {
        Event::Step(step) => send("step", step_to_json(&step)),
        Event::Warning(warning) => send("warning", json!({ "diagnostic": warning })),
        Event::Output(Output::Stdout(bytes)) => {
            let text = stdout.decode(&bytes);
            send("output", json!({ "stream": "stdout", "text": text }));
        }
        Event::Output(Output::Stderr(bytes)) => {
            let text = stderr.decode(&bytes);
            send("output", json!({ "stream": "stderr", "text": text }));
        }
    });
    for (stream, rest) in [("stdout", stdout.finish()), ("stderr", stderr.finish())] {
        if !rest.is_empty() {
            send("output", json!({ "stream": stream, "text": rest }));
        }
    }
    match ran {
        Ok(Snippet::DoesNotCompile(errors)) => line("errors", json!({ "errors": errors })),
        Ok(Snippet::Ran { ended, timelines }) => {
            let timelines = timelines.into_iter();
            let timelines: Vec<Value> = timelines
                .map(|timeline| json!({ "name": timeline.name, "svg": timeline.svg }))
                .collect();
            let message = describe::ended(ended);
            let success = message.is_none();
            line(
                "ended",
                json!({ "success": success, "message": message, "timelines": timelines }),
            )
        }
        Err(error) if error.is::<Cancelled>() => {
            line("failed", json!({ "error": "The program was stopped." }))
        }
        Err(error) => line("failed", json!({ "error": sentences(&error) })),
    }
}

fn line(kind: &str, mut value: Value) -> Bytes {
    value["kind"] = kind.into();
    let mut line = value.to_string();
    line.push('\n');
    line.into()
}

/// Decodes text that arrives in pieces, which may end within a character.
#[derive(Default)]
struct Utf8Decoder {
    buffer: Vec<u8>,
}

impl Utf8Decoder {
    /// Decodes all complete characters. Bytes that are not UTF-8 are replaced.
    fn decode(&mut self, bytes: &[u8]) -> String {
        self.buffer.extend(bytes);
        let complete = match self.buffer.utf8_chunks().last() {
            // The rest of the last character may arrive later.
            Some(last) if is_incomplete(last.invalid()) => self.buffer.len() - last.invalid().len(),
            _ => self.buffer.len(),
        };
        let text = String::from_utf8_lossy(&self.buffer[..complete]).into_owned();
        self.buffer.drain(..complete);
        text
    }

    /// Decodes an incomplete character at the end.
    fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.buffer)).into_owned()
    }
}

/// Whether these bytes could be the start of a character.
fn is_incomplete(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::Utf8Decoder;

    #[test]
    fn decodes_a_character_that_arrives_in_two_pieces() {
        let text = "a é 早 \u{1f600} z";
        for cut in 0..text.len() {
            let mut decoder = Utf8Decoder::default();
            let (before, after) = text.as_bytes().split_at(cut);
            let decoded = decoder.decode(before) + &decoder.decode(after) + &decoder.finish();
            assert_eq!(decoded, text, "cut at {cut}");
        }
    }

    #[test]
    fn replaces_invalid_bytes_without_waiting_for_more() {
        let mut decoder = Utf8Decoder::default();
        assert_eq!(decoder.decode(b"a\xff\xfeb"), "a\u{fffd}\u{fffd}b");
        assert_eq!(decoder.decode(b"c\xe6\x97"), "c");
        assert_eq!(decoder.finish(), "\u{fffd}");
    }
}
