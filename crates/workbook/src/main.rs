//! `cargo workbook`.

fn main() {}
