//! Reads, writes and lists files, with errors that name the file.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Error, Result, ensure};
use tempfile::NamedTempFile;

/// How many folders and files a folder may contain. A link to the whole disk would contain more.
const MAX_ENTRIES: usize = 50_000;

/// How the names of files begin that replace another file once they are complete.
const NEW: &str = ".new-";

/// The age at which such a file counts as left behind by a process that was killed. Writing one takes milliseconds.
const LEFT_BEHIND: Duration = Duration::from_secs(60 * 60);

/// The text of a file.
///
/// # Errors
///
/// If it cannot be read, is not a regular file, or is not UTF-8.
pub fn read(path: &Path) -> Result<String> {
    let read = || {
        let text = String::from_utf8(bytes(path)?);
        text.map_err(|error| io::Error::new(ErrorKind::InvalidData, error.utf8_error()))
    };
    read().with_context(|| format!("{} could not be read.", path.display()))
}

/// The content of a file. Only regular files are read: reading a pipe would block, and a device may be endless.
///
/// # Errors
///
/// If it cannot be read, or is not a regular file.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("It is not a regular file."));
    }
    fs::read(path)
}

/// Writes a file, and creates its folder if necessary.
///
/// # Errors
///
/// If the file or its folder cannot be written.
pub fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    fs::write(path, text).with_context(|| format!("{} could not be written.", path.display()))
}

/// Replaces a file atomically: even after a crash, the file has either its old content or the new one. A symbolic link
/// stays, and the file that it leads to is replaced.
///
/// # Errors
///
/// If the file or its folder cannot be written; the file is unchanged then.
pub fn write_atomically(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    write_atomically_with(path, |file| Ok(file.write_all(text.as_ref())?))
}

/// Replaces a file atomically by what `write` writes, which need not be in memory as a whole.
///
/// # Errors
///
/// As [`write_atomically`], and if `write` fails.
pub fn write_atomically_with(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> Result<()>,
) -> Result<()> {
    let replace = || -> Result<()> {
        let path = &behind_links(path)?;
        let folder = path.parent().context("A file has a parent folder.")?;
        // A name alone is a file in the current folder.
        let folder = if folder == Path::new("") {
            Path::new(".")
        } else {
            folder
        };
        create_folder(folder)?;
        remove_left_behind(folder, NEW);
        let new = new_file(folder)?;
        let mut file = BufWriter::new(new.as_file());
        write(&mut file)?;
        file.flush()?;
        drop(file);
        if let Ok(old) = fs::metadata(path) {
            new.as_file().set_permissions(old.permissions())?;
        }
        new.as_file().sync_all()?;
        new.persist(path).map_err(|error| error.error)?;
        Ok(sync(folder)?)
    };
    replace().with_context(|| format!("{} could not be written.", path.display()))
}

/// All files below a folder with this extension, sorted; none if the folder does not exist.
///
/// # Errors
///
/// If a folder cannot be listed.
pub fn below(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = all_below(folder)?;
    found.retain(|path| path.extension().is_some_and(|e| e == extension));
    Ok(found)
}

/// Everything below a folder except folders, sorted; nothing if the folder does not exist. Links are listed, and not
/// followed.
///
/// # Errors
///
/// If a folder cannot be listed.
pub fn entries_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = Vec::from_iter(folder.is_dir().then(|| folder.to_owned()));
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} could not be listed.", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// All files below a folder, sorted; none if the folder does not exist. Symbolic links are followed, but a folder
/// that several links lead to is listed once, so that links in a circle end.
///
/// # Errors
///
/// If a folder cannot be listed, or there are too many.
pub fn all_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut listed) = (Vec::new(), BTreeSet::new());
    let (mut folders, mut links) = (vec![folder.to_owned()], BTreeSet::new());
    // Links come last, so that a folder is listed under its own name.
    while let Some(next) = folders.pop().or_else(|| links.pop_first()) {
        if !next.is_dir() {
            continue;
        }
        let could_not = || format!("{} could not be listed.", next.display());
        if !listed.insert(next.canonicalize().with_context(could_not)?) {
            continue;
        }
        for entry in fs::read_dir(&next).with_context(could_not)? {
            let path = entry.with_context(could_not)?.path();
            if !path.is_dir() {
                found.push(path);
            } else if path.is_symlink() {
                links.insert(path);
            } else {
                folders.push(path);
            }
        }
        ensure!(
            found.len() + listed.len() <= MAX_ENTRIES,
            "{} contains more than {MAX_ENTRIES} files. A symbolic link in it may lead to a large folder: remove it.",
            folder.display()
        );
    }
    found.sort();
    Ok(found)
}

/// Removes the entries of a folder whose names begin with `prefix`, if a process that was killed has left them behind.
/// What cannot be removed stays.
pub fn remove_left_behind(folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_temporary = entry.file_name().to_string_lossy().starts_with(prefix);
        let age = || {
            let modified = entry.metadata().ok()?.modified().ok()?;
            SystemTime::now().duration_since(modified).ok()
        };
        if is_temporary && age().is_some_and(|age| age > LEFT_BEHIND) {
            let path = entry.path();
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        }
    }
}

