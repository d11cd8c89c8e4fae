//! Authentication: only a reader of the address that the tool shows may use the server, and no other user of this
//! machine.
//!
//! The address has a key in its fragment, which a browser never sends to a server. The page exchanges the key for a
//! token, and sends the token with every request that does something. Both are generated each time the tool starts.
//! (The idea of a token in the address is Jupyter's.)
//!
//! A browser that the tool opens gets a key that works once, in a file that only its owner may read: other users may
//! see the command line that started it, and would be faster than the browser.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use autograder::hash::hash;

/// The keys and the token of one run of the server.
#[derive(Debug)]
pub struct Auth {
    key: String,
    token: String,
    one_time_keys: Mutex<Vec<String>>,
}

impl Auth {
    /// Generates a key and a token.
    ///
    /// # Errors
    ///
    /// If the system does not provide random numbers.
    pub fn new() -> Result<Self> {
        Ok(Self {
            key: random_secret()?,
            token: random_secret()?,
            one_time_keys: Mutex::default(),
        })
    }

    /// The key in the address that the terminal shows.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Generates a key that works once.
    ///
    /// # Errors
    ///
    /// If the system does not provide random numbers.
    pub fn one_time_key(&self) -> Result<String> {
        let key = random_secret()?;
        let mut keys = self
            .one_time_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        keys.push(key.clone());
        Ok(key)
    }

    /// Exchanges a valid key for the token.
    pub fn exchange(&self, key: &str) -> Option<&str> {
        let mut keys = self
            .one_time_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let one_time_key = keys.iter().position(|known| is_equal(known, key));
        let is_valid = match one_time_key {
            Some(used) => {
                keys.swap_remove(used);
                true
            }
            None => is_equal(&self.key, key),
        };
        is_valid.then_some(&*self.token)
    }

    /// Whether this is the token.
    pub fn accepts(&self, token: &str) -> bool {
        is_equal(&self.token, token)
    }
}

/// A secret that cannot be guessed.
fn random_secret() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("The system does not provide random numbers.")?;
    Ok(hash(&[bytes]))
}

/// Compares in a time that does not depend on how many characters agree.
fn is_equal(secret: &str, word: &str) -> bool {
    let pairs = secret.bytes().zip(word.bytes());
    let differences = pairs.fold(0, |differences, (a, b)| differences | (a ^ b));
    secret.len() == word.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::Auth;

    #[test]
    fn a_one_time_key_works_once_and_the_shown_key_again_and_again() {
        let auth = Auth::new().unwrap();
        let key = auth.one_time_key().unwrap();
        assert!(auth.exchange(&key).is_some_and(|token| auth.accepts(token)));
        assert_eq!(auth.exchange(&key), None);
        for _ in 0..2 {
            assert!(auth.exchange(auth.key()).is_some());
        }
    }

    #[test]
    fn refuses_every_other_key_and_token() {
        let auth = Auth::new().unwrap();
        let other = Auth::new().unwrap();
        for word in ["", "x", other.key(), &auth.key()[1..]] {
            assert_eq!(auth.exchange(word), None, "{word}");
            assert!(!auth.accepts(word), "{word}");
        }
        assert!(!auth.accepts(auth.key()), "the key is not the token");
    }
}
