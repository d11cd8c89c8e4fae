//! `write_records`: written in blocks, flushed when no more are waiting, acknowledged after the flush.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::*;
use exercises::cleanup::{MAX_UNFLUSHED, Record, write_records};
use tokio::io::AsyncWrite;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::time::Sleep;

/// A write of fewer bytes is a small one.
const BLOCK: usize = 4096;

/// What an output does.
#[derive(Debug, Clone, Copy)]
struct Plan {
    /// How long each call takes.
    takes: Duration,
    /// How many bytes a write accepts.
    accepts: usize,
    /// The call that fails, counted from 0: writes, flushes and shutdowns.
    fails_at: Option<(usize, io::ErrorKind)>,
}

impl Plan {
    fn of(takes: Duration) -> Self {
        Self {
            takes,
            accepts: usize::MAX,
            fails_at: None,
        }
    }
}

/// What has happened to an output.
#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    /// How many of the bytes are flushed.
    flushed: usize,
    /// How many records were in each flush, if there were any.
    flushes: Vec<usize>,
    /// The sizes of the writes since the last flush.
    writes: Vec<usize>,
    /// Writes of less than a block that were not the last of a flush.
    small: Vec<usize>,
    flush_calls: usize,
    calls: usize,
    failed: bool,
    calls_after_error: usize,
    shut_down: bool,
    /// How many records were flushed and not acknowledged when the next write began.
    late: usize,
    write_calls: usize,
    bytes_at_shutdown: Option<usize>,
}

/// The callers of the records: what each of them has been told.
struct Callers {
    waiting: Vec<oneshot::Receiver<()>>,
    acknowledged: usize,
}

/// Clones share what was seen.
#[derive(Clone)]
struct Shared {
    seen: Arc<Mutex<Seen>>,
    callers: Arc<Mutex<Callers>>,
    /// After how many bytes each record ends.
    ends: Arc<[usize]>,
    /// What should be written.
    text: Arc<str>,
}

impl Shared {
    fn new(lines: &[String], waiting: Vec<oneshot::Receiver<()>>) -> Self {
        let mut end = 0;
        let ends = lines.iter().map(|line| {
            end += line.len() + 1;
            end
        });
        Self {
            ends: ends.collect(),
            text: text(lines).into(),
            seen: Arc::default(),
            callers: Arc::new(Mutex::new(Callers {
                waiting,
                acknowledged: 0,
            })),
        }
    }

    /// How many callers in a row, from the first, have been told.
    fn acknowledged(&self) -> usize {
        let callers = &mut *lock(&self.callers);
        let waiting = callers.waiting[callers.acknowledged..].iter_mut();
        let told = waiting.map_while(|caller| caller.try_recv().ok());
        callers.acknowledged += told.count();
        callers.acknowledged
    }

    /// Whether nothing but the beginning of the records has been written.
    fn is_beginning(&self) -> bool {
        self.text.as_bytes().starts_with(&lock(&self.seen).bytes)
    }

    /// How many records end within this many bytes.
    fn records_in(&self, bytes: usize) -> usize {
        self.ends.partition_point(|end| *end <= bytes)
    }

    fn flushed_records(&self) -> usize {
        self.records_in(lock(&self.seen).flushed)
    }

    /// No caller should have been told about a record that is not flushed.
    fn check_acknowledged(&self) {
        let (acknowledged, flushed) = (self.acknowledged(), self.flushed_records());
        check(acknowledged <= flushed, || {
            Failure::new(format!(
                "{} flushed, and {acknowledged} acknowledged: `flushed` should be told after the flush.",
                match flushed {
                    1 => "1 record is".to_owned(),
                    flushed => format!("{flushed} records are"),
                }
            ))
            .usually(if !self.is_beginning() {
                "that a record is not written as it is, with a `\\n` after each."
            } else if lock(&self.seen).failed {
                "that a record is acknowledged although its flush has failed."
            } else if lock(&self.seen).flush_calls == 0 {
                "that a record is acknowledged when it has been written. It is in the buffer then."
            } else {
                "that a record is acknowledged before the flush, that the result of `write` is ignored, which may have accepted \
                 less than the whole record, or that a part of it is not written."
            })
            .read(FLUSH)
        });
    }
}

struct Output {
    plan: Plan,
    shared: Shared,
    waits: Option<Pin<Box<Sleep>>>,
}

