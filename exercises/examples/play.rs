//! A place to run the programs of the book: `cargo run -p exercises --example play`.
//!
//! Click the eye at a program's upper right to see all of it, and copy it in place of what stands here.

fn main() {
    println!("Copy a program of the book into exercises/examples/play.rs.");
}
