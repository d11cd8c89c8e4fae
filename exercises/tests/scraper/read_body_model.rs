//! What comes of a body, by the contract and with the usual mistakes.

use std::time::Duration;

use grading::{in_ms, list, ms, plural};

use super::super::{BODY, ERRORS};
use super::NO_MEMORY;

/// A body and its limits.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// How long each chunk takes, and its size, or an error.
    pub(super) items: Vec<(Duration, Result<usize, u32>)>,
    pub(super) declared: Option<u64>,
    pub(super) limit: usize,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) result: Result<String, String>,
    pub(super) at: Duration,
    /// How many items of the stream were taken, including its end.
    pub(super) taken: usize,
}

impl Outcome {
    pub(super) fn shown(&self) -> &str {
        match &self.result {
            Ok(bytes) => bytes,
            Err(error) => error,
        }
    }

    /// What should have happened and what has, as a sentence.
    pub(super) fn differs_from(&self, expected: &Self) -> String {
        let told = |outcome: &Self| {
            format!(
                "{} at {}, after {} of the stream",
                outcome.shown(),
                in_ms(outcome.at),
                plural(outcome.taken, "item")
            )
        };
        format!(
            "The result should be {}; it was {}",
            told(expected),
            told(self)
        )
    }
}

/// What answers do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    DeclaredFirst,
    CheckedAtTheEnd,
    CheckedOneChunkLate,
    NotExactly,
    Truncated,
    EndsWhenFull,
    EndsWhenDeclared,
    NoDeclared,
    DeclaredAtTheEnd,
    ShortIsFine,
    LongIsFine,
    ErrorIsTheEnd,
    EmptyIsTheEnd,
    ReservesDeclared,
}

impl Mistake {
    pub(super) const ALL: [Self; 14] = [
        Self::DeclaredFirst,
        Self::CheckedAtTheEnd,
        Self::CheckedOneChunkLate,
        Self::NotExactly,
        Self::Truncated,
        Self::EndsWhenFull,
        Self::EndsWhenDeclared,
        Self::NoDeclared,
        Self::DeclaredAtTheEnd,
        Self::ShortIsFine,
        Self::LongIsFine,
        Self::ErrorIsTheEnd,
        Self::EmptyIsTheEnd,
        Self::ReservesDeclared,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::DeclaredFirst => {
                "that a chunk is compared with the declared length first. If it exceeds that and the limit, the body is too large."
            }
            Self::CheckedAtTheEnd => {
                "that the size is compared with the limit when the whole body is in memory. Compare it with each chunk, before \
                 the chunk is kept."
            }
            Self::CheckedOneChunkLate => {
                "that the size is compared with the limit before a chunk is added and not after it, so that the last chunk is not \
                 counted."
            }
            Self::NotExactly => "that a body with exactly `limit` bytes is refused.",
            Self::Truncated => {
                "that a body which is too large is cut, and returned as if it were whole."
            }
            Self::EndsWhenFull => {
                "that reading ends as soon as `limit` bytes have arrived. Whether there are more is known at the end."
            }
            Self::EndsWhenDeclared => {
                "that reading ends as soon as the declared bytes have arrived. An error or more bytes may follow."
            }
            Self::NoDeclared => {
                "that the declared length is not compared with the bytes that arrive."
            }
            Self::DeclaredAtTheEnd => {
                "that the length is compared with the declared one only at the end of the body. That it is too large is known \
                 earlier."
            }
            Self::ShortIsFine => {
                "that a body with fewer bytes than declared is returned. The connection was lost before its end."
            }
            Self::LongIsFine => "that a body with more bytes than declared is returned.",
            Self::ErrorIsTheEnd => {
                "that an error is taken to be the end of the body, as in `while let Some(Ok(chunk))`. What has arrived so far is \
                 not a body."
            }
            Self::EmptyIsTheEnd => "that an empty chunk is taken to be the end. The end is `None`.",
            Self::ReservesDeclared => {
                "that memory is reserved for the declared length, as with `Vec::with_capacity`. A peer can declare anything."
            }
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            Self::ErrorIsTheEnd => ERRORS,
            _ => BODY,
        }
    }
}

impl Plan {
    /// The number of all bytes.
    pub(super) fn size(&self) -> usize {
        self.items
            .iter()
            .filter_map(|(_, item)| item.as_ref().ok())
            .sum()
    }

    /// The longest time that a run may take.
    pub(super) fn longest(&self) -> Duration {
        self.items.iter().map(|(time, _)| *time).sum::<Duration>() + ms(60_000)
    }

    /// What comes of the body.
    pub(super) fn outcome(&self, mistake: Option<Mistake>) -> Outcome {
        let (mut at, mut taken) = (Duration::ZERO, 0);
        let result = self.read(mistake, &mut at, &mut taken);
        let result = result.map(|size| plural(size, "byte"));
        Outcome { result, at, taken }
    }

