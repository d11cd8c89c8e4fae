//! `LineReader`: every line, however its bytes arrive and whenever a call is dropped.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::*;
use exercises::cancellation::LineReader;
use tokio::io::{AsyncRead, AsyncWriteExt, DuplexStream, ReadBuf, duplex};

/// A text in parts that arrive 10 ms apart, and its lines. No part ends exactly at the end of a line.
const PARTS: [&[u8]; 5] = [b"GET", b" /orders\n\nPO", b"ST", b" /login\nGET /n", b"ews"];
const LINES: [&str; 4] = ["GET /orders", "", "POST /login", "GET /news"];

/// A connection over which `parts` arrive, one every 10 ms, before it is closed.
fn connection(parts: &'static [&'static [u8]]) -> DuplexStream {
    let (mut client, server) = duplex(256);
    grading::spawn(async move {
        for part in parts {
            sleep(ms(10)).await;
            let _ = client.write_all(part).await;
        }
    });
    server
}

/// Reads to the end, or until there are more lines than there can be.
async fn read_to_end<R: AsyncRead + Unpin>(reader: &mut LineReader<R>, lines: &mut Vec<String>) {
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
        let report = Failure::new(format!(
            "The lines should be {expected:?}; they were {}.",
            grading::list(seen.iter().map(|line| format!("{line:?}")))
        ));
        if expected.iter().filter(|line| !line.is_empty()).eq(seen) {
            report.usually("that empty lines are skipped. An empty line is a line, too.")
        } else if seen_bytes < bytes {
            report.usually(
                "that bytes are lost. What has been read but is not yet a whole line must live longer than one call: \
                 in a field of the reader.",
            )
        } else {
            report
        }
        .read(PARTIAL_LINE)
    });
}

#[test]
fn returns_every_line() {
    grade(async || {
        let mut lines = Vec::new();
        read_to_end(&mut LineReader::new(connection(&PARTS)), &mut lines).await;
        let ended_early = lines.len() < LINES.len() && lines == LINES[..lines.len()];
        check(!ended_early, || {
            Failure::new(format!(
                "The lines should be {LINES:?}; after {lines:?} the result was `None`."
            ))
            .usually(
                "that it ends too early: an empty line is a line, and so is the text after the last `\\n`.",
            )
            .read(PARTIAL_LINE)
        });
        check_lines(&lines, &LINES);
    });
}

#[test]
fn returns_a_line_as_soon_as_it_is_complete() {
    grade(async || {
        let mut reader = LineReader::new(connection(&PARTS));
        let log = Log::start();
        while let Ok(Some(line)) = reader.next_line().await {
            log.record(line);
        }
        let expected = [ms(20), ms(20), ms(40), ms(50)];
        let seen: Vec<_> = log.entries().iter().map(|(_, at)| *at).collect();
        check(seen == expected, || {
            Failure::new(format!(
                "The lines are complete after {expected:?}, and should be returned then; they were returned after \
                 {seen:?}."
            ))
            .usually(if seen.iter().all(|at| *at == ms(50)) {
                "that the answer reads to the end before it returns the first line."
            } else {
                "that the answer waits for more bytes although a whole line has arrived."
            })
            .read(PARTIAL_LINE)
        });
    });
}

#[test]
fn returns_none_at_the_end() {
    grade(async || {
        let mut reader = LineReader::new(connection(&[b"one\n"]));
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(reader.next_line().await.map_err(|error| error.kind()));
        }
        check(
            seen == [Ok(Some("one".to_owned())), Ok(None), Ok(None)],
            || {
                let report = Failure::new(format!(
                    "There is one line, and then the input ends. Three calls should return \"one\", `None` and `None`; \
                 they returned {seen:?}."
                ));
                match &seen[1] {
                    Ok(Some(line)) if line.is_empty() => {
                        report.usually("that the end of the input is taken for an empty line.")
                    }
                    Err(_) => report.usually("that the end of the input is taken for an error."),
                    _ => report,
                }
                .read(PARTIAL_LINE)
            },
        );
    });
}

#[test]
fn decodes_a_character_that_arrives_in_two_parts() {
    grade(async || {
        // "é" is the bytes C3 A9; FF does not occur in UTF-8.
        let mut reader = LineReader::new(connection(&[b"caf\xC3", b"\xA9 \xFF\n"]));
        let mut lines = Vec::new();
        read_to_end(&mut reader, &mut lines).await;
        check(lines == ["caf\u{e9} \u{fffd}"], || {
            let report = Failure::new(format!(
                "The two bytes of one character arrive in two parts, and then a byte that is not UTF-8. The line should be \
                 \"caf\u{e9} \u{fffd}\"; the lines were {lines:?}."
            ));
            if lines.is_empty() {
                report.usually(
                    "that such a byte is an error, as it is for `read_line` and for tokio's `Lines`. \
                     `String::from_utf8_lossy` replaces it.",
                )
            } else if lines[0] == "caf\u{fffd}\u{fffd} \u{fffd}" || lines[0] == "caf\u{c3}\u{a9} \u{ff}" {
                report.usually(
                    "that each part, or each byte, is decoded by itself. Collect bytes, and decode the whole line.",
                )
            } else {
                report
            }
            .read(PARTIAL_LINE)
        });
    });
}

