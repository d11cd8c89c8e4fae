//! `AggregateError`: several failures as one value, in order, on one line, none of them lost.

use std::error::Error;
use std::{fmt, iter};

use super::*;
use exercises::errors::AggregateError;

#[path = "AggregateError_mistakes.rs"]
mod mistakes;

/// An error with any number of sources. Its `Debug` is not its `Display`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layer {
    message: String,
    source: Option<Box<Layer>>,
}

/// Depends on the options of the format, as the errors of some crates do.
impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.alternate() {
            true => f.write_str(&self.in_full()),
            false => f.pad(&self.message),
        }
    }
}

impl Error for Layer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// What the texts of errors are like. All are written as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Texts {
    /// No text is like another one.
    Distinct,
    /// All are the same.
    Equal,
    /// Each one contains that of its source.
    ContainTheSource,
    Empty,
    WithSpaces,
    OfTwoLines,
    WithQuotes,
}

const ALL_TEXTS: [Texts; 7] = [
    Texts::Distinct,
    Texts::Equal,
    Texts::ContainTheSource,
    Texts::Empty,
    Texts::WithSpaces,
    Texts::OfTwoLines,
    Texts::WithQuotes,
];

impl Texts {
    fn of_layer(self, call: usize, layer: u64, source: Option<&Layer>) -> String {
        match (self, source) {
            (Self::Empty, _) => String::new(),
            (Self::Equal, _) => "timed out".to_owned(),
            (Self::ContainTheSource, Some(source)) => format!("{layer} ({})", source.message),
            _ => self.decorated(&format!("error {call}.{layer}")),
        }
    }

    fn decorated(self, text: &str) -> String {
        match self {
            Self::WithSpaces => format!(" {text}\t"),
            Self::OfTwoLines => format!("{text}\nsee the log\n"),
            Self::WithQuotes => format!("\"{text}\" \\"),
            _ => text.to_owned(),
        }
    }
}

impl Layer {
    /// The error of the call with this index.
    fn new(call: usize, layers: u64, texts: Texts) -> Self {
        (0..layers)
            .rev()
            .fold(None, |source: Option<Self>, layer| {
                let message = texts.of_layer(call, layer, source.as_ref());
                let source = source.map(Box::new);
                Some(Self { message, source })
            })
            .expect("an error has a layer")
    }

    /// What `{:#}` writes.
    fn in_full(&self) -> String {
        format!("{:?}, because of {:?}", self.message, self.source)
    }

    /// The messages from the outermost to the last source.
    fn messages(&self) -> Vec<&str> {
        let layers = std::iter::successors(Some(self), |layer| layer.source.as_deref());
        layers.map(|layer| &*layer.message).collect()
    }
}

/// Named calls, some of which fail.
struct Calls {
    names: Vec<String>,
    times: Vec<Duration>,
    /// Of each call that fails
    errors: Vec<Option<Layer>>,
    /// The calls that were not dropped before they ended
    ended: Gauge,
}

/// Which calls fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failing {
    Any,
    None,
    AtLeastOne,
}

impl Calls {
    fn drawn(case: &Case, failing: Failing) -> Self {
        let fewest = usize::from(failing == Failing::AtLeastOne);
        let count = case.size("calls", fewest..=300);
        let mut names = case.texts("names", count);
        let mut times = case.whole_ms_each("times", count, 50);
        let is_slow = *case.pick("the first call is slow", &[false, true]);
        for time in times.iter_mut().take(usize::from(is_slow)) {
            *time = SLOW;
        }
        let layers = match failing {
            Failing::None => vec![0; count],
            _ => case.numbers("layers of errors", count, 5),
        };
        let (texts, more_layers) = match failing {
            Failing::None => (Texts::Distinct, 0),
            _ => (
                *case.pick("texts", &ALL_TEXTS),
                case.size("more layers of the first error", 0..=100) as u64,
            ),
        };
        for name in &mut names {
            *name = texts.decorated(name);
        }
        let errors = layers.into_iter().enumerate().map(|(call, layers)| {
            let one_fails = call == 0 && failing == Failing::AtLeastOne;
            let layers = layers.max(u64::from(one_fails));
            let more = if call == 0 { more_layers } else { 0 };
            (layers > 0).then(|| Layer::new(call, layers + more, texts))
        });
        Self {
            names,
            times,
            errors: errors.collect(),
            ended: Gauge::new(),
        }
    }

    async fn gather(&self) -> Result<Vec<usize>, AggregateError<Layer>> {
        let calls = (0..self.names.len()).map(|call| (self.names[call].clone(), self.call(call)));
        AggregateError::gather(calls.collect()).await
    }

