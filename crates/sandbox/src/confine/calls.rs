//! Objects of the kernel that belong to no process: a filter of system calls (seccomp).

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::sync::LazyLock;

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

/// These fail with `EPERM`. What they create is not found when a job's memory is counted, and outlives it.
const DENIED: &[i64] = &[
    libc::SYS_shmget,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_mq_open,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
];

/// `None` for a processor that the filter's compiler does not know.
static FILTER: LazyLock<Option<BpfProgram>> = LazyLock::new(|| {
    // Without conditions, the number of the call decides.
    let rules: BTreeMap<_, _> = DENIED.iter().map(|&call| (call, Vec::new())).collect();
    let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, ARCH.try_into().ok()?);
    filter.ok()?.try_into().ok()
});

/// Denies these calls to this thread and to what it starts. Returns whether the system does so.
pub(super) fn confine_thread() -> bool {
    FILTER
        .as_ref()
        .is_some_and(|filter| apply_filter(filter).is_ok())
}