impl Output {
    fn new(plan: Plan, shared: &Shared) -> Self {
        Self {
            plan,
            shared: shared.clone(),
            waits: None,
        }
    }

    /// Is ready when the call may end, with its result.
    fn poll_call(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.check_acknowledged();
        if !self.plan.takes.is_zero() {
            let takes = self.plan.takes;
            let waits = self.waits.get_or_insert_with(|| Box::pin(sleep(takes)));
            ready!(waits.as_mut().poll(cx));
            self.waits = None;
        }
        let seen = &mut *lock(&self.shared.seen);
        if seen.failed {
            seen.calls_after_error += 1;
        }
        let call = seen.calls;
        seen.calls += 1;
        match self.plan.fails_at {
            Some((at, kind)) if at == call => {
                seen.failed = true;
                Poll::Ready(Err(kind.into()))
            }
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncWrite for Output {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.waits.is_none() {
            let flushed = self.shared.flushed_records();
            let late = flushed.saturating_sub(self.shared.acknowledged());
            lock(&self.shared.seen).late += late;
        }
        ready!(self.poll_call(cx))?;
        let accepted = bytes.len().min(self.plan.accepts);
        let seen = &mut *lock(&self.shared.seen);
        if let Some(last) = seen.writes.last().copied()
            && last < BLOCK
        {
            seen.small.push(last);
        }
        seen.writes.push(bytes.len());
        seen.write_calls += 1;
        seen.bytes.extend_from_slice(&bytes[..accepted]);
        Poll::Ready(Ok(accepted))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_call(cx))?;
        let seen = &mut *lock(&self.shared.seen);
        let records_in = |bytes| self.shared.records_in(bytes);
        let flushed = records_in(seen.bytes.len()) - records_in(seen.flushed);
        if flushed > 0 {
            seen.flushes.push(flushed);
        }
        seen.flushed = seen.bytes.len();
        seen.flush_calls += 1;
        seen.writes.clear();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_call(cx))?;
        let seen = &mut *lock(&self.shared.seen);
        seen.shut_down = true;
        seen.bytes_at_shutdown = Some(seen.bytes.len());
        Poll::Ready(Ok(()))
    }
}

/// Records of these lines, and their callers.
fn records(lines: &[String]) -> (Vec<Record>, Vec<oneshot::Receiver<()>>) {
    let records = lines.iter().map(|line| {
        let (flushed, receiver) = oneshot::channel();
        let line = line.clone();
        (Record { line, flushed }, receiver)
    });
    records.unzip()
}

fn text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// `count` lines, among them long ones and equal ones.
fn drawn_lines(case: &Case, count: usize) -> Vec<String> {
    let lengths = case.numbers("lengths", count, 4095);
    lengths
        .iter()
        .map(|length| "x".repeat(*length as usize))
        .collect()
}

/// Numbered lines, which are short.
fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("record {n}")).collect()
}

/// A channel in which all these records are waiting, and which is closed.
fn all_waiting(records: Vec<Record>) -> mpsc::Receiver<Record> {
    let (tx, rx) = mpsc::channel(records.len().max(1));
    for record in records {
        let _ = tx.try_send(record);
    }
    rx
}

