//! How a request ends, by the contract and with the usual mistakes.

use std::io;
use std::time::Duration;

use exercises::scraper::Timeouts;
use grading::{in_ms, list, ms, plural};

use super::super::{EACH_AND_ALL, ERRORS, EXACTLY, TIMEOUTS};

/// What a call of a connection does.
#[derive(Debug, Clone)]
pub(super) struct Step<T> {
    pub(super) takes: Duration,
    pub(super) result: Result<T, io::ErrorKind>,
}

impl<T> Step<T> {
    pub(super) fn ready(takes: Duration, value: T) -> Self {
        Self {
            takes,
            result: Ok(value),
        }
    }
}

/// What a server does.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// How long after the call its future is polled.
    pub(super) pause: Duration,
    pub(super) path: String,
    pub(super) connect: Step<()>,
    pub(super) request: Step<u16>,
    /// The last one is the end of the body, or an error.
    pub(super) chunks: Vec<Step<Option<Vec<u8>>>>,
}

/// How a request has ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) calls: Vec<(Duration, String)>,
    pub(super) result: Result<(u16, Vec<u8>), String>,
    pub(super) at: Duration,
}

impl Outcome {
    /// What should have happened and what has, as a sentence.
    pub(super) fn differs_from(&self, expected: &Self) -> String {
        if self.result != expected.result || self.at != expected.at {
            return format!(
                "The result should be {} at {}; it was {} at {}",
                expected.shown(),
                in_ms(expected.at),
                self.shown(),
                in_ms(self.at)
            );
        }
        let calls = |calls: &[(Duration, String)]| {
            list(
                calls
                    .iter()
                    .map(|(at, call)| format!("{call} at {}", in_ms(*at))),
            )
        };
        format!(
            "The calls should be {}; they were {}",
            calls(&expected.calls),
            calls(&self.calls)
        )
    }

    fn shown(&self) -> String {
        match &self.result {
            Ok((status, body)) => format!("{status} with a body of {}", plural(body.len(), "byte")),
            Err(error) => error.clone(),
        }
    }
}

/// What answers do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    IdleForTheBody,
    IdleAfterTheFirstChunk,
    ConnectWithFirstByte,
    FirstByteWithBody,
    TotalFromTheCall,
    TotalAfterConnecting,
    TotalForTheBody,
    TotalNamed,
    LimitNamed,
    NotExactly,
    ZeroIsNone,
    PartOfTheBody,
    StatusIsAnError,
    ErrorEndsTheBody,
    EmptyChunkEnds,
}

impl Mistake {
    pub(super) const ALL: [Self; 15] = [
        Self::IdleForTheBody,
        Self::IdleAfterTheFirstChunk,
        Self::ConnectWithFirstByte,
        Self::FirstByteWithBody,
        Self::TotalFromTheCall,
        Self::TotalAfterConnecting,
        Self::TotalForTheBody,
        Self::TotalNamed,
        Self::LimitNamed,
        Self::NotExactly,
        Self::ZeroIsNone,
        Self::PartOfTheBody,
        Self::StatusIsAnError,
        Self::ErrorEndsTheBody,
        Self::EmptyChunkEnds,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::IdleForTheBody => {
                "that the idle limit is for the whole body. It begins again with each chunk: a large body may take long, as long as \
                 bytes arrive."
            }
            Self::IdleAfterTheFirstChunk => {
                "that the first chunk has no idle limit. A server may send the head of a response, and nothing after it."
            }
            Self::ConnectWithFirstByte => {
                "that the connect limit goes on while the request waits for its first byte. Each of the two has a limit of its own."
            }
            Self::FirstByteWithBody => {
                "that the first-byte limit goes on while the body is read. It ends with the head of the response."
            }
            Self::TotalFromTheCall => {
                "that the total begins with the call of the function. It begins at the first poll of the future, which may be later."
            }
            Self::TotalAfterConnecting => {
                "that the total begins when the connection is open. It begins at the first poll."
            }
            Self::TotalForTheBody => {
                "that the total begins with the body. It begins at the first poll."
            }
            Self::TotalNamed => "that the error says `Total` whatever limit was up.",
            Self::LimitNamed => {
                "that the error names the limit of the call in progress when the total was up."
            }
            Self::NotExactly => {
                "that the timer is looked at before the call. A call that is ready exactly at the limit is in time; tokio's \
                 `timeout` polls it first."
            }
            Self::ZeroIsNone => "that a limit of zero is taken to be no limit.",
            Self::PartOfTheBody => "that a part of the body is returned as if it were all of it.",
            Self::StatusIsAnError => {
                "that an error status is an error, or that its body is not read. It is a response like any other."
            }
            Self::ErrorEndsTheBody => "that an error is taken to be the end of the body.",
            Self::EmptyChunkEnds => {
                "that an empty chunk is taken to be the end of the body. The end is `None`."
            }
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            Self::NotExactly | Self::ZeroIsNone => EXACTLY,
            Self::PartOfTheBody
            | Self::StatusIsAnError
            | Self::ErrorEndsTheBody
            | Self::EmptyChunkEnds => ERRORS,
            Self::IdleForTheBody
            | Self::TotalFromTheCall
            | Self::TotalAfterConnecting
            | Self::TotalForTheBody
            | Self::TotalNamed
            | Self::LimitNamed => EACH_AND_ALL,
            _ => TIMEOUTS,
        }
    }
}

