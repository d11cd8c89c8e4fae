//! Answers put back to their stubs, and brought back again.
//!
//! Before an answer is replaced, the whole file is kept byte for byte in `.workbook/answers`.
//! Nothing there is ever removed or written over.

mod items;
mod kept;
mod splice;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use autograder::files;
use autograder::hash::hash;

use crate::saved;
use items::{Item, items};
use kept::Kept;
use splice::{Module, line_ends_of};

pub use items::{items_of, names_of};

const NOT_KEPT: &str = "Your answer was left as it is";

/// What a reset did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reset {
    /// The stub is back.
    Done {
        /// The copy of the file as it was before.
        kept: PathBuf,
    },
    /// The stub was there already. Nothing was changed, nothing was kept.
    Already,
}

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// The former answer is back.
    Done {
        /// The copy that it came from.
        from: PathBuf,
        /// The copy of the file as it was before.
        kept: PathBuf,
    },
    /// There is no reset that has not been undone, or none that would change the answer.
    Nothing,
}

/// Why an answer was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// One exercise cannot be told from the others. A reset of the whole chapter works.
    #[error(
        "{} is no Rust that can be taken apart from line {line} on, so one exercise cannot be \
         replaced in it: mend that line, or reset the whole chapter, which keeps a copy of what you \
         wrote.",
        file.display()
    )]
    DoesNotParse {
        /// The file, which may be a copy in `.workbook/answers`.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// Somebody else wrote the answer at the same time.
    #[error(
        "{} was saved by another program at the same time, so it was left as it is now: try again.",
        file.display()
    )]
    ChangedMeanwhile {
        /// The file.
        file: PathBuf,
    },
    /// A file could not be read or written, or the stub has no such exercise.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Puts the stub back: of one exercise, or of the whole chapter.
///
/// `root` is the project's folder, `chapter` a slug, `exercise` a name, `stub` the pristine text of
/// the chapter's module. For one exercise its items are replaced (what is named so, and the impls of
/// that type); everything else in the file stays byte for byte. A file with Windows line endings
/// keeps them. A missing or empty file gets the whole stub.
///
/// # Errors
///
/// See [`Error`]; the answer is then as it was.
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
        return Ok(Reset::Already);
    }
    let kept = answer.kept.before_reset(exercise, &answer.bytes);
    let kept = kept.map_err(|error| answer.untouched(error))?;
    answer.replace(new.as_bytes())?;
    Ok(Reset::Done { kept })
}

/// Whether there may be something for [`undo`] to bring back of an exercise.
pub fn can_undo(root: &Path, chapter: &str, exercise: &str) -> bool {
    let module = chapter.replace('-', "_");
    let present = content(&file_of(root, &module)).unwrap_or_default();
    let copies = Kept::of(root, &module).to_undo(Some(exercise), &present);
    copies.is_ok_and(|copies| !copies.is_empty())
}

/// An answer's text, and the version that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The whole file.
    pub text: String,
    /// A name for exactly this content.
    pub version: String,
}

impl Text {
    fn of(file: &Path, bytes: &[u8]) -> anyhow::Result<Self> {
        let text = str::from_utf8(bytes).with_context(|| {
            format!(
                "{} is no text in UTF-8: open it in the editor that it was written with.",
                file.display()
            )
        })?;
        Ok(Self {
            text: text.to_owned(),
            version: hash(&[bytes]),
        })
    }
}

/// What a chapter's file says now. A missing one says nothing.
///
/// # Errors
///
/// If it cannot be read, or is no text.
pub fn text(root: &Path, chapter: &str) -> anyhow::Result<Text> {
    let file = file_of(root, &chapter.replace('-', "_"));
    Text::of(&file, &content(&file)?)
}

/// What came of saving an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is on the disk.
    Done {
        /// The version of what was saved.
        version: String,
    },
    /// The file has another content than the one that was changed. Nothing was written.
    Conflict(Text),
}

/// Writes a chapter's file, if what is there is still the `version` that `text` was made from.
///
/// # Errors
///
/// See [`Error`]; the file is then as it was.
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

/// The name of the item in which a line stands, counted from 1; `None` if it stands in none, or the text
/// cannot be taken apart.
pub fn item_at(text: &str, line: usize) -> Option<String> {
    let mut items = items(text).ok()?.into_iter();
    let item = items.find(|item| {
        let first = files::line_of(text, item.range.start);
        (first..=files::line_of(text, item.range.end)).contains(&line)
    })?;
    Some(item.name)
}

