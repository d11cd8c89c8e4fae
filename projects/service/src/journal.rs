//! A write-ahead journal: what has been appended is on the disk, and is read again after a crash.
//!
//! One thread writes. It takes all records that wait, writes them together, and syncs once, so that many clients share the time of one
//! sync.

mod lock;
mod replay;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tracing::error;

/// The most records that are written together.
const BATCH: usize = 256;

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A job that was accepted.
    Job {
        /// Its number.
        id: u64,
        /// What the client has sent.
        text: String,
    },
    /// The result of a job.
    Done {
        /// Its number.
        id: u64,
        /// How many words the text has.
        words: usize,
    },
}

/// Why a journal could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file cannot be opened, read or locked.
    #[error("the journal {path} cannot be opened: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A line that is complete is not a record: no crash leaves that behind.
    #[error("line {line} of the journal {path} is not a record: {error}")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// The journal does not take any more records: it is closed, or a write has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the journal cannot be written")]
pub struct Closed;

enum Message {
    Append(Record, oneshot::Sender<()>),
    Close(oneshot::Sender<()>),
}

/// A handle to the thread that writes. Clones write to the same file.
#[derive(Debug, Clone)]
pub struct Journal {
    messages: mpsc::Sender<Message>,
}

impl Journal {
    /// Waits until no other process has the journal of this folder, and reads it.
    ///
    /// A last line that is not complete was being written during a crash. Nothing has acknowledged it, and it is removed.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the journal is not opened, or is closed again.
    pub async fn open(folder: &Path) -> Result<(Self, Vec<Record>), OpenError> {
        let path = folder.join("journal.jsonl");
        let failed = |error| OpenError::Io {
            path: path.clone(),
            error,
        };
        let file = lock::open(&path).await.map_err(failed)?;
        let read = spawn_blocking({
            let path = path.clone();
            move || replay::read(file, &path)
        });
        let read = read.await.map_err(io::Error::other).map_err(failed)?;
        let (file, records) = read?;
        let (messages, inbox) = mpsc::channel(BATCH);
        let writer = thread::Builder::new().name("journal".to_owned());
        writer
            .spawn(move || {
                if let Err(error) = write(file, inbox) {
                    error!(%error, "the journal cannot be written");
                }
            })
            .map_err(failed)?;
        Ok((Self { messages }, records))
    }

    /// Appends a record, and returns when it is on the disk.
    ///
    /// # Errors
    ///
    /// If the journal is closed, or cannot be written. The record may be on the disk or not.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the record may be on the disk or not.
    pub async fn append(&self, record: Record) -> Result<(), Closed> {
        let (written, receipt) = oneshot::channel();
        let message = Message::Append(record, written);
        self.messages.send(message).await.map_err(|_| Closed)?;
        receipt.await.map_err(|_| Closed)
    }

    /// Waits until the journal does not take any more records, because of [`close`](Self::close) or because a write has failed.
    pub async fn closed(&self) {
        self.messages.closed().await;
    }

    /// Writes what has been appended, and releases the file, for all clones.
    ///
    /// # Errors
    ///
    /// If a write has failed, now or before.
    pub async fn close(self) -> Result<(), Closed> {
        let (closed, receipt) = oneshot::channel();
        let message = Message::Close(closed);
        self.messages.send(message).await.map_err(|_| Closed)?;
        receipt.await.map_err(|_| Closed)
    }
}

/// Writes until it is told to close, all handles are gone, or a write fails. After a failure it is unknown what is on the disk, so
/// nothing more is written: the next start reads what is there. The receipts are dropped then, and their callers get an error.
fn write(mut file: File, mut inbox: mpsc::Receiver<Message>) -> io::Result<()> {
    let mut messages = Vec::with_capacity(BATCH);
    while inbox.blocking_recv_many(&mut messages, BATCH) > 0 {
        let (mut lines, mut receipts, mut close) = (Vec::new(), Vec::new(), None);
        for message in messages.drain(..) {
            match message {
                Message::Append(record, written) => {
                    serde_json::to_writer(&mut lines, &record)?;
                    lines.push(b'\n');
                    receipts.push(written);
                }
                Message::Close(closed) => {
                    close = Some(closed);
                    break;
                }
            }
        }
        if !receipts.is_empty() {
            file.write_all(&lines)?;
            file.sync_data()?;
        }
        for written in receipts {
            let _ = written.send(());
        }
        if let Some(closed) = close {
            drop(file); // with its lock, so that the next process can open it
            let _ = closed.send(());
            return Ok(());
        }
    }
    Ok(())
}
