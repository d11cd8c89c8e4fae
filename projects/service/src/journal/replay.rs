//! Reads the journal of a process that has ended.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use tracing::warn;

use super::{OpenError, Record};

/// Reads all records. A last line without an end is cut off.
pub(super) fn read(file: File, path: &Path) -> Result<(File, Vec<Record>), OpenError> {
    let failed = |error| OpenError::Io {
        path: path.to_owned(),
        error,
    };
    let (mut records, mut line, mut complete) = (Vec::new(), Vec::new(), 0);
    let mut reader = BufReader::new(&file);
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line).map_err(failed)?;
        if line.last() != Some(&b'\n') {
            if length > 0 {
                warn!(bytes = length, "cuts off an incomplete record");
                file.set_len(complete).map_err(failed)?;
                file.sync_data().map_err(failed)?;
            }
            return Ok((file, records));
        }
        complete += length as u64;
        let record = serde_json::from_slice(&line).map_err(|error| OpenError::Corrupt {
            path: path.to_owned(),
            line: records.len() + 1,
            error,
        })?;
        records.push(record);
    }
}