    fn read(
        &self,
        mistake: Option<Mistake>,
        at: &mut Duration,
        taken: &mut usize,
    ) -> Result<usize, String> {
        let is = |other: Mistake| mistake == Some(other);
        let declared = self
            .declared
            .and_then(|declared| usize::try_from(declared).ok());
        let error = |name: &str| Err(name.to_owned());
        if declared.is_some_and(|declared| declared > self.limit) {
            return error("TooLarge");
        }
        if is(Mistake::ReservesDeclared)
            && declared.is_some_and(|declared| declared > isize::MAX as usize)
        {
            return error(NO_MEMORY);
        }
        let checks_declared = !is(Mistake::NoDeclared);
        let mut size = 0;
        for (takes, item) in &self.items {
            if is(Mistake::EndsWhenFull) && size == self.limit && *taken > 0
                || is(Mistake::EndsWhenDeclared) && declared == Some(size)
            {
                return Ok(size);
            }
            *at += *takes;
            *taken += 1;
            let chunk = match item {
                Ok(0) if is(Mistake::EmptyIsTheEnd) => {
                    return self.at_the_end(size, declared, mistake);
                }
                Ok(chunk) => *chunk,
                Err(_) if is(Mistake::ErrorIsTheEnd) => {
                    return self.at_the_end(size, declared, mistake);
                }
                Err(read) => return Err(format!("Read({read})")),
            };
            let is_too_large = match mistake {
                Some(Mistake::CheckedAtTheEnd) => false,
                Some(Mistake::CheckedOneChunkLate) => size > self.limit,
                Some(Mistake::NotExactly) => size + chunk >= self.limit,
                _ => size + chunk > self.limit,
            };
            if is(Mistake::DeclaredFirst)
                && declared.is_some_and(|declared| size + chunk > declared)
            {
                return error("WrongLength");
            }
            if is_too_large && is(Mistake::Truncated) {
                return Ok(self.limit);
            }
            if is_too_large {
                return error("TooLarge");
            }
            size += chunk;
            let is_longer = declared.is_some_and(|declared| size > declared);
            if is_longer
                && checks_declared
                && !is(Mistake::DeclaredAtTheEnd)
                && !is(Mistake::LongIsFine)
            {
                return error("WrongLength");
            }
        }
        if is(Mistake::EndsWhenFull) && size == self.limit && *taken > 0
            || is(Mistake::EndsWhenDeclared) && declared == Some(size)
        {
            return Ok(size);
        }
        *taken += 1;
        self.at_the_end(size, declared, mistake)
    }

    fn at_the_end(
        &self,
        size: usize,
        declared: Option<usize>,
        mistake: Option<Mistake>,
    ) -> Result<usize, String> {
        if mistake == Some(Mistake::CheckedAtTheEnd) && size > self.limit {
            return Err("TooLarge".to_owned());
        }
        let Some(declared) = declared else {
            return Ok(size);
        };
        let is_wrong = match mistake {
            Some(Mistake::NoDeclared) => false,
            Some(Mistake::ShortIsFine) => size > declared,
            Some(Mistake::LongIsFine) => size < declared,
            _ => size != declared,
        };
        match is_wrong {
            true => Err("WrongLength".to_owned()),
            false => Ok(size),
        }
    }

    /// The body, as the beginning of a sentence.
    pub(super) fn told(&self) -> String {
        let items = self.items.iter().map(|(time, item)| match item {
            Ok(size) => format!("{} after {}", plural(*size, "byte"), in_ms(*time)),
            Err(error) => format!("error {error} after {}", in_ms(*time)),
        });
        format!(
            "A body with the chunks {}, the declared length {} and the limit {}",
            list(items),
            self.declared
                .map_or("none".to_owned(), |declared| declared.to_string()),
            self.limit
        )
    }
}

/// Plans that tell the mistakes apart.
pub(super) fn probes() -> Vec<Plan> {
    let plan = |sizes: &[usize], declared: Option<u64>, limit: usize| Plan {
        items: sizes.iter().map(|size| (ms(2), Ok(*size))).collect(),
        declared,
        limit,
    };
    let mut fails = plan(&[3, 3], None, 100);
    fails.items.push((ms(2), Err(5)));
    vec![
        plan(&[10, 10, 10, 10], None, 15),
        plan(&[10, 10, 10, 10], None, 30),
        plan(&[10, 10], None, 20),
        plan(&[10, 10], None, 100),
        plan(&[10, 10], Some(20), 100),
        plan(&[10, 10, 10, 10], Some(15), 100),
        plan(&[10, 10, 10, 10], Some(20), 100),
        plan(&[10, 10], Some(30), 100),
        plan(&[10, 0, 10], None, 100),
        plan(&[10, 10], Some(15), 15),
        plan(&[10], Some(u64::MAX), usize::MAX),
        fails,
    ]
}