#[test]
fn writes_every_record_in_order() {
    grade_cases(async |case| {
        let count = case.size_near("records", MAX_UNFLUSHED, 0..=300);
        let end = *case.pick("at the end of each", &["", "", " ", "\t", "\r"]);
        let lines: Vec<_> = case
            .texts("lines", count)
            .iter()
            .map(|line| line.replace('\n', " ") + end)
            .collect();
        let takes = *case.pick("each call of the output takes", &[ms(0), ms(1)]);
        let accepts = *case.pick("a write accepts", &[usize::MAX, 1, 7, 5000]);
        let together = *case.pick("all are waiting", &[true, false]);
        let (records, receivers) = records(&lines);
        let shared = Shared::new(&lines, receivers);
        let plan = Plan {
            accepts,
            ..Plan::of(takes)
        };
        let rx = if together {
            all_waiting(records)
        } else {
            let (tx, rx) = mpsc::channel(8);
            let case = case.clone();
            grading::spawn(async move {
                for record in records {
                    case.turns().await;
                    let _ = tx.send(record).await;
                }
            });
            rx
        };
        let written = write_records(rx, Output::new(plan, &shared)).await;
        let written = written.map_err(|error| error.kind());
        let expected = text(&lines);
        {
            let seen = lock(&shared.seen);
            check(seen.bytes == expected.as_bytes(), || {
                let same = seen.bytes.iter().zip(expected.as_bytes());
                let same = same.take_while(|(a, b)| a == b).count();
                Failure::new(format!(
                    "{} should be written, {} bytes in all; the first {same} are right, and {} were written.",
                    plural(count, "record"),
                    expected.len(),
                    seen.bytes.len()
                ))
                .usually(if same == seen.bytes.len() && shared.ends.contains(&same) {
                    "that records are left in the channel, when the senders are gone, or that the last ones are left in a buffer."
                } else if same == seen.bytes.len() {
                    "that a buffer is dropped, or that the result of `write` is ignored, which may be less than everything."
                } else {
                    "that the result of `write` is ignored, which may be less than everything, or that a record is not written as \
                     it is, with a `\\n` after each."
                })
                .read(FLUSH)
            });
        }
        check(written == Ok(count), || {
            Failure::new(format!(
                "{} are written, and the result should be Ok({count}); it was {written:?}.",
                plural(count, "record")
            ))
        });
        let acknowledged = shared.acknowledged();
        check(acknowledged == count, || {
            Failure::new(format!(
                "All of {} should be acknowledged; {acknowledged} were.",
                plural(count, "record")
            ))
            .usually("that the senders are dropped, or that those of the last flush are forgotten.")
            .read(FLUSH)
        });
    });
}

#[test]
fn shuts_down_at_the_end() {
    grade_cases(async |case| {
        let count = case.size_near("records", MAX_UNFLUSHED, 0..=300);
        let lines = numbered(count);
        let (records, receivers) = records(&lines);
        let shared = Shared::new(&lines, receivers);
        let _ = write_records(all_waiting(records), Output::new(Plan::of(ms(1)), &shared)).await;
        let seen = lock(&shared.seen);
        let expected = text(&lines).len();
        check(seen.bytes_at_shutdown == Some(expected), || {
            Failure::new(format!(
                "After {}, {expected} bytes, the output should be shut down; {}.",
                plural(count, "record"),
                match seen.bytes_at_shutdown {
                    Some(bytes) => format!("it was shut down after {bytes} bytes"),
                    None => "it was not".to_owned(),
                }
            ))
            .usually(match count {
                0 => "that `flush` is the last call, or that an output to which nothing was written is not shut down. The peer waits.",
                _ => "that `flush` is the last call. It leaves the output open, and the peer waits for more.",
            })
            .read(FLUSH)
        });
    });
}

#[test]
fn flushes_when_no_more_records_are_waiting() {
    grade_cases(async |case| {
        let count = case.size("records", 1..=40);
        let pauses = case.whole_ms_each("pauses", count, 50);
        let lines = numbered(count);
        let (records, receivers) = records(&lines);
        let (shared, log) = (Shared::new(&lines, Vec::new()), Log::start());
        for (n, receiver) in receivers.into_iter().enumerate() {
            let log = log.clone();
            grading::spawn(async move {
                if receiver.await.is_ok() {
                    log.add(n);
                }
            });
        }
        let mut now = Duration::ZERO;
        let arrivals = pauses.iter().map(|pause| {
            now += *pause;
            now
        });
        let arrivals: Vec<_> = arrivals.collect();
        let (tx, rx) = mpsc::channel(MAX_UNFLUSHED);
        let sender = tx.clone();
        grading::spawn(async move {
            for (record, pause) in records.into_iter().zip(pauses) {
                take(pause).await;
                let _ = sender.send(record).await;
            }
        });
        let answer = write_records(rx, Output::new(Plan::of(ms(0)), &shared));
        let _ = timeout(now + ms(100), answer).await;
        let seen: Vec<_> = (0..count).map(|n| log.times_of(&n)).collect();
        let late = (0..count).find(|n| seen[*n] != [arrivals[*n]]);
        check(late.is_none(), || {
            let n = late.unwrap_or_default();
            Failure::new(format!(
                "The channel is open. Record {n} arrives at {}, no more are waiting, and it should be flushed and acknowledged \
                 at that instant; {}.",
                in_ms(arrivals[n]),
                match seen[n].first() {
                    Some(at) => format!("it was acknowledged at {}", in_ms(*at)),
                    None => "it was not".to_owned(),
                }
            ))
            .usually(if shared.flushed_records() > n && seen[n].is_empty() {
                "that records are acknowledged only at the end: it was flushed."
            } else if seen[n].first().is_some_and(|at| !arrivals.contains(at)) {
                "that it waits for some time whether more records come. It flushes as soon as none is waiting."
            } else {
                "that it waits for the next record before it flushes: a record may be in the buffer for as long as no other \
                 one comes."
            })
            .read(FLUSH)
        });
        drop(tx);
    });
}

