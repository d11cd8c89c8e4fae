//! The results of one run, in a file from which the results of several can be put together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use autograder::files;
use serde::{Deserialize, Serialize};

use crate::result::StudentResult;
use crate::shard::Shard;
use crate::shared;
use crate::store::Store;

/// The file in an output folder.
const FILE: &str = "results.json";

/// The version of its format.
const FORMAT: u32 = 1;

/// The results of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    format: u32,
    /// Which part of the submissions was graded.
    pub shard: Shard,
    /// The results, in the order of students and origins.
    #[serde(deserialize_with = "shared::results")]
    pub results: Vec<StudentResult>,
}

impl Run {
    /// These results, in order.
    pub fn new(shard: Shard, mut results: Vec<StudentResult>) -> Self {
        results.sort_by(|a, b| (&a.student, &a.origin).cmp(&(&b.student, &b.origin)));
        Self {
            format: FORMAT,
            shard,
            results,
        }
    }

    /// Writes them to an output folder.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        // The text of a large class takes more memory than its results.
        files::write_atomically_with(&folder.join(FILE), |file| {
            serde_json::to_writer_pretty(&mut *file, self)?;
            Ok(file.write_all(b"\n")?)
        })
    }

    /// Reads those of an output folder.
    ///
    /// # Errors
    ///
    /// If there are none, or they are of another version of the workbook.
    pub fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        let open = File::open(&file);
        let open = open.with_context(|| format!("{} could not be read.", file.display()))?;
        let run: Self = serde_json::from_reader(BufReader::new(open)).with_context(|| {
            format!("{} is not of this version of the workbook.", file.display())
        })?;
        if run.format != FORMAT {
            bail!(
                "{} has the format {}. This version of the workbook reads {FORMAT}.",
                file.display(),
                run.format
            );
        }
        Ok(run)
    }

    /// Puts the parts in these folders together. Their graded chapters are copied to `store`.
    ///
    /// # Errors
    ///
    /// If a part is missing, there twice or of another division, or something cannot be read or written.
    pub fn merge(folders: &[PathBuf], store: &Store) -> Result<Self> {
        let mut parts: BTreeMap<Shard, (&PathBuf, Self)> = BTreeMap::new();
        for folder in folders {
            let run = Self::read(folder)?;
            let shard = run.shard;
            if let Some((other, _)) = parts.insert(shard, (folder, run)) {
                bail!(
                    "{} and {} are the same part of the submissions, {shard}.",
                    other.display(),
                    folder.display()
                );
            }
        }
        let of = parts.keys().next().context("There are no parts.")?.of;
        if let Some((other, (folder, _))) = parts.iter().find(|(shard, _)| shard.of != of) {
            bail!(
                "{} is a part of {}, and others are parts of {of}: they do not fit together.",
                folder.display(),
                other.of
            );
        }
        let missing = (1..=of).map(|number| Shard { number, of });
        let missing: Vec<_> = missing
            .filter(|shard| !parts.contains_key(shard))
            .map(|shard| shard.to_string())
            .collect();
        if !missing.is_empty() {
            bail!(
                "These parts are missing: {}. Grade them, and try again.",
                missing.join(", ")
            );
        }
        // Stubs have one id for all students.
        let (mut results, mut copied) = (Vec::new(), BTreeSet::new());
        for (folder, run) in parts.into_values() {
            let own = Store::in_output(folder);
            for id in run
                .results
                .iter()
                .flat_map(|result| result.verdicts.values())
            {
                if copied.insert(id.clone())
                    && let Some(chapter) = own.read(id)?
                {
                    store.add(&chapter)?;
                }
            }
            results.extend(run.results);
        }
        Ok(Self::new(Shard::WHOLE, results))
    }
}