/// A request in progress.
struct Progress {
    now: Duration,
    total: Option<Duration>,
    mistake: Option<Mistake>,
}

impl Progress {
    fn is(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// Goes on to the end of a call that takes `takes` and may last until `until`, `None` for no limit. The error is the name of
    /// the limit that was up.
    fn call(
        &mut self,
        takes: Duration,
        limit: Duration,
        from: Duration,
        name: &str,
    ) -> Result<(), String> {
        let is_none = self.is(Mistake::ZeroIsNone) && limit.is_zero();
        let own = if is_none {
            None
        } else {
            from.checked_add(limit)
        };
        let end = self.now + takes;
        let exceeds = |until: Option<Duration>| match until {
            Some(until) if self.is(Mistake::NotExactly) => end >= until && !takes.is_zero(),
            Some(until) => end > until,
            None => false,
        };
        if !exceeds(own) && !exceeds(self.total) {
            self.now = end;
            return Ok(());
        }
        let is_own = exceeds(own) && (!exceeds(self.total) || own <= self.total);
        let until = if is_own { own } else { self.total };
        self.now = self.now.max(until.unwrap_or_default());
        let is_named_total =
            self.is(Mistake::TotalNamed) || !is_own && !self.is(Mistake::LimitNamed);
        Err(format!(
            "TimedOut({})",
            if is_named_total { "Total" } else { name }
        ))
    }
}

impl Plan {
    /// The longest time that a run may take.
    pub(super) fn longest(&self) -> Duration {
        let chunks: Duration = self.chunks.iter().map(|chunk| chunk.takes).sum();
        10 * (self.connect.takes + self.request.takes + chunks) + ms(60_000)
    }

    /// How many calls are ready until the exchange is over, unless a limit ends it.
    pub(super) fn calls_that_are_ready(&self, timeouts: Timeouts) -> Option<usize> {
        let Outcome { calls, result, .. } = self.outcome(timeouts, None);
        (!matches!(result, Err(error) if error.starts_with("TimedOut("))).then_some(calls.len())
    }

    /// How a request with these limits ends.
    pub(super) fn outcome(&self, timeouts: Timeouts, mistake: Option<Mistake>) -> Outcome {
        let zero_is_none = mistake == Some(Mistake::ZeroIsNone) && timeouts.total.is_zero();
        let is_late = matches!(
            mistake,
            Some(Mistake::TotalAfterConnecting | Mistake::TotalForTheBody)
        );
        let total = match mistake {
            Some(Mistake::TotalFromTheCall) => timeouts.total.saturating_sub(self.pause),
            _ => timeouts.total,
        };
        let mut progress = Progress {
            now: Duration::ZERO,
            total: (!zero_is_none && !is_late).then_some(total),
            mistake,
        };
        let mut calls = Vec::new();
        let result = self.exchange(timeouts, &mut progress, &mut calls);
        Outcome {
            calls,
            result,
            at: progress.now,
        }
    }

    fn exchange(
        &self,
        timeouts: Timeouts,
        progress: &mut Progress,
        calls: &mut Vec<(Duration, String)>,
    ) -> Result<(u16, Vec<u8>), String> {
        let io = |kind: io::ErrorKind| format!("Io({kind:?})");
        calls.push((progress.now, "connect".to_owned()));
        let (takes, from) = (self.connect.takes, progress.now);
        progress.call(takes, timeouts.connect, from, "Connect")?;
        self.connect.result.map_err(io)?;
        if progress.is(Mistake::TotalAfterConnecting) {
            progress.total = progress.now.checked_add(timeouts.total);
        }
        calls.push((progress.now, format!("request {}", self.path)));
        let request = progress.now;
        if progress.is(Mistake::ConnectWithFirstByte) {
            progress.call(
                self.request.takes,
                timeouts.connect,
                Duration::ZERO,
                "Connect",
            )?;
        } else {
            progress.call(
                self.request.takes,
                timeouts.first_byte,
                request,
                "FirstByte",
            )?;
        }
        let status = self.request.result.map_err(io)?;
        if progress.is(Mistake::StatusIsAnError) && status >= 400 {
            return Err(io(io::ErrorKind::Other));
        }
        if progress.is(Mistake::TotalForTheBody) {
            progress.total = progress.now.checked_add(timeouts.total);
        }
        let begin = progress.now;
        let mut body = Vec::new();
        for (number, chunk) in self.chunks.iter().enumerate() {
            calls.push((progress.now, "chunk".to_owned()));
            let (limit, from, name) = match progress.mistake {
                Some(Mistake::IdleForTheBody) => (timeouts.idle, begin, "Idle"),
                Some(Mistake::IdleAfterTheFirstChunk) if number == 0 => {
                    (Duration::MAX, begin, "Idle")
                }
                Some(Mistake::FirstByteWithBody) => (timeouts.first_byte, request, "FirstByte"),
                _ => (timeouts.idle, progress.now, "Idle"),
            };
            match progress.call(chunk.takes, limit, from, name) {
                Err(_) if progress.is(Mistake::PartOfTheBody) => break,
                called => called?,
            }
            match &chunk.result {
                Ok(Some(bytes)) if bytes.is_empty() && progress.is(Mistake::EmptyChunkEnds) => {
                    break;
                }
                Ok(Some(bytes)) => body.extend_from_slice(bytes),
                Ok(None) => break,
                Err(_) if progress.is(Mistake::ErrorEndsTheBody) => break,
                Err(kind) => return Err(io(*kind)),
            }
        }
        Ok((status, body))
    }