#[test]
fn flushes_once_for_all_that_are_waiting() {
    grade_cases(async |case| {
        let before = case.size_near("records before", MAX_UNFLUSHED, 0..=150);
        let count = case.size_near("records", MAX_UNFLUSHED, 0..=350);
        let lines = numbered(before + count);
        let (records, receivers) = records(&lines);
        let shared = Shared::new(&lines, receivers);
        let (tx, rx) = mpsc::channel(500);
        let mut records = records.into_iter();
        records
            .by_ref()
            .take(before)
            .for_each(|record| drop(tx.try_send(record)));
        let mut answer = std::pin::pin!(write_records(rx, Output::new(Plan::of(ms(0)), &shared)));
        let _ = timeout(ms(1), &mut answer).await;
        records.for_each(|record| drop(tx.try_send(record)));
        drop(tx);
        let _ = answer.await;
        let expected = [batches(before), batches(count)].concat();
        let seen = lock(&shared.seen).flushes.clone();
        // What is shut down without a flush before is seen by another test.
        let rest = (before + count).saturating_sub(seen.iter().sum());
        let is_only_at_end = before > 0 && seen.first().is_some_and(|first| *first > before);
        let first_short = seen
            .iter()
            .zip(&expected)
            .position(|(seen, expected)| seen < expected);
        let until_short = first_short.map_or(0, |at| seen[..=at].iter().sum::<usize>());
        let mut in_total = vec![before];
        in_total.extend((1..=(before + count) / MAX_UNFLUSHED).map(|n| n * MAX_UNFLUSHED));
        in_total.push(before + count);
        in_total.sort_unstable();
        in_total.dedup();
        let in_total: Vec<_> = std::iter::once(&0)
            .chain(&in_total)
            .zip(&in_total)
            .map(|(a, b)| b - a)
            .collect();
        let of_many = match seen.iter().any(|flush| *flush > MAX_UNFLUSHED) {
            true => flushes_of(250).await,
            false => Vec::new(),
        };
        check(seen == expected, || {
            let report = Failure::new(format!(
                "When {} waiting, and {count} more from the time at which these should have been flushed, the numbers of records in each flush \
                 should be {}; they were {}.",
                match before {
                    1 => "1 record is".to_owned(),
                    before => format!("{before} records are"),
                },
                list(expected.iter().map(usize::to_string)),
                list(seen.iter().map(usize::to_string))
            ));
            if is_only_at_end {
                report.usually("that it waits for more records before it flushes, until it has a full batch, or at the end.")
            } else if of_many == [250] {
                report.usually("that there is no limit for a batch: it flushes when no record is waiting, or at the end. On a busy day that is never.")
            } else if of_many.first() == Some(&(MAX_UNFLUSHED + 1)) {
                report.usually("that the limit is compared after one record more.")
            } else if rest > 0 {
                report.usually(
                    "that the last records are flushed by `shutdown` at the best, and acknowledged before that or not at all.",
                )
            } else if seen.iter().all(|flush| *flush == 1) {
                report.usually("that it flushes each record.")
            } else if seen.iter().filter(|flush| **flush > 0).eq(in_total.iter().filter(|flush| **flush > 0)) {
                report.usually("that the limit counts the records from the beginning, and not from the last flush.")
            } else if (MAX_UNFLUSHED + 1..=130).contains(&until_short) {
                report.usually(
                    "that no record is taken to be waiting when `recv` is pending. tokio lets a task receive about 128 messages in \
                     one poll; then `recv` is pending, and so are `now_or_never` and `ready_chunks`, until the task has yielded. \
                     `recv_many` and `try_recv` have no such limit.",
                )
            } else {
                report
            }
            .read(FLUSH)
        });
    });
}

