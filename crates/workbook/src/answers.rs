//! Reads, saves, resets and restores answers.
//!
//! Before an answer is reset or restored, a backup of the whole file is saved in `.workbook/answers`.
//! Backups are never removed or overwritten.

mod backups;
mod error;
mod merge;
mod splice;

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use autograder::files;
use autograder::hash::hash;
use autograder::items::{Item, items};

use crate::storage;
use backups::Backups;
use splice::{Module, line_ends_of};

pub use autograder::items::{conflict_marker, item_at, items_of, names_of};
pub use error::Error;
pub use merge::{MergeTexts, Merged};

const UNCHANGED: &str = "Your answer was not changed";

/// The result of a reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reset {
    /// The stub has been restored.
    Done {
        /// The backup of the file before the reset.
        backup: PathBuf,
    },
    /// The file contains the stub already. Nothing was changed, and no backup was saved.
    Unchanged,
}

/// The result of an undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// The former answer has been restored.
    Done {
        /// The backup that it was restored from.
        from: PathBuf,
        /// The backup of the file before the undo.
        backup: PathBuf,
    },
    /// There is no reset to undo, or none whose undoing would change the answer.
    Nothing,
}

/// Replaces the answer to one exercise, or of a whole chapter, with the stub.
///
/// `root` is the project's folder, `chapter` a slug, `exercise` a name, and `stub` the original text of
/// the chapter's module. For one exercise, only its items are replaced: those with its name, and the impls of
/// that type. The rest of the file does not change. A file with Windows line endings
/// keeps them. A missing or empty file is replaced by the whole stub.
///
/// # Errors
///
/// See [`Error`]; the answer is unchanged then.
pub fn reset(
    root: &Path,
    chapter: &str,
    exercise: Option<&str>,
    stub: &str,
) -> Result<Reset, Error> {
    let answer = Answer::open(root, chapter)?;
    let new = match exercise {
        Some(exercise) if !answer.bytes.trim_ascii().is_empty() => {
            let pristine = items(stub).unwrap_or_default();
            if !pristine.iter().any(|item| item.is_of(exercise)) {
                let message = format!("The stub of `{chapter}` has no exercise `{exercise}`.");
                return Err(Error::Other(anyhow!(message)));
            }
            let (text, items) = parse(&answer.file, &answer.bytes)?;
            let [text, pristine] =
                [(text, &items), (stub, &pristine)].map(|(text, items)| Module { text, items });
            text.with(exercise, &pristine)
        }
        _ => line_ends_of(&answer.bytes, stub).into_owned(),
    };
    if new.as_bytes() == answer.bytes {
        return Ok(Reset::Unchanged);
    }
    let backup = answer.backups.before_reset(exercise, &answer.bytes);
    let backup = backup.map_err(|error| answer.unchanged(error))?;
    answer.replace(new.as_bytes())?;
    Ok(Reset::Done { backup })
}

/// Whether [`undo`] may find something to restore for an exercise.
pub fn can_undo(root: &Path, chapter: &str, exercise: &str) -> bool {
    let module = chapter.replace('-', "_");
    let present = content(&file_of(root, &module)).unwrap_or_default();
    let backups = Backups::of(root, &module).to_undo(Some(exercise), &present);
    backups.is_ok_and(|backups| !backups.is_empty())
}

/// The text of a chapter's file, and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The whole file.
    pub text: String,
    /// A hash of the content.
    pub version: String,
}

impl Text {
    fn of(file: &Path, bytes: &[u8]) -> anyhow::Result<Self> {
        let text = str::from_utf8(bytes).with_context(|| {
            format!(
                "{} is not UTF-8 text. Save it as UTF-8 in your editor.",
                file.display()
            )
        })?;
        Ok(Self {
            text: text.to_owned(),
            version: hash(&[bytes]),
        })
    }
}

/// The text of a chapter's file; empty if the file does not exist.
///
/// # Errors
///
/// If it cannot be read, or is not UTF-8.
pub fn text(root: &Path, chapter: &str) -> anyhow::Result<Text> {
    let file = file_of(root, &chapter.replace('-', "_"));
    Text::of(&file, &content(&file)?)
}

