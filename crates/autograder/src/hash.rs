//! Content hashes.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// A hash of all `parts` in hexadecimal, the same on every machine.
pub fn hash<T: AsRef<[u8]>>(parts: &[T]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let mut name = String::new();
    for byte in &digest.finalize()[..16] {
        write!(name, "{byte:02x}").expect("a String accepts everything that is written");
    }
    name
}
