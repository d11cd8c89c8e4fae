//! What batches with the usual mistakes look like, so that a report names a mistake only if it explains everything that was
//! seen.

use super::*;

/// Lines that arrive at these instants, the instant of the end, and how they are read.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) lines: Vec<(Duration, String)>,
    pub(super) end: Duration,
    pub(super) max_bytes: usize,
    pub(super) max_wait: Duration,
    /// What the consumer pauses for after each batch.
    pub(super) pauses: Vec<Duration>,
}

pub(super) type Batches = Vec<(Duration, Vec<String>)>;

/// A usual mistake.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mistake {
    None,
    ExactlyFullWaits,
    FirstLineIsNeverFull,
    CountsCharacters,
    CountsLines,
    CountsLineEnds,
    AddsBeforeItMeasures,
    EmptyLinesAreNothing,
    ClockFirst,
    TakesNothingLate,
    TakesOneLate,
    EachLineBeginsTheWait,
    HeldLineBeginsWithNext,
    NoWaitIsNoLimit,
    LeavesOutEmptyLines,
    LeavesOutLargeLines,
    LosesTheLineThatDoesNotFit,
    LosesTheLastBatch,
}

const FULL: &str =
    "that the batch is full, and waits for a line that does not fit. Exactly `max_bytes` is full.";
const WAIT: &str = "that the time of a batch begins again: with each line, or with the call of `next`. It begins when its first \
                    line is taken.";

const MISTAKES: [(&str, Mistake); 17] = [
    (FULL, Mistake::ExactlyFullWaits),
    (
        "that the batch is full, and waits for a line that does not fit. Its first line alone can fill it, also one that did \
         not fit into the batch before.",
        Mistake::FirstLineIsNeverFull,
    ),
    (
        "that characters are counted instead of bytes.",
        Mistake::CountsCharacters,
    ),
    (
        "that lines are counted. Bytes have to be counted, and not characters or lines.",
        Mistake::CountsLines,
    ),
    (
        "that line ends are counted. The size of a line is its `len()`.",
        Mistake::CountsLineEnds,
    ),
    (
        "that a line is added before its size is looked at.",
        Mistake::AddsBeforeItMeasures,
    ),
    (
        "that empty lines are taken for no lines: a line that is too large alone is added to them.",
        Mistake::EmptyLinesAreNothing,
    ),
    (
        "that the clock is looked at before `lines`: a line that is ready at the end of the wait belongs to the batch.",
        Mistake::ClockFirst,
    ),
    (
        "that a batch whose wait is over is returned without the lines that are ready.",
        Mistake::TakesNothingLate,
    ),
    (
        "that a batch whose wait is over takes only one of the lines that are ready.",
        Mistake::TakesOneLate,
    ),
    (WAIT, Mistake::EachLineBeginsTheWait),
    (WAIT, Mistake::HeldLineBeginsWithNext),
    (
        "that a `max_wait` of zero is taken for no limit.",
        Mistake::NoWaitIsNoLimit,
    ),
    (
        "that empty lines are left out.",
        Mistake::LeavesOutEmptyLines,
    ),
    (
        "that lines are lost: those that are larger than `max_bytes`.",
        Mistake::LeavesOutLargeLines,
    ),
    (
        "that lines are lost: each one that did not fit into a batch.",
        Mistake::LosesTheLineThatDoesNotFit,
    ),
    (
        "that lines are lost: those of the last batch.",
        Mistake::LosesTheLastBatch,
    ),
];

impl Lines {
    /// The answer with these lines, and what it does to them.
    pub(super) fn answer(&self) -> (BoxStream<'static, Vec<String>>, Seen) {
        let (input, seen) = Input::arriving(self.lines.clone(), self.end);
        (batch_lines(input, self.max_bytes, self.max_wait), seen)
    }

    /// What the answer returns, and when. After a long time the rest is left.
    pub(super) async fn seen(&self) -> Batches {
        let (mut stream, _seen) = self.answer();
        drain(&mut stream, self.lines.len(), &self.pauses).await
    }

    /// What should be returned, and when.
    pub(super) fn expected(&self) -> Batches {
        self.with(Mistake::None)
    }

