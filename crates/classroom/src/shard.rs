//! A part of the submissions, for classes that are graded on several machines.

use std::fmt;
use std::str::FromStr;

use autograder::hash::hash;
use serde::{Deserialize, Serialize};

/// Part `number` of `of`: `2/8`. Which submissions it has depends on their names only, so that one that is added leaves all
/// others where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which part, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether a submission of this name belongs to the part.
    pub fn has(self, name: &str) -> bool {
        let hash = hash(&[name]);
        let number = u64::from_str_radix(&hash[..15], 16).unwrap_or(0);
        number % u64::from(self.of) + 1 == u64::from(self.number)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, of)| {
            let (number, of) = (number.parse().ok()?, of.parse().ok()?);
            Some(Self { number, of })
        });
        parsed
            .filter(|shard| (1..=shard.of).contains(&shard.number))
            .ok_or_else(|| "It has to be a part and how many there are, such as 2/8.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn every_submission_is_in_exactly_one_part() {
        let names: Vec<_> = (0..2000)
            .map(|number| format!("student-{number}"))
            .collect();
        for of in [1, 2, 7, 30] {
            let mut sizes = vec![0; of as usize];
            for name in &names {
                let parts = (1..=of).filter(|&number| Shard { number, of }.has(name));
                let parts: Vec<_> = parts.collect();
                assert_eq!(parts.len(), 1, "{name} of {of}");
                sizes[parts[0] as usize - 1] += 1;
            }
            let fair = names.len() / of as usize;
            assert!(
                sizes.iter().all(|&size| size > fair / 2 && size < fair * 2),
                "{sizes:?}"
            );
        }
    }

    #[test]
    fn a_part_has_to_exist() {
        assert_eq!("2/8".parse(), Ok(Shard { number: 2, of: 8 }));
        for text in ["", "2", "0/8", "9/8", "1/0", "a/b", "-1/8", "1/8/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
