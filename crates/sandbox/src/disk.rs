//! How much of the disk a job takes.

use std::fs::{self, Metadata};
use std::path::Path;

/// What a file takes besides its content. A disk also fills up with empty files.
const ENTRY: u64 = 4096;

/// How many bytes everything below a folder takes. It stops counting after `most` bytes.
pub(crate) fn bytes_below(folder: &Path, most: u64) -> u64 {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        // What is removed in the meantime takes nothing.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            bytes += ENTRY + content(&metadata);
            if metadata.is_dir() {
                folders.push(entry.path());
            }
            if bytes > most {
                return bytes;
            }
        }
    }
    bytes
}

/// How many bytes a file's content takes. A hole takes none.
pub(crate) fn content(metadata: &Metadata) -> u64 {
    #[cfg(unix)]
    {
        std::os::unix::fs::MetadataExt::blocks(metadata) * 512
    }
    #[cfg(not(unix))]
    {
        metadata.len()
    }
}