    /// What the server does, as the beginning of a sentence.
    pub(super) fn told(&self) -> String {
        let chunks = self.chunks.iter().map(|chunk| in_ms(chunk.takes));
        let pause = match self.pause {
            Duration::ZERO => String::new(),
            pause => format!("The future is polled {} after the call. ", in_ms(pause)),
        };
        format!(
            "{pause}A server takes {} to connect, {} for the first byte and {} for its chunks and the end",
            in_ms(self.connect.takes),
            in_ms(self.request.takes),
            list(chunks)
        )
    }
}

/// The limits, as a report shows them.
pub(super) fn told(timeouts: Timeouts) -> String {
    let shown = |limit: Duration| match limit {
        Duration::MAX => "`Duration::MAX`".to_owned(),
        limit => in_ms(limit),
    };
    format!(
        "connect {}, first byte {}, idle {}, total {}",
        shown(timeouts.connect),
        shown(timeouts.first_byte),
        shown(timeouts.idle),
        shown(timeouts.total)
    )
}

/// Plans that tell the mistakes apart.
pub(super) fn probes() -> Vec<(Plan, Timeouts)> {
    let plan = |connect: u64, request: u64, chunks: &[u64]| {
        let last = chunks.len() - 1;
        let chunks = chunks.iter().enumerate();
        let chunks = chunks.map(|(number, takes)| {
            let bytes = (number != last).then(|| vec![1, 2, 3]);
            Step::ready(ms(*takes), bytes)
        });
        Plan {
            pause: Duration::ZERO,
            path: "/probe".to_owned(),
            connect: Step::ready(ms(connect), ()),
            request: Step::ready(ms(request), 200),
            chunks: chunks.collect(),
        }
    };
    let limits = |connect: u64, first_byte: u64, idle: u64, total: u64| Timeouts {
        connect: ms(connect),
        first_byte: ms(first_byte),
        idle: ms(idle),
        total: ms(total),
    };
    let not_found = Plan {
        request: Step::ready(ms(5), 404),
        ..plan(5, 5, &[5, 5])
    };
    let mut reset = plan(5, 5, &[5, 5, 5]);
    reset.chunks[1].result = Err(io::ErrorKind::ConnectionReset);
    let mut empty = plan(5, 5, &[5, 5, 5]);
    empty.chunks[0].result = Ok(Some(Vec::new()));
    let late = Plan {
        pause: ms(30),
        ..plan(5, 5, &[5, 5])
    };
    let all = limits(1_000, 1_000, 1_000, 10_000);
    vec![
        (late, limits(50, 50, 50, 40)),
        (plan(10, 10, &[30, 30, 30]), limits(50, 50, 50, 10_000)),
        (plan(10, 10, &[300, 30]), limits(50, 50, 50, 10_000)),
        (plan(10, 10, &[30, 300]), limits(50, 50, 50, 10_000)),
        (plan(40, 40, &[5, 5]), limits(50, 500, 50, 10_000)),
        (plan(40, 40, &[5, 5]), limits(500, 41, 50, 10_000)),
        (plan(90, 5, &[5, 5]), limits(50, 50, 50, 10_000)),
        (plan(5, 90, &[5, 5]), limits(50, 60, 50, 10_000)),
        (plan(60, 60, &[60, 60]), limits(100, 100, 100, 200)),
        (plan(50, 50, &[50, 50]), limits(50, 50, 50, 10_000)),
        (plan(0, 5, &[5]), limits(0, 0, 0, 1_000)),
        (not_found, all),
        (reset, all),
        (empty, all),
    ]
}
