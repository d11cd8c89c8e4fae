//! The folder in which a bundle is put together.

use std::path::PathBuf;

use anyhow::Result;
use autograder::{files, target_folder};
use tempfile::TempDir;

use super::checkout::Checkout;

/// How the name of the folder begins.
const PREFIX: &str = "bundle-";

/// A folder with the files of the last commit, which is deleted with everything in it when this is dropped.
pub struct Staging {
    folder: TempDir,
}

impl Staging {
    /// Unpacks the commit to a folder in the target folder, which has room for all crates.
    ///
    /// # Errors
    ///
    /// If the target folder is full or not writable.
    pub fn new(checkout: &Checkout) -> Result<Self> {
        let parent = target_folder()?.join("workbook");
        let unpack = || -> Result<Self> {
            std::fs::create_dir_all(&parent)?;
            // What a process left that was killed.
            files::remove_left_behind(&parent, PREFIX);
            let folder = tempfile::Builder::new()
                .prefix(PREFIX)
                .tempdir_in(&parent)?;
            let staging = Self { folder };
            tar::Archive::new(&*checkout.tar).unpack(staging.root())?;
            Ok(staging)
        };
        unpack().map_err(|error| files::advise("The bundle was not put together", &parent, error))
    }

    /// The folder of the workbook.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("workbook")
    }
}
