//! How fast the workbook is: `cargo speed`, or, for a large class only, `cargo speed class`.
//!
//! Every figure is measured in this one run and printed beside something of its own kind, because
//! machines differ and are noisy. Nothing fails when a figure is bad: read them.

mod blocks;
mod class;
mod mixed;
mod page;
mod page_files;
mod rustlings;
mod timing;
mod tool;
mod verdict;
mod workspace;

use std::env;

use anyhow::{Result, bail};
use ci::Project;
use ci::project::here;

fn main() -> Result<()> {
    let project = here();
    match env::args().nth(1).as_deref() {
        None => {}
        Some("class") => return measure_classes(&project),
        Some(other) => bail!("`{other}` is no argument: `cargo speed` has none, or `class`."),
    }
    blocks::measure(&project)?;
    verdict::measure(&project)?;
    let workspace = tool::workspace_with_a_wrong_answer(&project)?;
    let tool = tool::build(&workspace)?;
    let watched = tool::measure_verdicts(&tool, &workspace)?;
    page::measure(&tool, &workspace, watched)?;
    tool::measure_program(&tool, &workspace)?;
    measure_classes(&project)
}

fn measure_classes(project: &Project) -> Result<()> {
    let program = class::build(project)?;
    mixed::measure(project, &program)?;
    class::measure(project, &program)
}