/// The result of saving an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// The answer is on the disk.
    Done {
        /// The version of what was saved.
        version: String,
    },
    /// The file's version is not the one that was edited. Nothing was written.
    Conflict(Text),
}

/// Writes a chapter's file, unless its version differs from `version`, which was edited to get `text`.
///
/// # Errors
///
/// See [`Error`]; the file is unchanged then.
pub fn save(root: &Path, chapter: &str, version: &str, text: &str) -> Result<Saved, Error> {
    let answer = Answer::open(root, chapter)?;
    let saved = || Saved::Done {
        version: hash(&[text]),
    };
    if answer.bytes == text.as_bytes() {
        return Ok(saved());
    }
    if hash(&[&answer.bytes]) != version {
        return Ok(Saved::Conflict(Text::of(&answer.file, &answer.bytes)?));
    }
    answer.replace(text.as_bytes())?;
    Ok(saved())
}

/// Undoes the latest reset that has not been undone yet.
///
/// For one exercise, that is the latest reset of it or of its chapter. Only its items are restored;
/// the other exercises do not change. For a whole chapter (`None`), it is the latest reset of
/// anything in it, and whatever was reset is restored: an exercise's items, or the whole file.
/// A backup of the present file is saved first. A reset whose undoing would change nothing is skipped.
///
/// # Errors
///
/// See [`Error`]; the answer is unchanged then.
pub fn undo(root: &Path, chapter: &str, exercise: Option<&str>) -> Result<Undo, Error> {
    let answer = Answer::open(root, chapter)?;
    for former in answer.backups.to_undo(exercise, &answer.bytes)? {
        let saved = former.bytes()?;
        let wanted = exercise.or(former.exercise.as_deref());
        let new = match wanted {
            None => saved,
            Some(exercise) => restored(&answer, exercise, &former.file, saved)?,
        };
        if new == answer.bytes {
            continue;
        }
        let backup = answer.backups.before_undo(&former, wanted, &answer.bytes);
        let backup = backup.map_err(|error| answer.unchanged(error))?;
        answer.replace(&new)?;
        return Ok(Undo::Done {
            from: former.file,
            backup,
        });
    }
    Ok(Undo::Nothing)
}

/// The answer with one exercise as it is in a backup.
fn restored(
    answer: &Answer,
    exercise: &str,
    file: &Path,
    saved: Vec<u8>,
) -> Result<Vec<u8>, Error> {
    let (text, items) = parse(&answer.file, &answer.bytes)?;
    let present = Module {
        text,
        items: &items,
    };
    let (text, items) = parse(file, &saved)?;
    let former = Module {
        text,
        items: &items,
    };
    // If nothing else has changed, the order of the items is restored, too.
    if present.without(exercise) == former.without(exercise) {
        return Ok(saved);
    }
    Ok(present.with(exercise, &former).into_bytes())
}

fn parse<'a>(file: &Path, bytes: &'a [u8]) -> Result<(&'a str, Vec<Item>), Error> {
    let does_not_parse = |line| Error::DoesNotParse {
        file: file.to_owned(),
        line,
    };
    let text = str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        does_not_parse(1 + good.iter().filter(|&&byte| byte == b'\n').count())
    })?;
    let items = items(text).map_err(|line| match conflict_marker(text) {
        Some(line) => Error::ConflictMarker {
            file: file.to_owned(),
            line,
        },
        None => does_not_parse(line),
    });
    Ok((text, items?))
}

/// Merges the answer `mine` in a file with the changes of its stub from `base` to `theirs`. `texts` merges what both have
/// changed.
///
/// # Errors
///
/// If `mine` cannot be parsed, or `texts` fails.
pub fn merge(
    file: &Path,
    base: &str,
    mine: &str,
    theirs: &str,
    texts: &mut MergeTexts<'_>,
) -> Result<Merged, Error> {
    if let Some(line) = conflict_marker(mine) {
        return Err(Error::ConflictMarker {
            file: file.to_owned(),
            line,
        });
    }
    let [base, mine, theirs] = [base, mine, theirs].map(|text| parse(file, text.as_bytes()));
    let modules = [base?, mine?, theirs?];
    let [base, mine, theirs] = modules
        .each_ref()
        .map(|(text, items)| Module { text, items });
    Ok(merge::merge([&base, &mine, &theirs], texts)?)
}

