//! Who is let in: whoever has read the address that the tool shows, and nobody else on this machine.
//!
//! The address has a key in its fragment, which a browser sends to nobody. The page trades it for a token,
//! and every request that does anything bears that token. Both are new each time the tool is started. (The
//! idea of a token in the address is Jupyter's.)
//!
//! A browser that the tool opens gets a key that works once: other users may see the command that
//! started it.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use autograder::hash::hash;

/// The secrets of one start.
#[derive(Debug)]
pub struct Door {
    key: String,
    token: String,
    tickets: Mutex<Vec<String>>,
}

impl Door {
    /// A door with new locks.
    ///
    /// # Errors
    ///
    /// If the system gives no random numbers.
    pub fn new() -> Result<Self> {
        Ok(Self {
            key: secret()?,
            token: secret()?,
            tickets: Mutex::default(),
        })
    }

    /// The key in the address that the terminal shows.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// A key that works once.
    ///
    /// # Errors
    ///
    /// If the system gives no random numbers.
    pub fn ticket(&self) -> Result<String> {
        let ticket = secret()?;
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.push(ticket.clone());
        Ok(ticket)
    }

    /// The token, for a key that fits.
    pub fn open(&self, key: &str) -> Option<&str> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = tickets.iter().position(|ticket| same(ticket, key));
        let fits = match ticket {
            Some(used) => {
                tickets.swap_remove(used);
                true
            }
            None => same(&self.key, key),
        };
        fits.then_some(&*self.token)
    }

    /// Whether this is the token.
    pub fn knows(&self, token: &str) -> bool {
        same(&self.token, token)
    }
}

/// A word that nobody can guess.
fn secret() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("The system gives no random numbers.")?;
    Ok(hash(&[bytes]))
}

/// Whether two words are the same, in a time that does not tell how far they are.
fn same(secret: &str, word: &str) -> bool {
    let pairs = secret.bytes().zip(word.bytes());
    let differences = pairs.fold(0, |differences, (a, b)| differences | (a ^ b));
    secret.len() == word.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::Door;

    #[test]
    fn a_ticket_works_once_and_the_key_again_and_again() {
        let door = Door::new().unwrap();
        let ticket = door.ticket().unwrap();
        assert!(door.open(&ticket).is_some_and(|token| door.knows(token)));
        assert_eq!(door.open(&ticket), None);
        for _ in 0..2 {
            assert!(door.open(door.key()).is_some());
        }
    }

    #[test]
    fn nothing_else_opens() {
        let door = Door::new().unwrap();
        let other = Door::new().unwrap();
        for word in ["", "x", other.key(), &door.key()[1..]] {
            assert_eq!(door.open(word), None, "{word}");
            assert!(!door.knows(word), "{word}");
        }
        assert!(!door.knows(door.key()), "the key is no token");
    }
}
