//! Readers of lines, right and wrong ones.

use std::io;

use exercises::testing::{Input, LineReader};
use tokio::io::AsyncReadExt;

use super::*;

/// No byte of UTF-8.
const NO_TEXT: u8 = 0xff;

/// How many bytes are read at a time.
const PIECE: usize = 4_096;

/// So many bytes are read a few at a time. More of them take too long.
const IN_SMALL_READS: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Right,
    SmallReads,
    NoLastLine,
    SkipsEmpty,
    KeepsCr,
    EndIsALine,
    LosesTheRest,
    PieceIsALine,
    CrInAnotherPiece,
    CharacterInPieces,
    Trims,
    RemovesAllCr,
    RemovesLastCr,
    CutsLongLines,
    WaitsForMore,
    LosesOnDrop,
    ErrorIsTheEnd,
    OtherError,
    ErrorFirst,
    EndsOnce,
}

pub(super) struct Fake {
    kind: Kind,
    input: Input,
    case: Case,
    /// What has been read and not returned.
    unread: Vec<u8>,
    /// How much of it has no `\n`. A long line is searched once, and not again with each piece.
    searched: usize,
    count: usize,
    has_ended: bool,
    has_returned_none: bool,
}

impl Fake {
    pub(super) fn new(kind: Kind, input: Input, case: &Case) -> Self {
        Self {
            kind,
            input,
            case: case.clone(),
            unread: Vec::new(),
            searched: 0,
            count: 0,
            has_ended: false,
            has_returned_none: false,
        }
    }

    /// The next line, if all of it has arrived.
    fn line(&mut self) -> Option<String> {
        let searched = self.searched.min(self.unread.len());
        let mut new = self.unread[searched..].iter();
        let end = new.position(|byte| *byte == b'\n');
        let end = end.map(|end| searched + end);
        self.searched = if end.is_some() { 0 } else { self.unread.len() };
        if self.kind == Kind::CutsLongLines && end.unwrap_or(self.unread.len()) > 1_024 {
            self.searched = 0;
            return Some(text(self.unread.drain(..1_024)));
        }
        let end = end?;
        if self.kind == Kind::WaitsForMore && end + 1 == self.unread.len() && !self.has_ended {
            return None;
        }
        let mut line: Vec<u8> = self.unread.drain(..=end).collect();
        line.pop();
        if line.last() == Some(&b'\r') && self.kind != Kind::KeepsCr {
            line.pop();
        }
        while self.kind == Kind::RemovesAllCr && line.last() == Some(&b'\r') {
            line.pop();
        }
        if self.kind == Kind::LosesTheRest {
            self.unread.clear();
        }
        let line = text(line);
        Some(match self.kind {
            Kind::Trims => line.trim_end_matches(' ').to_owned(),
            _ => line,
        })
    }

    /// What follows the last `\n`.
    fn last_line(&mut self) -> Option<String> {
        let mut rest = text(self.unread.drain(..));
        if self.kind == Kind::RemovesLastCr && rest.ends_with('\r') {
            rest.pop();
        }
        match self.kind {
            Kind::NoLastLine => None,
            Kind::EndIsALine if self.count > 0 => {
                self.count = 0;
                Some(rest)
            }
            _ => (!rest.is_empty()).then_some(rest),
        }
    }

    /// Takes a piece that has arrived.
    fn take(&mut self, piece: &[u8]) {
        self.count += piece.len();
        match self.kind {
            Kind::CharacterInPieces => {
                let text = String::from_utf8_lossy(piece);
                self.unread.extend(text.as_bytes());
            }
            _ => self.unread.extend(piece),
        }
        match self.kind {
            Kind::PieceIsALine if piece.last() != Some(&b'\n') => self.unread.push(b'\n'),
            Kind::CrInAnotherPiece if piece.last() == Some(&b'\r') => self.unread.push(NO_TEXT),
            _ => {}
        }
    }

    fn size_of_next_read(&self) -> usize {
        if self.kind == Kind::SmallReads && self.count < IN_SMALL_READS {
            1 + self.case.below(5) as usize
        } else {
            PIECE
        }
    }
}

impl LineReader for Fake {
    async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.case.turns().await;
        loop {
            if let Some(line) = self.line() {
                if line.is_empty() && self.kind == Kind::SkipsEmpty {
                    continue;
                }
                return Ok(Some(line));
            }
            if self.has_ended {
                let last = self.last_line();
                if last.is_none() && self.kind == Kind::EndsOnce {
                    if self.has_returned_none {
                        std::future::pending::<()>().await;
                    }
                    self.has_returned_none = true;
                }
                return Ok(last);
            }
            let mut lost = Vec::new();
            if self.kind == Kind::LosesOnDrop {
                lost = std::mem::take(&mut self.unread);
            }
            let mut piece = vec![0; self.size_of_next_read()];
            let read = self.input.read(&mut piece).await;
            if self.kind == Kind::LosesOnDrop {
                self.unread = lost;
            }
            match read {
                Ok(0) => self.has_ended = true,
                Ok(read) => self.take(&piece[..read]),
                Err(_) if self.kind == Kind::ErrorIsTheEnd => return Ok(None),
                Err(_) if self.kind == Kind::OtherError => return Err(io::Error::other("failed")),
                Err(error) => return Err(error),
            }
            if self.kind == Kind::ErrorFirst {
                self.look_for_an_error().await?;
            }
        }
    }
}

impl Fake {
    /// Reads on if there is something to read.
    async fn look_for_an_error(&mut self) -> io::Result<()> {
        let mut piece = [0; PIECE];
        let next = tokio::time::timeout(Duration::ZERO, self.input.read(&mut piece)).await;
        match next {
            Ok(Ok(0)) => self.has_ended = true,
            Ok(Ok(read)) => self.take(&piece[..read]),
            Ok(Err(error)) => {
                self.unread.clear();
                return Err(error);
            }
            Err(_nothing_yet) => {}
        }
        Ok(())
    }
}

fn text(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes = bytes.into_iter().filter(|byte| *byte != NO_TEXT).collect();
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