    fn with(&self, mistake: Mistake) -> Batches {
        let lines = self.lines.iter().filter(|(_, line)| match mistake {
            Mistake::LeavesOutEmptyLines => !line.is_empty(),
            Mistake::LeavesOutLargeLines => line.len() <= self.max_bytes,
            _ => true,
        });
        let mut lines = lines.peekable();
        let mut batches = Batches::new();
        // The instant at which the consumer polls, and a line that did not fit, with the instant at which it was taken.
        let (mut now, mut held) = (Duration::ZERO, None);
        loop {
            let was_held = held.is_some();
            let first = held
                .take()
                .or_else(|| lines.next().map(|(at, line)| (now.max(*at), line)));
            let Some((mut taken, first)) = first else {
                return batches;
            };
            now = now.max(taken);
            if was_held && mistake == Mistake::HeldLineBeginsWithNext {
                taken = now;
            }
            let mut deadline = taken + self.max_wait;
            if mistake == Mistake::NoWaitIsNoLimit && self.max_wait.is_zero() {
                deadline = LONG * 1_000;
            }
            let (mut bytes, mut batch) = (size(first, mistake), vec![first.clone()]);
            while !self.is_full(bytes, batch.len(), mistake) {
                // Past the deadline only what is ready at once is taken.
                let limit = deadline.max(now);
                let next = lines.next_if(|(at, _)| match mistake {
                    Mistake::ClockFirst => *at <= limit && now.max(*at) < deadline,
                    Mistake::TakesNothingLate => *at <= limit && now <= deadline,
                    _ => *at <= limit,
                });
                let Some((at, line)) = next else {
                    if lines.peek().is_none() && self.end.max(now) <= limit {
                        now = now.max(self.end);
                        if mistake == Mistake::LosesTheLastBatch {
                            return batches;
                        }
                    } else {
                        now = limit;
                    }
                    break;
                };
                now = now.max(*at);
                if !self.fits(bytes, line, mistake) {
                    held = (mistake != Mistake::LosesTheLineThatDoesNotFit).then_some((now, line));
                    break;
                }
                bytes += size(line, mistake);
                batch.push(line.clone());
                if mistake == Mistake::TakesOneLate && now >= deadline {
                    break;
                }
                if mistake == Mistake::EachLineBeginsTheWait {
                    deadline = now + self.max_wait;
                }
            }
            batches.push((now, batch));
            now += self
                .pauses
                .get(batches.len() - 1)
                .copied()
                .unwrap_or_default();
        }
    }

    fn is_full(&self, bytes: usize, lines: usize, mistake: Mistake) -> bool {
        match mistake {
            Mistake::ExactlyFullWaits => bytes > self.max_bytes,
            Mistake::FirstLineIsNeverFull => lines > 1 && bytes >= self.max_bytes,
            _ => bytes >= self.max_bytes,
        }
    }

    fn fits(&self, bytes: usize, line: &str, mistake: Mistake) -> bool {
        match mistake {
            Mistake::AddsBeforeItMeasures => true,
            Mistake::EmptyLinesAreNothing if bytes == 0 => true,
            _ => bytes.saturating_add(size(line, mistake)) <= self.max_bytes,
        }
    }
}

fn size(line: &str, mistake: Mistake) -> usize {
    match mistake {
        Mistake::CountsCharacters => line.chars().count(),
        Mistake::CountsLines => 1,
        Mistake::CountsLineEnds => line.len() + 1,
        _ => line.len(),
    }
}

/// The mistake that explains what the answer has done with these lines, and does with more, if there is one.
pub(super) async fn usual_mistake(lines: &Lines, seen: &Batches) -> Option<&'static str> {
    let (mut all, mut seen) = (vec![lines.clone()], vec![seen.clone()]);
    for probe in probes() {
        seen.push(timeout(LONG, probe.seen()).await.unwrap_or_default());
        all.push(probe);
    }
    let mistakes = MISTAKES
        .iter()
        .map(|(meaning, mistake)| (*meaning, all.iter().map(|lines| lines.with(*mistake))));
    explained(&seen, mistakes)
}

/// Lines with which the mistakes differ.
fn probes() -> [Lines; 4] {
    let lines = |lines: &[(u64, &str)], max_bytes, max_wait, pauses: &[u64]| Lines {
        lines: lines
            .iter()
            .map(|(at, line)| (ms(*at), (*line).to_owned()))
            .collect(),
        end: ms(400),
        max_bytes,
        max_wait: ms(max_wait),
        pauses: pauses.iter().copied().map(ms).collect(),
    };
    let sizes = [
        (0, "xxxx"),
        (5, "日日"),
        (9, "x"),
        (30, ""),
        (33, "xxxxxxxxxx"),
        (40, "éé"),
        (44, "xxxx"),
        (50, "xxxxxxxx"),
        (90, "x"),
        (91, "xxxxxxx"),
        (95, "xx"),
    ];
    let times = [
        (0, "x"),
        (15, "x"),
        (20, "x"),
        (34, "x"),
        (60, "x"),
        (75, "x"),
        (90, "x"),
        (140, "x"),
        (160, "x"),
    ];
    let late = [
        (0, "xx"),
        (1, "xxx"),
        (10, "x"),
        (11, "x"),
        (90, "xxx"),
        (91, "xx"),
        (92, "x"),
        (93, ""),
        (100, "x"),
    ];
    [
        lines(&sizes, 8, 600, &[]),
        lines(&times, 100, 20, &[]),
        lines(&late, 4, 30, &[70, 10, 80, 5]),
        lines(&times, 3, 0, &[0, 50]),
    ]
}