/// How many records are in each flush when so many are waiting.
async fn flushes_of(count: usize) -> Vec<usize> {
    let lines = numbered(count);
    let (records, receivers) = records(&lines);
    let shared = Shared::new(&lines, receivers);
    let _ = write_records(all_waiting(records), Output::new(Plan::of(ms(0)), &shared)).await;
    lock(&shared.seen).flushes.clone()
}

/// The flushes that are expected of `count` records that are waiting.
fn batches(count: usize) -> Vec<usize> {
    let rest = Some(count % MAX_UNFLUSHED).filter(|rest| *rest > 0);
    vec![MAX_UNFLUSHED; count / MAX_UNFLUSHED]
        .into_iter()
        .chain(rest)
        .collect()
}

#[test]
fn writes_in_blocks() {
    grade_cases(async |case| {
        let count = case.size_near("records", MAX_UNFLUSHED, 0..=250);
        let lines = drawn_lines(&case, count);
        let (records, receivers) = records(&lines);
        let shared = Shared::new(&lines, receivers);
        let _ = write_records(all_waiting(records), Output::new(Plan::of(ms(0)), &shared)).await;
        let (small, writes) = {
            let seen = lock(&shared.seen);
            (seen.small.clone(), seen.write_calls)
        };
        check(small.is_empty(), || {
            Failure::new(format!(
                "Each write before the last one of a flush should have {BLOCK} bytes or more; there were writes of {} bytes.",
                list(small.iter().map(usize::to_string))
            ))
            .usually(if writes >= count {
                "that each record is written to the output directly. Put a `BufWriter` around it."
            } else {
                "that the buffer is too small: it is written when the next record has no place in it, even if it is not full."
            })
            .read("cleanup.html#a-report-that-arrives-empty")
        });
    });
}

#[test]
fn acknowledges_after_the_flush() {
    grade_cases(async |case| {
        let count = case.size_near("records", MAX_UNFLUSHED, 1..=250);
        let takes = ms(1) + case.whole_ms("each call of the output takes 1 ms +", 20);
        let lines = drawn_lines(&case, count);
        let (records, receivers) = records(&lines);
        let shared = Shared::new(&lines, receivers);
        let answer = write_records(all_waiting(records), Output::new(Plan::of(takes), &shared));
        let mut answer = std::pin::pin!(answer);
        // Looked at after each poll, and by the output at each call.
        std::future::poll_fn(|cx| {
            let polled = answer.as_mut().poll(cx);
            shared.check_acknowledged();
            polled.map(|_| ())
        })
        .await;
        let late = lock(&shared.seen).late;
        check(late == 0, || {
            Failure::new(format!(
                "`flushed` of every record should be told when its flush is complete; {} told after the next write had begun.",
                grading::were(late)
            ))
            .read(FLUSH)
        });
    });
}

#[test]
fn a_caller_that_has_left_changes_nothing() {
    grade_cases(async |case| {
        let count = case.size("records", 1..=20);
        let lines = numbered(count);
        let (records, receivers) = records(&lines);
        let left: Vec<_> = (0..count)
            .map(|_| *case.pick("has left", &[true, false]))
            .collect();
        let mut waiting = Vec::new();
        for (receiver, left) in receivers.into_iter().zip(&left) {
            if !left {
                waiting.push(receiver);
            }
        }
        let shared = Shared::new(&lines, Vec::new());
        let result =
            write_records(all_waiting(records), Output::new(Plan::of(ms(0)), &shared)).await;
        let written = shared.records_in(lock(&shared.seen).bytes.len());
        let told = waiting
            .iter_mut()
            .filter_map(|caller| caller.try_recv().ok());
        let (told, stays) = (told.count(), waiting.len());
        let is_right = written == count && told == stays && matches!(result, Ok(n) if n == count);
        check(is_right, || {
            Failure::new(format!(
                "Of {}, {stays} still wait. All records should be written and {stays} acknowledged; {written} were written, and \
                 {told} acknowledged, and the result was {result:?}.",
                plural(count, "caller")
            ))
            .usually(if written == count && told == stays {
                "that only those records are counted whose caller still waits."
            } else if result.as_ref().is_ok_and(|written| *written == count) && written == count {
                "that the error of `send` ends the loop that acknowledges. It says only that the caller does not wait any more."
            } else {
                "that the error of `send` ends the loop, or that the record is skipped. It says only that the caller does not \
                 wait any more."
            })
            .read(FLUSH)
        });
    });
}

