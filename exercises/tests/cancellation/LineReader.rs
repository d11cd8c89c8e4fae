//! `LineReader`: every line, however its bytes come and whenever a call is dropped.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::*;
use exercises::cancellation::LineReader;
use tokio::io::{AsyncRead, AsyncWriteExt, DuplexStream, ReadBuf, duplex};

/// Parts of a text, 10 ms apart, and its lines. None of the parts but the last ends with a line.
const PARTS: [&str; 5] = [
    "Ulys",
    "ses, shelf 7\n\nMob",
    "y-D",
    "ick, shelf 12\nand the",
    " map",
];
const LINES: [&str; 4] = ["Ulysses, shelf 7", "", "Moby-Dick, shelf 12", "and the map"];

/// A tube at the other end of which somebody writes these parts, one every 10 ms.
fn tube(parts: &'static [&'static [u8]]) -> DuplexStream {
    let (mut sender, receiver) = duplex(256);
    tokio::spawn(async move {
        for part in parts {
            sleep(ms(10)).await;
            let _ = sender.write_all(part).await;
        }
    });
    receiver
}

fn text_tube() -> DuplexStream {
    const BYTES: [&[u8]; 5] = [
        PARTS[0].as_bytes(),
        PARTS[1].as_bytes(),
        PARTS[2].as_bytes(),
        PARTS[3].as_bytes(),
        PARTS[4].as_bytes(),
    ];
    tube(&BYTES)
}

/// Reads on to the end, or until there are more lines than there can be.
async fn read_on(reader: &mut LineReader<DuplexStream>, lines: &mut Vec<String>) {
    while let Ok(Some(line)) = reader.next_line().await {
        lines.push(line);
        if lines.len() > 20 {
            return;
        }
    }
}

fn check_lines(seen: &[String], expected: &[&str]) {
    check(seen == expected, || {
        let seen_bytes: usize = seen.iter().map(String::len).sum();
        let bytes: usize = expected.iter().map(|line| line.len()).sum();
        let miss = Failure::new(format!(
            "These lines should come: {expected:?}; these came: {seen:?}."
        ));
        if expected.iter().filter(|line| !line.is_empty()).eq(seen) {
            miss.usually("that empty lines are passed over. They are lines, too.")
                .read(HALF_A_LINE)
        } else if seen_bytes < bytes {
            miss.usually(
                "that bytes are lost. What has been read and is no whole line yet must live longer than one call: in a \
                 field of the reader.",
            )
            .read(HALF_A_LINE)
        } else {
            miss.usually("that lines are cut in the wrong place, or that bytes come twice.")
                .read(HALF_A_LINE)
        }
    });
}

#[test]
fn gives_every_line() {
    grade(async || {
        let mut lines = Vec::new();
        read_on(&mut LineReader::new(text_tube()), &mut lines).await;
        let ended_early = lines.len() < LINES.len() && lines == LINES[..lines.len()];
        check(!ended_early, || {
            Failure::new(format!(
                "These lines should come: {LINES:?}; after {lines:?} it gave `None`."
            ))
            .usually("that it ends too early: an empty line is a line, and so is what stands behind the last `\\n`.")
            .read(HALF_A_LINE)
        });
        check_lines(&lines, &LINES);
    });
}

#[test]
fn gives_a_line_when_it_is_complete() {
    grade(async || {
        let mut reader = LineReader::new(text_tube());
        let log = Log::start();
        while let Ok(Some(line)) = reader.next_line().await {
            log.note(line);
        }
        let expected = [ms(20), ms(20), ms(40), ms(50)];
        let seen: Vec<_> = log.all().iter().map(|(_, at)| *at).collect();
        check(seen == expected, || {
            Failure::new(format!(
                "The lines are complete at {expected:?} and should be given then; they were given at {seen:?}."
            ))
            .usually(
                "that the answer waits for more bytes although a whole line has arrived, or reads to the end before it \
                 gives the first line.",
            )
            .read(HALF_A_LINE)
        });
    });
}

#[test]
fn ends_with_none() {
    grade(async || {
        let mut reader = LineReader::new(tube(&[b"one\n"]));
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(reader.next_line().await.ok().flatten());
        }
        check(seen == [Some("one".to_owned()), None, None], || {
            Failure::new(format!(
                "After one line the tube ends, and from then on there is `None`; it gave {seen:?}."
            ))
            .usually("that the end is taken for an empty line, or for an error.")
            .read(HALF_A_LINE)
        });
    });
}

