//! Files and signals: Landlock. An older kernel enforces what it knows, and one without Landlock nothing.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, Scope, path_beneath_rules,
};

/// The rights that are known here.
const KNOWN: ABI = ABI::V6;

/// From this version on, a file cannot be emptied either.
const FILES: ABI = ABI::V3;

/// From this version on, signals are restricted.
const SIGNALS: ABI = ABI::V6;

/// Programs write to it what they do not need.
const NULL: &str = "/dev/null";

/// Lets this thread, and what it starts, write only below `folder`. Returns whether files are restricted, and whether signals are.
pub(super) fn confine_thread(folder: Option<&Path>) -> (bool, bool) {
    match restrict(folder).map(|status| status.landlock) {
        Ok(LandlockStatus::Available { effective_abi, .. }) => {
            (effective_abi >= FILES, effective_abi >= SIGNALS)
        }
        Ok(_) | Err(_) => (false, false),
    }
}

fn restrict(folder: Option<&Path>) -> Result<RestrictionStatus, RulesetError> {
    let write = AccessFs::from_write(KNOWN);
    Ruleset::default()
        .handle_access(write)?
        .scope(Scope::from_all(KNOWN))?
        .create()?
        .add_rules(path_beneath_rules(folder, write))?
        .add_rules(path_beneath_rules([NULL], AccessFs::WriteFile))?
        .restrict_self()
}