#[test]
fn loses_no_byte_in_a_select_loop() {
    for every in [1, 3, 7, 10] {
        grade(async || {
            let mut reader = LineReader::new(connection(&PARTS));
            let mut lines = Vec::new();
            for _iteration in 0..500 {
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
            let reader = LineReader::new(connection(&PARTS));
            let state = Arc::new(tokio::sync::Mutex::new((reader, Vec::new())));
            let answer = Arc::clone(&state);
            let answer = async move {
                let (reader, lines) = &mut *answer.lock().await;
                read_to_end(reader, lines).await;
            };
            (answer, state)
        },
        async |state| {
            let (reader, lines) = &mut *state.lock().await;
            read_to_end(reader, lines).await;
            check_lines(lines, &LINES);
        },
    );
}

#[test]
fn loses_no_byte_of_a_long_part_when_dropped() {
    const LENGTH: usize = 10_000;
    drop_at_every_await(
        async || {
            let input = format!("{}\nshort\n", "x".repeat(LENGTH));
            let reader = LineReader::new(Interrupted::new([Ok(input.into_bytes())]));
            let state = Arc::new(tokio::sync::Mutex::new((reader, Vec::new())));
            let answer = Arc::clone(&state);
            let answer = async move {
                let (reader, lines) = &mut *answer.lock().await;
                read_to_end(reader, lines).await;
            };
            (answer, state)
        },
        async |state| {
            let (reader, lines) = &mut *state.lock().await;
            read_to_end(reader, lines).await;
            let lengths: Vec<_> = lines.iter().map(String::len).collect();
            check(lengths == [LENGTH, 5], || {
                Failure::new(format!(
                    "A line of {LENGTH} bytes, all of which arrive at once, should be followed by one of 5 bytes; the lines \
                     have {lengths:?} bytes."
                ))
                .read(PARTIAL_LINE)
            });
        },
    );
}

#[test]
fn loses_no_byte_after_an_error() {
    grade(async || {
        let connection = Interrupted::new([
            Ok(b"GET".to_vec()),
            Err(io::ErrorKind::Other),
            Ok(b" /orders\n".to_vec()),
        ]);
        let mut reader = LineReader::new(connection);
        let first = reader.next_line().await.map_err(|error| error.to_string());
        let second = reader.next_line().await.ok().flatten();
        let is_error = first == Err(INTERRUPTED.to_owned());
        check(is_error && second.as_deref() == Some("GET /orders"), || {
            let report = Failure::new(format!(
                "Three bytes arrive, then there is an error, then the rest arrives. The first call should return the \
                 error and the second \"GET /orders\"; they returned {first:?} and {second:?}."
            ));
            if is_error && second.as_deref() == Some(" /orders") {
                report.usually(
                    "that the bytes that had arrived before the error are thrown away with the call that failed.",
                )
            } else {
                report
            }
            .read(PARTIAL_LINE)
        });
    });
}

const INTERRUPTED: &str = "connection interrupted";

/// How often an [`Interrupted`] connection is pending. An answer may read it byte by byte.
const MOST_WAITS: usize = 300;

/// A connection with these results of `read`, which is pending before each of them.
struct Interrupted {
    reads: VecDeque<Result<Vec<u8>, io::ErrorKind>>,
    waited: bool,
    waits: usize,
}

impl Interrupted {
    fn new(reads: impl IntoIterator<Item = Result<Vec<u8>, io::ErrorKind>>) -> Self {
        Self {
            reads: reads.into_iter().collect(),
            waited: false,
            waits: 0,
        }
    }
}

impl AsyncRead for Interrupted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.waited = !self.waited && self.waits < MOST_WAITS;
        if self.waited {
            self.waits += 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(read) = self.reads.pop_front() else {
            return Poll::Ready(Ok(()));
        };
        let mut now = match read {
            Ok(bytes) => bytes,
            Err(kind) => return Poll::Ready(Err(io::Error::new(kind, INTERRUPTED))),
        };
        let later = now.split_off(now.len().min(buffer.remaining()));
        buffer.put_slice(&now);
        if !later.is_empty() {
            self.reads.push_front(Ok(later));
        }
        Poll::Ready(Ok(()))
    }
}

#[test]
fn removes_only_the_newline() {
    grade(async || {
        let mut lines = Vec::new();
        let input = connection(&[b"  GET /orders \r\n\tdone  \n"]);
        read_to_end(&mut LineReader::new(input), &mut lines).await;
        let expected = ["  GET /orders \r", "\tdone  "];
        check(lines == expected, || {
            let report = Failure::new(format!(
                "Whitespace at both ends of a line belongs to the line. The lines should be {expected:?}; they were \
                 {lines:?}."
            ));
            let trimmed = |trim: fn(&str) -> &str| lines.iter().eq(expected.map(trim).iter());
            if trimmed(str::trim)
                || trimmed(str::trim_end)
                || trimmed(str::trim_start)
                || trimmed(|line| line.trim_end_matches('\r'))
            {
                report.usually("that `trim`, or a call like it, removes more than the `\\n`.")
            } else {
                report
            }
            .read(PARTIAL_LINE)
        });
    });
}

/// More bytes than fit into any buffer that is meant to be large enough.
const LONG: usize = 1_500_000;

#[test]
fn reads_lines_of_any_length() {
    grade(async || {
        let (mut client, server) = duplex(LONG / 3);
        let lines = format!("{}\nshort\n", "x".repeat(LONG));
        grading::spawn(async move { client.write_all(lines.as_bytes()).await });
        let mut lines = Vec::new();
        read_to_end(&mut LineReader::new(server), &mut lines).await;
        let lengths: Vec<_> = lines.iter().map(String::len).collect();
        check(lengths == [LONG, 5], || {
            let first: Vec<_> = lengths.iter().take(3).collect();
            let report = Failure::new(format!(
                "A line of {LONG} bytes should be followed by one of 5 bytes. There were {} lines; the first have \
                 {first:?} bytes.",
                lengths.len()
            ));
            if lengths.first().is_some_and(|length| *length < LONG) {
                report.usually(
                    "that the bytes are stored in a buffer of fixed size, or that there is another limit. When a buffer is \
                     full, `read` returns 0, which looks like the end of the input.",
                )
            } else {
                report
            }
            .read(PARTIAL_LINE)
        });
    });
}

/// Any lines, in parts of any size, with an error in between, and calls that are dropped anywhere.
#[test]
fn returns_any_lines_from_any_parts() {
    const KINDS: [io::ErrorKind; 7] = [
        io::ErrorKind::Other,
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::TimedOut,
        io::ErrorKind::UnexpectedEof,
        io::ErrorKind::WouldBlock,
        io::ErrorKind::InvalidData,
        io::ErrorKind::ConnectionReset,
    ];
    grade_cases(async |case| {
        let count = case.size("lines", 0..=300);
        let mut lines: Vec<_> = case
            .texts("texts", count)
            .into_iter()
            .map(String::into_bytes)
            .collect();
        let first = *case.pick("each line begins with", &["", "\u{feff}", "\0", " "]);
        let last = *case.pick("each line ends with", &["", "\r", "\0", "\t", "\u{2028}"]);
        let ended = *case.pick("there is a `\\n` at the end", &[true, false]);
        let not_utf8 = *case.pick(
            "byte that is not UTF-8 in the last line",
            &[None, Some(0xFF), Some(0xC3)],
        );
        let size = case.size("bytes in a part", 1..=100);
        if *case.pick("the last line has no text", &[false, true])
            && let Some(line) = lines.last_mut()
        {
            line.clear();
        }
        for line in &mut lines {
            line.splice(0..0, first.bytes());
            line.extend(last.bytes());
        }
        if let Some(last) = lines.last_mut() {
            last.extend(not_utf8);
        }
        let mut input = lines.join(&b'\n');
        if ended && count > 0 {
            input.push(b'\n');
        }
        let mut reads: Vec<_> = input.chunks(size).map(|part| Ok(part.to_vec())).collect();
        let fails = case.size("parts before an error", 0..=40);
        let kind = *case.pick("kind of error", &KINDS);
        // The results in order: the lines, the error where it comes, and the end.
        let mut expected: Vec<String> = Vec::new();
        let before: usize = input.chunks(size).take(fails).map(<[u8]>::len).sum();
        let has_error = fails <= reads.len();
        if has_error {
            reads.insert(fails, Err(kind));
        }
        let mut at = 0;
        let mut failed = !has_error;
        for line in input.split_inclusive(|byte| *byte == b'\n') {
            at += line.len();
            if !failed && (at > before || line.last() != Some(&b'\n')) {
                failed = true;
                expected.push(format!("{kind:?}: {INTERRUPTED}"));
            }
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            expected.push(format!("{:?}", String::from_utf8_lossy(line)));
        }
        if !failed {
            expected.push(format!("{kind:?}: {INTERRUPTED}"));
        }
        expected.extend(["None".to_owned(), "None".to_owned()]);

        let mut reader = LineReader::new(Interrupted::new(reads));
        let mut seen = Vec::new();
        while seen.len() < expected.len() {
            match case.drop_somewhere(reader.next_line()).await {
                None => {}
                Some(Ok(Some(line))) => seen.push(format!("{line:?}")),
                Some(Ok(None)) => seen.push("None".to_owned()),
                Some(Err(error)) => seen.push(format!("{:?}: {error}", error.kind())),
            }
        }
        check(seen == expected, || {
            let same = std::iter::zip(&seen, &expected)
                .take_while(|(seen, expected)| seen == expected)
                .count();
            Failure::new(format!(
                "The input is {}, and the calls, of which some are dropped, should return {}. After {same} that did, one \
                 should have returned {}; it returned {}.",
                grading::list(input.chunks(size).map(|part| format!("\"{}\"", part.escape_ascii()))),
                grading::list(expected.iter().cloned()),
                expected[same],
                seen[same]
            ))
            .read(PARTIAL_LINE)
        });
    });
}
