//! Names of members and rooms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest name, in characters.
const LONGEST: usize = 24;

/// The name of a member or of a room: 1 to 24 letters and digits of any script, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Why a text is not a [`Name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameError {
    /// It has no characters.
    #[error("a name must not be empty")]
    Empty,
    /// It has more than 24 characters.
    #[error("a name has at most {LONGEST} characters")]
    Long,
    /// It has a blank, a control character or a sign.
    #[error("a name has only letters, digits, - and _")]
    Character,
}

impl Name {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(name: String) -> Result<Self, NameError> {
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() {
            Err(NameError::Empty)
        } else if name.chars().count() > LONGEST {
            Err(NameError::Long)
        } else if !name.chars().all(allowed) {
            Err(NameError::Character)
        } else {
            Ok(Self(name))
        }
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        name.to_owned().try_into()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_letters_of_any_script() {
        for name in ["ann", "José", "李-7", "a_b", &"x".repeat(24)] {
            assert_eq!(name.parse::<Name>().expect(name).as_str(), name);
        }
    }

    #[test]
    fn refuses_what_could_pass_for_something_else() {
        let hostile = [
            "a b",
            "a\n",
            "<b>",
            "\u{202e}nna",
            "a\u{200b}",
            "\u{1b}[2J",
            "../x",
        ];
        for name in hostile {
            assert_eq!(name.parse::<Name>(), Err(NameError::Character), "{name:?}");
        }
        assert_eq!("".parse::<Name>(), Err(NameError::Empty));
        assert_eq!("x".repeat(25).parse::<Name>(), Err(NameError::Long));
    }
}
