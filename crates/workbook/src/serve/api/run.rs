//! Runs a program of a page, and tells of it line by line.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use autograder::Cancelled;
use autograder::snippet::{Event, Snippet};
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

use super::{BROKE_DOWN, Served};
use crate::serve::desk::step_of;
use crate::terminal::{sentences, words};
use crate::tool::Tool;

/// What the compiler's messages and the program's panics call the program, as on the pages.
const NAME: &str = "src/main.rs";

/// So many lines may wait to be sent. A program that prints faster waits, too.
const WAITING: usize = 64;

/// A program as the reader has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    program: String,
}

/// Cancels a program when nobody listens any more.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Compiles and runs a program, until it ends or the reader hangs up.
pub async fn run(
    State(served): State<Served>,
    Json(Program { program }): Json<Program>,
) -> Response {
    let (tells, told) = mpsc::channel::<Bytes>(WAITING);
    let cancel = Cancel::default();
    let listening = CancelOnDrop(cancel.clone());
    tokio::spawn(in_turn(served, program, cancel, tells));
    let lines = stream::unfold((told, listening), |(mut told, listening)| async {
        let line = told.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(line), (told, listening)))
    });
    (
        [(CONTENT_TYPE, "application/x-ndjson")],
        Body::from_stream(lines),
    )
        .into_response()
}

/// Waits until few enough others run.
async fn in_turn(served: Served, program: String, cancel: Cancel, tells: mpsc::Sender<Bytes>) {
    let Served { tool, runs, .. } = served;
    let turn = match Arc::clone(&runs).try_acquire_owned() {
        Ok(turn) => Ok(turn),
        Err(_) => {
            let waits = json!({ "words": "Waiting for another program", "done": 0, "total": 0 });
            let _ = tells.send(line("step", waits)).await;
            tokio::select! {
                turn = runs.acquire_owned() => turn,
                () = tells.closed() => return,
            }
        }
    };
    let Ok(turn) = turn else { return };
    tokio::task::spawn_blocking(move || {
        let ran = AssertUnwindSafe(|| to_the_end(&tool, &program, &cancel, &tells));
        let last =
            catch_unwind(ran).unwrap_or_else(|_| line("broken", json!({ "error": BROKE_DOWN })));
        // Whoever has hung up does not hear the end.
        let _ = tells.blocking_send(last);
        drop(turn);
    });
}

/// Runs it and tells of everything but the end, which is given back.
fn to_the_end(tool: &Tool, program: &str, cancel: &Cancel, tells: &mpsc::Sender<Bytes>) -> Bytes {
    let tell = |kind, about| drop(tells.blocking_send(line(kind, about)));
    let (mut stdout, mut stderr) = (Letters::default(), Letters::default());
    let ran = tool
        .grades
        .run(NAME, program, cancel, &mut |event| match event {
            Event::Step(step) => tell("step", step_of(&step)),
            Event::Warning(warning) => tell("warning", json!({ "diagnostic": warning })),
            Event::Output(Output::Stdout(bytes)) => {
                let text = stdout.take(&bytes);
                tell("output", json!({ "stream": "stdout", "text": text }));
            }
            Event::Output(Output::Stderr(bytes)) => {
                let text = stderr.take(&bytes);
                tell("output", json!({ "stream": "stderr", "text": text }));
            }
        });
    for (stream, rest) in [("stdout", stdout.rest()), ("stderr", stderr.rest())] {
        if !rest.is_empty() {
            tell("output", json!({ "stream": stream, "text": rest }));
        }
    }
    match ran {
        Ok(Snippet::DoesNotCompile(errors)) => line("errors", json!({ "errors": errors })),
        Ok(Snippet::Ran { ended, timelines }) => {
            let timelines = timelines.into_iter();
            let timelines: Vec<Value> = timelines
                .map(|drawn| json!({ "name": drawn.name, "svg": drawn.svg }))
                .collect();
            let words = words::ended(ended);
            let well = words.is_none();
            line(
                "ended",
                json!({ "well": well, "words": words, "timelines": timelines }),
            )
        }
        Err(error) if error.is::<Cancelled>() => {
            line("broken", json!({ "error": "It was stopped." }))
        }
        Err(error) => line("broken", json!({ "error": sentences(&error) })),
    }
}

fn line(kind: &str, mut about: Value) -> Bytes {
    about["kind"] = kind.into();
    let mut line = about.to_string();
    line.push('\n');
    line.into()
}

/// Text that comes in pieces, which may end within a letter.
#[derive(Default)]
struct Letters {
    begun: Vec<u8>,
}

impl Letters {
    /// All whole letters. What is no UTF-8 is replaced.
    fn take(&mut self, bytes: &[u8]) -> String {
        self.begun.extend(bytes);
        let whole = match self.begun.utf8_chunks().last() {
            // The last letter may still be coming, if what is there of it could be its beginning.
            Some(last) if is_a_beginning(last.invalid()) => self.begun.len() - last.invalid().len(),
            _ => self.begun.len(),
        };
        let text = String::from_utf8_lossy(&self.begun[..whole]).into_owned();
        self.begun.drain(..whole);
        text
    }

    /// What never became a letter.
    fn rest(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.begun)).into_owned()
    }
}

fn is_a_beginning(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::Letters;

    #[test]
    fn a_letter_in_two_pieces_is_one_letter() {
        let text = "a é 早 \u{1f600} z";
        for cut in 0..text.len() {
            let mut letters = Letters::default();
            let (before, after) = text.as_bytes().split_at(cut);
            let taken = letters.take(before) + &letters.take(after) + &letters.rest();
            assert_eq!(taken, text, "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_text_is_replaced_and_waited_for_no_longer() {
        let mut letters = Letters::default();
        assert_eq!(letters.take(b"a\xff\xfeb"), "a\u{fffd}\u{fffd}b");
        assert_eq!(letters.take(b"c\xe6\x97"), "c");
        assert_eq!(letters.rest(), "\u{fffd}");
    }
}
