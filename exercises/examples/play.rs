//! A place to run the programs of the book: `cargo workbook run exercises/examples/play.rs`.
//!
//! Click the eye at a program's upper right to see all of it, and copy it in place of what stands here.

fn main() {
    println!("Copy a program of the book into exercises/examples/play.rs.");
}