#[test]
fn returns_the_first_error() {
    grade_cases(async |case| {
        let count = case.size_near("records", MAX_UNFLUSHED, 1..=250);
        let kinds = [
            io::ErrorKind::BrokenPipe,
            io::ErrorKind::ConnectionReset,
            io::ErrorKind::StorageFull,
            io::ErrorKind::TimedOut,
            io::ErrorKind::WouldBlock,
            io::ErrorKind::UnexpectedEof,
        ];
        let kind = *case.pick("error", &kinds);
        let at = case.size("at call", 0..=6);
        let lines = drawn_lines(&case, count);
        let (records, receivers) = records(&lines);
        let shared = Shared::new(&lines, receivers);
        let plan = Plan {
            fails_at: Some((at, kind)),
            ..Plan::of(ms(0))
        };
        let result = write_records(all_waiting(records), Output::new(plan, &shared)).await;
        let result = result.map_err(|error| error.kind());
        let (failed, after) = {
            let seen = lock(&shared.seen);
            (seen.failed, seen.calls_after_error)
        };
        if !failed {
            return; // there were fewer calls
        }
        check(result == Err(kind) && after == 0, || {
            Failure::new(format!(
                "When the output fails with {kind:?}, that should be the result, and the output should not be used again; the \
                 result was {result:?}, and {} followed.",
                plural(after, "call")
            ))
            .usually_if(match result {
                Err(seen) if seen == kind => Some("that the output is used again after an error: shut down, say."),
                Ok(_) if after == 0 => Some("that an error of a write, a flush or the shutdown is ignored."),
                Ok(_) => Some("that an error of this kind is ignored, or that the call is repeated. Each error is returned at once."),
                _ => None,
            })
            .read(FLUSH)
        });
        check_callers(&shared, "When the output fails");
    });
}

/// Callers of records that are flushed should have been told, and the others should see that they are lost.
fn check_callers(shared: &Shared, when: &str) {
    let flushed = shared.flushed_records();
    shared.check_acknowledged();
    let callers = &mut *lock(&shared.callers);
    let from = callers.acknowledged;
    let unsettled =
        callers.waiting[from..]
            .iter_mut()
            .filter_map(|caller| match caller.try_recv() {
                Err(TryRecvError::Closed) => None,
                other => Some(other),
            });
    let unsettled = unsettled.count();
    check(from == flushed && unsettled == 0, || {
        Failure::new(format!(
            "{when}, {flushed} of {} were flushed and should be acknowledged, and the callers of the others should see an error; \
             {from} were acknowledged, and {unsettled} of the others saw no error.",
            plural(callers.waiting.len(), "record")
        ))
        .usually(
            "that records are acknowledged only at the end, or that a sender is kept although its record is lost.",
        )
        .read(FLUSH)
    });
}

#[test]
fn acknowledges_nothing_that_is_lost_when_dropped() {
    drop_at_every_await(
        async || {
            let lines = numbered(120);
            let (records, receivers) = records(&lines);
            let shared = Shared::new(&lines, receivers);
            let rx = all_waiting(records);
            let output = Output::new(Plan::of(ms(5)), &shared);
            (async move { write_records(rx, output).await }, shared)
        },
        async |shared| {
            sleep(ms(50)).await;
            let (bytes, is_shut_down) = {
                let seen = lock(&shared.seen);
                (seen.bytes.clone(), seen.shut_down)
            };
            let expected = text(&numbered(120));
            check(expected.as_bytes().starts_with(&bytes), || {
                Failure::new(
                    "When the future is dropped, what is written should be the beginning of the records; it is not.",
                )
            });
            let complete = lock(&shared.seen).flushed == expected.len();
            check(!is_shut_down || complete, || {
                Failure::new(
                    "When the future is dropped, the output should not be shut down; it was.",
                )
                .usually("that a task writes, which runs on when the future is dropped.")
                .read("gather-pitfalls.html#spawned-tasks-run-on")
            });
            check_callers(&shared, "When the future is dropped");
        },
    );
}
