//! A class that is graded on several machines, as `class/slurm.sbatch` and `class/github-actions.yml` do it, has the same
//! results as on one.

#![cfg(target_os = "linux")]

mod actions;
#[path = "../support/small_class.rs"]
mod class;
mod cluster;
mod one;
mod slurm;
