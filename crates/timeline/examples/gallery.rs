//! Draws the scenes of the tests: `cargo run -p timeline --example gallery -- <directory>`.

#[path = "../tests/support/scenes.rs"]
mod scenes;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let directory = env::args_os()
        .nth(1)
        .map_or_else(env::temp_dir, PathBuf::from);
    fs::create_dir_all(&directory)?;
    for (name, timeline) in scenes::all() {
        let title = name.replace('-', " ");
        fs::write(
            directory.join(format!("{name}.svg")),
            timeline.to_svg(name, &title),
        )?;
        for columns in [80, 40] {
            println!("{}", timeline.to_text(columns));
        }
        println!("{}\n", timeline.description());
    }
    Ok(())
}