/// Saves a backup of an answer before an update writes it again.
///
/// # Errors
///
/// If it cannot be written.
pub fn before_update(root: &Path, file: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let module = Path::new(file).file_stem().unwrap_or_default();
    Backups::of(root, &module.to_string_lossy()).before_update(bytes)
}

/// A chapter's answer, locked against other tools.
struct Answer {
    file: PathBuf,
    bytes: Vec<u8>,
    backups: Backups,
    _lock: File,
}

impl Answer {
    fn open(root: &Path, chapter: &str) -> Result<Self, Error> {
        let module = chapter.replace('-', "_");
        let file = file_of(root, &module);
        let lock = storage::lock(root, "answers.lock")
            .map_err(|error| files::advise(UNCHANGED, &storage::folder(root), error))?;
        let bytes = content(&file)?;
        Ok(Self {
            backups: Backups::of(root, &module),
            _lock: lock,
            file,
            bytes,
        })
    }

    /// Writes the answer, unless another program has changed it.
    fn replace(&self, new: &[u8]) -> Result<(), Error> {
        if content(&self.file)? != self.bytes {
            return Err(Error::Conflict {
                file: self.file.clone(),
            });
        }
        files::write_atomically(&self.file, new).map_err(|error| self.unchanged(error))?;
        Ok(())
    }

    fn unchanged(&self, error: anyhow::Error) -> anyhow::Error {
        files::advise(UNCHANGED, &self.file, error)
    }
}

fn file_of(root: &Path, module: &str) -> PathBuf {
    root.join(format!("exercises/src/{module}.rs"))
}

/// The content of a file; empty if it does not exist.
fn content(file: &Path) -> anyhow::Result<Vec<u8>> {
    match files::bytes(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        content => content.with_context(|| {
            format!(
                "Your answer could not be read, and was not changed. Make sure that {} is readable.",
                file.display()
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Answer, Error, Saved, item_at, save, text};

    #[test]
    fn finds_the_item_that_contains_a_line() {
        let text = "use a::b;\n\n/// Counts.\nfn count() {\n    1\n}\nstruct Gate;\n";
        let at = |line| item_at(text, line);
        assert_eq!(
            [3, 5, 6].map(at),
            ["count"; 3].map(|name| Some(name.to_owned()))
        );
        assert_eq!(at(7).as_deref(), Some("Gate"));
        assert_eq!([2, 99].map(at), [None, None]);
    }

    #[test]
    fn saving_needs_the_version_that_was_edited() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("exercises/src/gather.rs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "old").unwrap();
        let old = text(root.path(), "gather").unwrap();
        let Saved::Done { version } = save(root.path(), "gather", &old.version, "new").unwrap()
        else {
            panic!("no other program has saved the file");
        };
        assert_eq!(text(root.path(), "gather").unwrap().version, version);
        let late = save(root.path(), "gather", &old.version, "late").unwrap();
        let on_disk = text(root.path(), "gather").unwrap();
        assert_eq!(late, Saved::Conflict(on_disk));
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        // Saving the present content succeeds with any version.
        let same = save(root.path(), "gather", "outdated", "new").unwrap();
        assert_eq!(same, Saved::Done { version });
    }

    #[test]
    fn a_reset_does_not_overwrite_a_concurrent_save() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("exercises/src/gather.rs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "old").unwrap();
        let answer = Answer::open(root.path(), "gather").unwrap();
        fs::write(&file, "saved by an editor").unwrap();
        let error = answer.replace(b"the stub").unwrap_err();
        assert!(matches!(error, Error::Conflict { .. }));
        assert_eq!(fs::read_to_string(&file).unwrap(), "saved by an editor");
        answer.replace(b"the stub").unwrap_err();
    }
}