/// The line, counted from 1, that contains byte `offset` of `text`.
pub fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset.min(text.len())]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
}

/// Adds a sentence to `error` that says what failed and what to do about it. `failure` is the start of that
/// sentence, such as "Progress was not saved".
pub fn advise(failure: &str, place: &Path, error: impl Into<Error>) -> Error {
    let error = error.into();
    let kind = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<io::Error>())
        .map_or(ErrorKind::Other, io::Error::kind);
    let place = place.display();
    error.context(match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!(
                "{failure}, because the disk of {place} is full. Free some space and try again."
            )
        }
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => format!(
            "{failure}, because {place} is not writable. Make it writable, or work in a copy of \
             the project that you own."
        ),
        _ => format!("{failure}. Make sure that {place} can be written, and try again."),
    })
}

/// The file that is meant by a path: at the end of its symbolic links, even if it does not exist yet.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        let Ok(next) = fs::read_link(&path) else {
            return Ok(path);
        };
        path = path.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::other("Its symbolic links lead in a circle."))
}

fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("{} could not be created.", folder.display()))
}

/// A temporary file next to the one that it will replace, with the default mode of a new file.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(NEW).tempfile_in(folder)
}

/// Makes a rename in this folder durable. Windows has no such call and needs none.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;
    use std::time::SystemTime;

    use super::{LEFT_BEHIND, all_below, entries_below, read, write_atomically};

    #[test]
    fn a_file_that_a_killed_process_left_is_removed_by_the_next_write() {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let of = |name: &str| folder.path().join(name);
        for name in [".new-old", ".new-young", "old"] {
            fs::write(of(name), "x").expect("writable");
        }
        for name in [".new-old", "old"] {
            let file = File::options().append(true).open(of(name)).expect("there");
            let then = SystemTime::now() - 2 * LEFT_BEHIND;
            file.set_modified(then).expect("it is a file");
        }
        write_atomically(&of("answer.rs"), "new").expect("writable");
        let names: Vec<_> = all_below(folder.path()).expect("readable");
        let expected = [".new-young", "answer.rs", "old"].map(of);
        assert_eq!(names, expected);
    }

    #[test]
    fn only_a_regular_file_is_read() {
        let error = read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect_err("it is a folder");
        assert!(
            format!("{error:#}").contains("not a regular file"),
            "{error:#}"
        );
    }

    #[cfg(unix)]
    mod links {
        use std::os::unix::fs::symlink;

        use super::*;

        #[test]
        fn a_link_stays_when_its_file_is_written() {
            let folder = tempfile::tempdir().expect("a folder can be created");
            let of = |name: &str| folder.path().join(name);
            fs::create_dir(of("elsewhere")).expect("writable");
            fs::write(of("elsewhere/answer.rs"), "old").expect("writable");
            symlink("elsewhere/answer.rs", of("link")).expect("writable");
            symlink(of("link"), of("link to a link")).expect("writable");
            symlink("elsewhere/new.rs", of("dangling")).expect("writable");
            for (link, file) in [
                ("link", "answer.rs"),
                ("link to a link", "answer.rs"),
                ("dangling", "new.rs"),
            ] {
                write_atomically(&of(link), link).expect("writable");
                assert!(of(link).is_symlink(), "{link}");
                assert_eq!(read(&of("elsewhere").join(file)).expect("there"), link);
            }
            symlink("circle", of("circle")).expect("writable");
            let error = write_atomically(&of("circle"), "x").expect_err("there is no file");
            assert!(format!("{error:#}").contains("in a circle"), "{error:#}");
        }

        #[test]
        fn links_are_listed_as_entries() {
            let folder = tempfile::tempdir().expect("a folder can be created");
            let of = |name: &str| folder.path().join(name);
            fs::create_dir(of("inner")).expect("writable");
            fs::write(of("inner/file.rs"), "").expect("writable");
            symlink(".", of("inner/loop")).expect("writable");
            symlink("/", of("root")).expect("writable");
            symlink("nowhere", of("dangling.rs")).expect("writable");
            let expected = ["dangling.rs", "inner/file.rs", "inner/loop", "root"].map(of);
            assert_eq!(entries_below(folder.path()).expect("readable"), expected);
            assert!(entries_below(&of("missing")).expect("readable").is_empty());
        }

        #[test]
        fn links_in_a_circle_are_followed_once() {
            let folder = tempfile::tempdir().expect("a folder can be created");
            let of = |name: &str| folder.path().join(name);
            for name in ["a", "b", "c"] {
                fs::create_dir(of(name)).expect("writable");
                fs::write(of(name).join("file.rs"), "").expect("writable");
                for other in ["a", "b", "c"] {
                    symlink(of(other), of(name).join(other)).expect("writable");
                }
            }
            symlink("nowhere", of("dangling.rs")).expect("writable");
            let expected = ["a/file.rs", "b/file.rs", "c/file.rs", "dangling.rs"].map(of);
            assert_eq!(all_below(folder.path()).expect("readable"), expected);
        }
    }
}