#[test]
fn a_character_may_come_in_two_parts() {
    grade(async || {
        // "é" is the bytes C3 A9; FF is in no character.
        let mut reader = LineReader::new(tube(&[b"Mall\xC3", b"\xA9n\xFF\n"]));
        let mut lines = Vec::new();
        read_on(&mut reader, &mut lines).await;
        check(lines == ["Mall\u{e9}n\u{fffd}"], || {
            let miss = Failure::new(format!(
                "The two bytes of an é come in two parts, and after it a byte that is no UTF-8: the line should be \
                 \"Mall\u{e9}n\u{fffd}\"; there were {lines:?}."
            ));
            if lines.is_empty() {
                miss.usually(
                    "that such a byte is an error, as it is for tokio's `Lines` and for `read_line`. \
                     `String::from_utf8_lossy` replaces it.",
                )
            } else {
                miss.usually(
                    "that each part, or each byte, is made into text by itself. Collect bytes, and decode a whole line.",
                )
            }
            .read(HALF_A_LINE)
        });
    });
}

#[test]
fn loses_no_byte_between_two_calls() {
    for every in [1, 3, 7, 10] {
        grade(async || {
            let mut reader = LineReader::new(text_tube());
            let mut lines = Vec::new();
            for _round in 0..500 {
                tokio::select! {
                    biased;
                    line = reader.next_line() => match line {
                        Ok(Some(line)) => lines.push(line),
                        _ => break,
                    },
                    () = sleep(ms(every)) => {}
                }
            }
            check_lines(&lines, &LINES);
        });
    }
}

#[test]
fn loses_no_byte_when_dropped() {
    drop_at_every_await(
        async || {
            let reader = LineReader::new(text_tube());
            let desk = Arc::new(tokio::sync::Mutex::new((reader, Vec::new())));
            let answer = Arc::clone(&desk);
            let answer = async move {
                let (reader, lines) = &mut *answer.lock().await;
                read_on(reader, lines).await;
            };
            (answer, desk)
        },
        async |desk| {
            let (reader, lines) = &mut *desk.lock().await;
            read_on(reader, lines).await;
            check_lines(lines, &LINES);
        },
    );
}

#[test]
fn an_error_loses_nothing_either() {
    grade(async || {
        let tube = Blocked {
            parts: [
                Ok(&b"Ulys"[..]),
                Err("the tube is blocked"),
                Ok(&b"ses\n"[..]),
            ]
            .into(),
            waited: false,
        };
        let mut reader = LineReader::new(tube);
        let first = reader.next_line().await.map_err(|error| error.to_string());
        let second = reader.next_line().await.ok().flatten();
        let as_it_should = first == Err("the tube is blocked".to_owned());
        check(as_it_should && second.as_deref() == Some("Ulysses"), || {
            Failure::new(format!(
                "Four bytes, an error, then the rest: the first call should give the error and the second \"Ulysses\"; they \
                 gave {first:?} and {second:?}."
            ))
            .usually("that what had arrived before the error is thrown away with the call that failed.")
            .read(HALF_A_LINE)
        });
    });
}

/// A tube that has these parts, and is pending before each of them.
struct Blocked {
    parts: VecDeque<Result<&'static [u8], &'static str>>,
    waited: bool,
}

impl AsyncRead for Blocked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.waited = !self.waited;
        if self.waited {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(part) = self.parts.pop_front() else {
            return Poll::Ready(Ok(()));
        };
        let (now, later) = match part {
            Ok(bytes) => bytes.split_at(bytes.len().min(buffer.remaining())),
            Err(word) => return Poll::Ready(Err(io::Error::other(word))),
        };
        buffer.put_slice(now);
        if !later.is_empty() {
            self.parts.push_front(Ok(later));
        }
        Poll::Ready(Ok(()))
    }
}

#[test]
fn takes_nothing_but_the_newline_away() {
    grade(async || {
        let mut lines = Vec::new();
        let shelf = tube(&[b"  Ulysses \r\n\tshelf 7  \n"]);
        read_on(&mut LineReader::new(shelf), &mut lines).await;
        let right = ["  Ulysses \r", "\tshelf 7  "];
        check(lines == right, || {
            Failure::new(format!(
                "White space at the ends of a line belongs to it. The lines are {right:?}; it gave {lines:?}."
            ))
            .usually("that `trim`, or a call like it, takes more away than the `\\n`.")
            .read(HALF_A_LINE)
        });
    });
}

#[test]
fn a_line_may_be_long() {
    grade(async || {
        let (mut sender, receiver) = duplex(256);
        let lines = format!("{}\nshort\n", "m".repeat(100_000));
        tokio::spawn(async move { sender.write_all(lines.as_bytes()).await });
        let mut lines = Vec::new();
        read_on(&mut LineReader::new(receiver), &mut lines).await;
        let lengths: Vec<_> = lines.iter().map(String::len).collect();
        check(lengths == [100_000, 5], || {
            let first: Vec<_> = lengths.iter().take(3).collect();
            Failure::new(format!(
                "A line of 100000 bytes comes, and then one of 5. It gave {} lines, and the first have {first:?} bytes.",
                lengths.len()
            ))
            .usually(
                "that the bytes are kept in a place of a fixed size: into one that is full `read` puts 0 bytes, and \
                 that looks like the end.",
            )
            .read(HALF_A_LINE)
        });
    });
}
