//! A plot in a file.

use crate::Plot;
use std::path::PathBuf;
use std::{env, fs};

/// The environment variable that names the file: the one that `timeline::figure` uses, too.
const FILE: &str = "TIMELINE_FILE";

impl Plot {
    /// Writes the plot to the file that the environment variable `TIMELINE_FILE` names, for the tool that started
    /// this program. Without that variable it does nothing.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    pub fn save(&self) {
        let Some(file) = env::var_os(FILE).map(PathBuf::from) else {
            return;
        };
        if let Err(error) = fs::write(&file, self.to_record()) {
            let (name, file) = (&self.name, file.display());
            panic!("The plot `{name}` could not be written to {file}: {error}.");
        }
    }
}
