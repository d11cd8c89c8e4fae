//! The code of a room, which learners type.

use anyhow::{Context, Result};
use autograder::hash::hash;

/// Digits and letters that are not mistaken for each other. There are 32, so that each is five random bits.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// 40 bits. With a guess every second, trying half of them takes 17,000 years.
const LENGTH: usize = 8;

/// A new code: `K7MQ-3XRT`.
///
/// # Errors
///
/// If the system does not provide random numbers.
pub fn generate() -> Result<String> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).context("The system does not provide random numbers.")?;
    let mut code: String = bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    code.insert(LENGTH / 2, '-');
    Ok(code)
}

/// Whether this is the code, in any case and with or without the dash. Hashes are compared, so that the time does not tell
/// how much of a guess is right.
pub fn is_equal(code: &str, typed: &str) -> bool {
    hash(&[plain(code)]) == hash(&[plain(typed)])
}

fn plain(code: &str) -> String {
    let symbols = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    symbols.map(|symbol| symbol.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, generate, is_equal};

    #[test]
    fn codes_are_different_and_readable() {
        let codes = [generate().unwrap(), generate().unwrap()];
        assert_ne!(codes[0], codes[1]);
        for code in codes {
            assert_eq!(code.len(), 9);
            assert_eq!(code.as_bytes()[4], b'-');
            let symbols = code.bytes().filter(|symbol| *symbol != b'-');
            assert!(symbols.into_iter().all(|symbol| ALPHABET.contains(&symbol)));
        }
    }

    #[test]
    fn a_code_may_be_typed_in_lower_case_and_without_its_dash() {
        for typed in ["K7MQ-3XRT", "k7mq3xrt", " K7MQ 3XRT "] {
            assert!(is_equal("K7MQ-3XRT", typed), "{typed}");
        }
        for typed in ["", "K7MQ-3XR", "K7MQ-3XRTT", "K7MQ-3XRS"] {
            assert!(!is_equal("K7MQ-3XRT", typed), "{typed}");
        }
    }
}
