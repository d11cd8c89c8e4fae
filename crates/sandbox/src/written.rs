//! Reads what a job has written.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// The content of a file that a job may have written, if it is a regular file of at most `most` bytes. Anything else is
/// as if there were no file: a link may lead anywhere, a pipe blocks its reader, and a device or a large file takes more
/// memory than there is.
///
/// # Errors
///
/// If the file exists and cannot be read.
pub fn read_written(file: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let is_regular = match file.symlink_metadata() {
        Ok(metadata) => metadata.is_file(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    if !is_regular {
        return Ok(None);
    }
    let file = open(file)?;
    if !file.metadata()?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// A process that survived its job may have replaced the file by something else, which must not be followed or
/// waited for.
fn open(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    options.read(true).open(file)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::read_written;

    const MOST: u64 = 1000;

    #[track_caller]
    fn reads(file: &Path) -> Option<Vec<u8>> {
        read_written(file, MOST).unwrap()
    }

    #[test]
    fn reads_regular_files_up_to_a_size() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        assert_eq!(reads(&file), None, "there is no file");
        fs::write(&file, [7; 1000]).unwrap();
        assert_eq!(reads(&file), Some(vec![7; 1000]));
        fs::write(&file, [7; 1001]).unwrap();
        assert_eq!(reads(&file), None, "it is too large");
        fs::File::create(&file).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(reads(&file), None, "it is much too large");
        assert_eq!(reads(folder.path()), None, "it is a folder");
    }

    #[cfg(unix)]
    #[test]
    fn reads_nothing_through_a_link_a_pipe_or_a_device() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("target"), "secret").unwrap();
        symlink(at("target"), at("link")).unwrap();
        symlink("/dev/zero", at("zeros")).unwrap();
        symlink(".", at("loop")).unwrap();
        let pipe = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(pipe.unwrap().success());
        for name in ["link", "zeros", "loop", "pipe"] {
            assert_eq!(reads(&at(name)), None, "{name}");
        }
    }
}
