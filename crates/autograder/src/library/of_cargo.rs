//! Lets cargo build the libraries.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use sandbox::{Cancel, Runner};

use super::Libraries;
use super::messages::{Dependency, dependencies, files_of, packages, rlibs};
use super::set::LibrarySet;
use super::stored::{self, StoredLibraries};
use crate::cargo::{Cargo, Progress};
use crate::project::Project;

impl Libraries {
    /// The libraries of a set. Cargo is started only if something has changed since the last time.
    ///
    /// # Errors
    ///
    /// If cargo is missing or a dependency does not build. (An answer that does not compile is not an
    /// error here.)
    pub fn build(
        set: LibrarySet,
        project: &Project,
        target: &Path,
        version: &str,
        runner: &dyn Runner,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self> {
        let inputs = stored::inputs(set, project, version)?;
        let cache = target.join(set.stored_as());
        if let Some(libraries) = StoredLibraries::read(&cache, &inputs) {
            return Ok(libraries);
        }
        let cargo = Cargo::new(project, target, runner);
        // The crate `exercises` itself comes last. It is of no use here, and an answer may keep the compiler busy forever.
        let is_enough = |progress: &Progress| {
            progress.done + 1 == progress.total && progress.what == "exercises(test)"
        };
        let built = cargo.run(set.build_arguments(), cancel, progress, &is_enough)?;
        let metadata = cargo.run(
            &["metadata", "--format-version=1"],
            cancel,
            &mut |_| {},
            &|_| false,
        )?;
        metadata.must_succeed("cargo could not read the workspace")?;
        let packages = packages(&built.stdout);
        let rlibs: BTreeMap<_, _> = rlibs(&built.stdout).collect();
        let (mut found, mut features) = (BTreeMap::new(), BTreeMap::new());
        for Dependency {
            name,
            package,
            features: on,
        } in dependencies(&metadata.stdout, set.package())?
        {
            features.insert(name.clone(), on);
            match rlibs.get(&package) {
                Some(rlib) => found.insert(name, rlib.clone()),
                // A procedural macro has no rlib; the libraries that use it find it.
                None if packages.contains(&package) => continue,
                None => bail!(
                    "cargo could not build `{name}`, which {} needs:\n{}",
                    set.package(),
                    built.messages()
                ),
            };
        }
        let libraries = Self {
            root: project.root().to_owned(),
            target: target.to_owned(),
            found,
            features,
            built: files_of(&built.stdout),
        };
        // If the list cannot be stored, cargo is asked again the next time.
        let _ = StoredLibraries::write(&cache, inputs, &libraries);
        Ok(libraries)
    }
}
