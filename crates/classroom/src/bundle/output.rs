//! The file of a bundle, and the scripts with which it is used.

use std::io::{self, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Error, Result};
use autograder::{Cancelled, files};
use tempfile::NamedTempFile;

use super::archive::{Content, Contents};

/// The name of the file in a folder.
pub const FILE: &str = "workbook-bundle.tar.gz";

/// The folder in the archive.
pub const FOLDER: &str = "async-rust-workbook";

/// How the name of an incomplete file begins. Git ignores such files.
const NEW: &str = ".new-";

const START: &str = include_str!("start.sh");
const README: &str = include_str!("README.txt");
const HANDOUT: &str = include_str!("README-handout.txt");

/// The minimal version of Rust, as in the workspace's `rust-version`.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// The instructions and the script that starts the workbook, by name.
pub fn scripts(has_handout: bool) -> [(&'static str, Content); 2] {
    let of = |text: &str| {
        let named = text.replace("@FILE@", FILE).replace("@FOLDER@", FOLDER);
        let minor = RUST.split('.').nth(1).unwrap_or_default();
        named.replace("@RUST@", RUST).replace("@MINOR@", minor)
    };
    let handout = if has_handout { HANDOUT } else { "" };
    let start = Content::Bytes {
        bytes: of(START).into_bytes(),
        executable: true,
    };
    [
        // With the line endings that every editor of Windows shows.
        (
            "README.txt",
            Content::text(of(&format!("{README}{handout}")).replace('\n', "\r\n")),
        ),
        ("start.sh", start),
    ]
}

/// A file that is being written, and appears when it is complete.
pub struct Output {
    file: PathBuf,
    new: NamedTempFile,
    /// The folder in which the scripts go as well.
    stick: Option<PathBuf>,
}

impl Output {
    /// Begins a file: `path`, or the usual one in a folder, such as that of a USB stick.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        // Otherwise a folder with a wrong name would become a file.
        if path.to_string_lossy().ends_with(std::path::is_separator) && !path.is_dir() {
            let error = io::Error::from(ErrorKind::NotFound);
            return Err(not_written(path, error.into()));
        }
        let stick = path.is_dir().then(|| path.to_owned());
        let file = stick
            .as_ref()
            .map_or_else(|| path.to_owned(), |stick| stick.join(FILE));
        let folder = match file.parent() {
            Some(folder) if folder != Path::new("") => folder,
            // A name alone is a file in the current folder.
            _ => Path::new("."),
        };
        let create = || -> io::Result<NamedTempFile> {
            files::remove_left_behind(folder, NEW);
            let mut builder = tempfile::Builder::new();
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
            builder.prefix(NEW).tempfile_in(folder)
        };
        let new = create().map_err(|error| not_written(&file, error.into()))?;
        Ok(Self { file, new, stick })
    }

    /// Writes the archive, and next to it what a stick needs. Returns the file and its size.
    ///
    /// # Errors
    ///
    /// If something cannot be written, or `on_file` fails.
    pub fn write(
        self,
        contents: &Contents,
        compression: u32,
        on_file: &mut dyn FnMut() -> Result<()>,
    ) -> Result<(PathBuf, u64)> {
        let Self { file, new, stick } = self;
        let write = || -> Result<u64> {
            let top = Path::new(FOLDER);
            contents.write(BufWriter::new(new.as_file()), top, compression, on_file)?;
            // A stick may be pulled out as soon as the size is printed.
            new.as_file().sync_all()?;
            let size = new.as_file().metadata()?.len();
            new.persist(&file).map_err(|error| error.error)?;
            if let Some(folder) = stick {
                for (name, script) in scripts(false) {
                    let Content::Bytes { bytes, .. } = script else {
                        continue;
                    };
                    files::write_atomically(&folder.join(name), bytes)?;
                }
            }
            Ok(size)
        };
        match write() {
            Ok(size) => Ok((file, size)),
            Err(error) if error.is::<Cancelled>() => Err(error),
            Err(error) => Err(not_written(&file, error)),
        }
    }
}

/// What failed, and what to do.
fn not_written(file: &Path, error: Error) -> Error {
    let mut causes = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>());
    let kind = causes.next().map(io::Error::kind);
    let file = file.display();
    error.context(match kind {
        Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge) => format!(
            "The bundle was not written, because the disk of {file} is full. Free some space, or choose another place with \
             `--output`."
        ),
        _ => format!(
            "The bundle was not written to {file}. Choose a place with `--output` that you can write to."
        ),
    })
}