/// Brings back what the newest reset took away that has not been undone yet.
///
/// For one exercise, that is the newest reset of it or of its chapter, and only its items come back:
/// the other exercises stay what they are now. For a whole chapter (`None`) it is the newest reset of
/// anything in it, and what comes back is what was reset: an exercise's items, or the whole file.
/// The present file is kept first. A reset whose undoing would change nothing is passed over.
///
/// # Errors
///
/// See [`Error`]; the answer is then as it was.
pub fn undo(root: &Path, chapter: &str, exercise: Option<&str>) -> Result<Undo, Error> {
    let answer = Answer::open(root, chapter)?;
    for copy in answer.kept.to_undo(exercise, &answer.bytes)? {
        let saved = copy.bytes()?;
        let wanted = exercise.or(copy.exercise.as_deref());
        let new = match wanted {
            None => saved,
            Some(exercise) => brought_back(&answer, exercise, &copy.file, saved)?,
        };
        if new == answer.bytes {
            continue;
        }
        let kept = answer.kept.before_undo(&copy, wanted, &answer.bytes);
        let kept = kept.map_err(|error| answer.untouched(error))?;
        answer.replace(&new)?;
        return Ok(Undo::Done {
            from: copy.file,
            kept,
        });
    }
    Ok(Undo::Nothing)
}

/// The answer with one exercise as it was saved.
fn brought_back(
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
    // Where nothing else has changed, even the places of the items come back.
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
    Ok((text, items(text).map_err(does_not_parse)?))
}

/// A chapter's answer, which no other tool resets at the same time.
struct Answer {
    file: PathBuf,
    bytes: Vec<u8>,
    kept: Kept,
    _lock: fs::File,
}

impl Answer {
    fn open(root: &Path, chapter: &str) -> Result<Self, Error> {
        let module = chapter.replace('-', "_");
        let file = file_of(root, &module);
        let lock = saved::lock(root, "answers.lock")
            .map_err(|error| files::advise(NOT_KEPT, &saved::folder(root), error))?;
        let bytes = content(&file)?;
        Ok(Self {
            kept: Kept::of(root, &module),
            _lock: lock,
            file,
            bytes,
        })
    }

    /// Writes the answer, unless somebody else has done so.
    fn replace(&self, new: &[u8]) -> Result<(), Error> {
        if content(&self.file)? != self.bytes {
            return Err(Error::ChangedMeanwhile {
                file: self.file.clone(),
            });
        }
        files::write_whole(&self.file, new).map_err(|error| self.untouched(error))?;
        Ok(())
    }

    fn untouched(&self, error: anyhow::Error) -> anyhow::Error {
        files::advise(NOT_KEPT, &self.file, error)
    }
}

fn file_of(root: &Path, module: &str) -> PathBuf {
    root.join(format!("exercises/src/{module}.rs"))
}

/// What is in the file; nothing, if it is missing.
fn content(file: &Path) -> anyhow::Result<Vec<u8>> {
    match fs::read(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        content => content.with_context(|| {
            format!(
                "Your answer could not be read, so it was left as it is: see to it that you may \
                 read {}.",
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
    fn a_line_belongs_to_the_item_around_it() {
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
    fn a_save_needs_the_version_that_it_was_made_from() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("exercises/src/gather.rs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "old").unwrap();
        let old = text(root.path(), "gather").unwrap();
        let Saved::Done { version } = save(root.path(), "gather", &old.version, "new").unwrap()
        else {
            panic!("nobody else has saved");
        };
        assert_eq!(text(root.path(), "gather").unwrap().version, version);
        let late = save(root.path(), "gather", &old.version, "late").unwrap();
        let on_disk = text(root.path(), "gather").unwrap();
        assert_eq!(late, Saved::Conflict(on_disk));
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        // What is there already needs no saving.
        let same = save(root.path(), "gather", "of long ago", "new").unwrap();
        assert_eq!(same, Saved::Done { version });
    }

    #[test]
    fn what_an_editor_saves_meanwhile_is_not_written_over() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("exercises/src/gather.rs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "old").unwrap();
        let answer = Answer::open(root.path(), "gather").unwrap();
        fs::write(&file, "saved by an editor").unwrap();
        let error = answer.replace(b"the stub").unwrap_err();
        assert!(matches!(error, Error::ChangedMeanwhile { .. }));
        assert_eq!(fs::read_to_string(&file).unwrap(), "saved by an editor");
        answer.replace(b"the stub").unwrap_err();
    }
}
