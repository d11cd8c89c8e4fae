//! How fast the workbook is: `cargo speed`, or, for a large class only, `cargo speed class`.
//!
//! Every figure is measured in this one run and printed beside something of its own kind, because
//! machines differ and are noisy. Nothing fails when a figure is bad: read them.

mod blocks;
mod class;
mod page;
mod page_files;
mod rustlings;
mod timing;
mod tool;
mod verdict;
mod workspace;

use std::env;

use anyhow::Result;
use ci::project::here;

fn main() -> Result<()> {
    let project = here();
    if env::args().nth(1).as_deref() == Some("class") {
        return class::measure(&project);
    }
    blocks::measure(&project)?;
    verdict::measure(&project)?;
    let workspace = tool::workspace_with_a_wrong_answer(&project)?;
    let tool = tool::build(&workspace)?;
    let watched = tool::measure_verdicts(&tool, &workspace)?;
    page::measure(&tool, &workspace, watched)?;
    tool::measure_program(&tool, &workspace)?;
    class::measure(&project)
}