    async fn call(&self, call: usize) -> Result<usize, Layer> {
        if self.names.len() <= 4 {
            in_a_lane(call, self.times[call]).await;
        } else {
            sleep(self.times[call]).await;
        }
        // Entered and never left: the peak counts the calls that ended.
        std::mem::forget(self.ended.enter());
        match &self.errors[call] {
            Some(error) => Err(error.clone()),
            None => Ok(call),
        }
    }

    /// The name and the error of each failure.
    fn failures(&self) -> Vec<(String, Layer)> {
        let calls = self.names.iter().zip(&self.errors);
        let failures = calls.filter_map(|(name, error)| Some((name.clone(), error.clone()?)));
        failures.collect()
    }

    fn display(&self) -> String {
        self.display_with(|error| error.message.clone())
    }

    /// `text` writes an error without its sources.
    fn display_with(&self, text: impl Fn(&Layer) -> String) -> String {
        let failures = self.failures();
        let lines = failures.iter().map(|(name, error)| {
            let layers = std::iter::successors(Some(error), |layer| layer.source.as_deref());
            let parts: Vec<_> = iter::once(name.clone()).chain(layers.map(&text)).collect();
            parts.join(": ")
        });
        let lines: Vec<_> = lines.collect();
        let (failed, calls) = (lines.len(), self.names.len());
        format!("{failed} of {calls} calls failed: {}", lines.join("; "))
    }
}

#[timeline::lane("call {_call}")]
async fn in_a_lane(_call: usize, time: Duration) {
    sleep(time).await;
}

/// The error of an answer for calls at least one of which fails.
async fn error_of(calls: &Calls) -> AggregateError<Layer> {
    let outcome = calls.gather().await;
    check(outcome.is_err(), || {
        Failure::new(format!(
            "{} of {} calls failed, so the result should be an error; it was a list of values.",
            calls.failures().len(),
            calls.names.len()
        ))
        .usually("that the errors are dropped, as `flatten` and `filter_map(Result::ok)` do with results.")
        .read("errors-pitfalls.html#flatten-hides-errors")
    });
    match outcome {
        Err(error) => error,
        Ok(_) => unreachable!("this was checked"),
    }
}

#[test]
fn calls_overlap() {
    grade_cases(async |case| {
        let (calls, clock) = (Calls::drawn(&case, Failing::None), Clock::start());
        let gathered = Counted::new(calls.gather());
        let polls = gathered.counts();
        let _ = gathered.await;
        check_overlap(clock.elapsed(), &calls.times);
        polls.check_polls(2 * calls.names.len() + 5, CALL_JOIN_ALL);
    });
}

#[test]
fn without_a_failure_the_values_are_in_order() {
    grade_cases(async |case| {
        let calls = Calls::drawn(&case, Failing::None);
        let outcome = calls.gather().await;
        let seen = outcome.as_ref().ok();
        let in_order = seen.is_some_and(|values| values.iter().copied().eq(0..calls.names.len()));
        check(in_order, || {
            let (shown, usually) = match seen {
                Some(values) => (
                    list(values.iter().map(usize::to_string)),
                    (values.len() == calls.names.len()).then_some(
                        "that the values are in another order, such as the completion order.",
                    ),
                ),
                None => (
                    "an error".to_owned(),
                    calls
                        .names
                        .is_empty()
                        .then_some("that an empty list of failures is taken for an error."),
                ),
            };
            Failure::new(format!(
                "Each of {} returns its index, and the result should be these values in order; it was {shown}.",
                count_of("call", calls.names.len())
            ))
            .usually_if(usually)
            .read(SEVERAL)
        });
    });
}

#[test]
fn waits_for_every_call() {
    grade_cases(async |case| {
        let (calls, clock) = (Calls::drawn(&case, Failing::Any), Clock::start());
        let _ = calls.gather().await;
        let took = clock.elapsed();
        let (ended, count) = (calls.ended.peak(), calls.names.len());
        check(ended == count, || {
            let failure = Failure::new(format!(
                "All {} should run to their end, even if one fails; {ended} did.",
                count_of("call", count)
            ));
            let failing = std::iter::zip(&calls.times, &calls.errors);
            let first = failing
                .filter_map(|(time, error)| error.as_ref().and(Some(*time)))
                .min();
            let failure = match first {
                Some(first) if took == first => {
                    failure.usually("that the answer fails fast, as `try_join_all` does.")
                }
                _ => failure,
            };
            failure.read("errors.html#choose-a-policy-before-you-choose-a-tool")
        });
        check_overlap(took, &calls.times);
    });
}

