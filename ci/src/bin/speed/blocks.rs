//! The proof of the blocks, beside other tools that compile the same ones.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use autograder::files;
use autograder::library::{Libraries, LibrarySet};
use autograder::rustc::EDITION;
use ci::Project;
use ci::markdown::{Block, Page};
use ci::program::{Compiler, FOR_BLOCKS};
use ci::project::Pages;
use ci::proof::code_blocks;
use tempfile::TempDir;

use crate::timing::{ratio, timed};

/// All blocks of the book: cold, unchanged, one changed; and the same blocks under other tools.
pub fn measure(project: &Project) -> Result<()> {
    // Other tools would need the libraries of the real programs, too.
    let mut pages = project.pages()?;
    pages.retain(|page| {
        let mut blocks = page.rust_blocks();
        blocks.all(|block| LibrarySet::needed_by(&block.body) == LibrarySet::Exercises)
    });
    let blocks = pages.iter().flat_map(Page::rust_blocks);
    let blocks: Vec<Block> = blocks.cloned().collect();
    let count = blocks.len();
    println!("{count} Rust blocks, two at a time");

    let cache = tempfile::tempdir()?;
    let compiler = Compiler::with_cache(cache.path().to_owned())?;
    let check = || {
        in_pairs(&blocks, |block| {
            code_blocks::check_block(&compiler, block).map(drop)
        })
    };
    let cold = timed(check)?;
    line("cold", cold, count, cold);
    line("again, nothing changed", timed(check)?, count, cold);
    let mut changed = blocks.clone();
    changed[0].body.push_str("// changed\n");
    let one = timed(|| {
        in_pairs(&changed, |block| {
            code_blocks::check_block(&compiler, block).map(drop)
        })
    })?;
    line("again, one block changed", one, count, cold);

    let libraries = Linked::new(compiler.libraries())?;
    let merged = timed(|| libraries.rustdoc(&blocks))?;
    line("rustdoc, merged doctests", merged, count, cold);
    let start = Instant::now();
    match libraries.mdbook_test(&pages)? {
        Some(()) => line("`mdbook test`", start.elapsed(), count, cold),
        None => {
            println!("`mdbook test`                            not measured: no mdBook in PATH")
        }
    }
    Ok(())
}

/// The libraries under names without hashes, as tools want them that search a folder.
struct Linked {
    folder: TempDir,
    dependencies: Vec<PathBuf>,
}

impl Linked {
    fn new(libraries: &Libraries) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        for name in FOR_BLOCKS {
            fs::copy(
                libraries.path(name)?,
                folder.path().join(format!("lib{name}.rlib")),
            )?;
        }
        let dependencies = libraries.folders().into_iter().map(Path::to_owned);
        Ok(Self {
            folder,
            dependencies: dependencies.collect(),
        })
    }

    /// Every block as a doc test of one file.
    fn rustdoc(&self, blocks: &[Block]) -> Result<()> {
        let mut docs = String::new();
        for (number, block) in blocks.iter().enumerate() {
            let lines = block.body.lines().map(|line| format!("/// {line}\n"));
            let body: String = lines.collect();
            docs += &format!(
                "/// ```{}\n{body}/// ```\npub fn block_{number}() {{}}\n",
                block.info
            );
        }
        let file = self.folder.path().join("blocks.rs");
        fs::write(&file, docs)?;
        let mut rustdoc = Command::new("rustdoc");
        rustdoc
            .args(["--test", "--edition", EDITION, "--crate-name", "blocks"])
            .arg(&file);
        for name in FOR_BLOCKS {
            let library = self.folder.path().join(format!("lib{name}.rlib"));
            rustdoc
                .arg("--extern")
                .arg(format!("{name}={}", library.display()));
        }
        for folder in &self.dependencies {
            rustdoc
                .arg("-L")
                .arg(format!("dependency={}", folder.display()));
        }
        let output = rustdoc
            .output()
            .context("`rustdoc` could not be started.")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(output.status.success(), "rustdoc --test failed:\n{said}");
        Ok(())
    }

    /// `mdbook test`, which cannot be told the libraries: a wrapper that names them is found in PATH
    /// before the real rustdoc. `None` where no mdBook is installed.
    fn mdbook_test(&self, pages: &[Page]) -> Result<Option<()>> {
        let externs: String = FOR_BLOCKS
            .iter()
            .map(|name| {
                format!(
                    " --extern {name}={}/lib{name}.rlib",
                    self.folder.path().display()
                )
            })
            .collect();
        let folders = self.dependencies.iter();
        let dependencies: String = folders
            .map(|folder| format!(" -L dependency={}", folder.display()))
            .collect();
        let wrapper = self.folder.path().join("rustdoc");
        let script = format!(
            "#!/bin/sh\nexec {} \"$@\" {externs}{dependencies}\n",
            which("rustdoc")?.display(),
        );
        fs::write(&wrapper, script)?;
        Command::new("chmod").arg("+x").arg(&wrapper).status()?;
        let mut search = vec![self.folder.path().to_owned()];
        search.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let book = tempfile::tempdir()?;
        let mut summary = String::new();
        for (number, page) in pages.iter().enumerate() {
            summary += &format!("- [{number}]({number}.md)\n");
            files::write(&book.path().join(format!("src/{number}.md")), &page.text)?;
        }
        files::write(&book.path().join("src/SUMMARY.md"), &summary)?;
        let output = Command::new("mdbook")
            .arg("test")
            .current_dir(book.path())
            .env("PATH", env::join_paths(search)?)
            .output();
        let Ok(output) = output else {
            return Ok(None);
        };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "mdbook test failed:\n{said}");
        Ok(Some(()))
    }
}

/// Where a program in PATH is.
fn which(program: &str) -> Result<PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
        .with_context(|| format!("{program} is not in PATH"))
}

/// Works on two pieces at a time, as libtest does on two cores.
fn in_pairs<T: Sync>(work: &[T], check: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let worker = || {
            while let Some(piece) =
                work.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            {
                check(piece)?;
            }
            Ok(())
        };
        let other = scope.spawn(worker);
        worker()?;
        other.join().expect("a check does not panic")
    })
}

/// A time for all blocks, for each, and in relation to the cold run.
fn line(what: &str, time: Duration, count: usize, cold: Duration) {
    let each = time / u32::try_from(count).unwrap_or(1);
    println!(
        "{what:40} {time:>10.2?} {each:>10.1?} a block {:>6.2}",
        ratio(time, cold)
    );
}