#[test]
fn keeps_every_failure_in_order() {
    grade_cases(async |case| {
        let calls = Calls::drawn(&case, Failing::AtLeastOne);
        let (error, expected) = (error_of(&calls).await, calls.failures());
        let seen = error.failures();
        if seen == expected {
            return;
        }
        let errors = |failures: &[(String, Layer)]| -> Vec<Layer> {
            failures.iter().map(|(_, error)| error.clone()).collect()
        };
        let usually = match errors(seen) == errors(&expected) {
            true => Some("that an error is listed with the name of another call."),
            false => mistakes::of_failures().await,
        };
        check(false, || {
            let described = |failures: &[(String, Layer)]| {
                list(
                    failures
                        .iter()
                        .map(|(name, error)| format!("{name:?} with {:?}", error.message)),
                )
            };
            Failure::new(format!(
                "`failures` should return {}; it returned {}.",
                described(&expected),
                described(seen)
            ))
            .usually_if(usually)
            .read(SEVERAL)
        });
    });
}

#[test]
fn display_writes_every_failure_with_its_sources() {
    grade_cases(async |case| {
        let calls = Calls::drawn(&case, Failing::AtLeastOne);
        let (error, expected) = (error_of(&calls).await, calls.display());
        let seen = error.to_string();
        if seen == expected {
            return;
        }
        let usually = mistakes::usual_mistake().await;
        check(false, || {
            let same = std::iter::zip(seen.chars(), expected.chars())
                .take_while(|(seen, expected)| seen == expected)
                .count();
            let page = match usually {
                Some(usually) if usually.contains("source") => SOURCE,
                _ => SEVERAL,
            };
            Failure::new(format!(
                "`Display` should write {}; it wrote {}.",
                shortened(&expected, same),
                shortened(&seen, same)
            ))
            .usually_if(usually)
            .read(page)
        });
    });
}

/// What an error writes in a format.
type Text = fn(&Layer) -> String;

#[test]
fn no_option_of_a_format_changes_a_text() {
    grade_cases(async |case| {
        let calls = Calls::drawn(&case, Failing::AtLeastOne);
        let (error, expected) = (error_of(&calls).await, calls.display());
        let formats: [(&str, String, Text); 2] = [
            ("{:#}", format!("{error:#}"), Layer::in_full),
            ("{:20}", format!("{error:20}"), |error| {
                format!("{error:20}")
            }),
        ];
        for (format, seen, passed_on) in formats {
            // The whole may be padded.
            check(seen.trim_end() == expected.trim_end(), || {
                let same = std::iter::zip(seen.chars(), expected.chars())
                    .take_while(|(seen, expected)| seen == expected)
                    .count();
                let is_passed_on = seen == calls.display_with(passed_on);
                Failure::new(format!(
                    "`format!(\"{format}\", error)` should write {}; it wrote {}.",
                    shortened(&expected, same),
                    shortened(&seen, same)
                ))
                .usually_if(is_passed_on.then_some(
                    "that `Display` passes its own formatter on to the errors, with the options that are meant for the \
                     whole. `write!(f, \"{error}\")` writes an error with options of its own.",
                ))
                .read(SEVERAL)
            });
        }
    });
}

/// A text as a report shows it, around the character at `at`.
fn shortened(text: &str, at: usize) -> String {
    let skipped = at.saturating_sub(60);
    let shown: String = text.chars().skip(skipped).take(100).collect();
    let start = if skipped > 0 { "... " } else { "" };
    let rest = if text.ends_with(&shown) { "" } else { " ..." };
    format!("{start}{shown:?}{rest}")
}

#[test]
fn dropping_it_drops_the_calls() {
    drop_at_every_await(
        async || {
            let (alive, tasks) = (Gauge::new(), Tasks::baseline());
            let calls = [10, 30, 20].map(|time| {
                let guard = alive.enter();
                let call = async move {
                    let _alive = guard;
                    sleep(ms(time)).await;
                    if time == 20 {
                        Err(Layer::new(2, 1, Texts::Distinct))
                    } else {
                        Ok(())
                    }
                };
                (format!("after {time}"), call)
            });
            let gathered = AggregateError::gather(Vec::from(calls));
            (gathered, (alive, tasks))
        },
        async |(alive, tasks)| {
            let left = tasks.left_behind().await.max(alive.now());
            check(left == 0, || {
                Failure::new(format!(
                    "When the future is dropped, all calls should be dropped; there still {} {}.",
                    if left == 1 { "is" } else { "are" },
                    count_of("call", left)
                ))
                .usually("that the calls are in tasks of their own, or are leaked.")
                .read("cancellation.html")
            });
        },
    );
}

#[test]
fn has_no_source() {
    grade_cases(async |case| {
        let calls = Calls::drawn(&case, Failing::AtLeastOne);
        let error = error_of(&calls).await;
        let source = error.source().map(ToString::to_string);
        check(source.is_none(), || {
            Failure::new(format!(
                "`source` should return `None`; it returned {:?}.",
                source.unwrap_or_default()
            ))
            .usually(
                "that it returns the first failure, which `Display` has already written: a log with the chain would \
                 show it twice.",
            )
            .read(SEVERAL)
        });
    });
}
