//! The tool behind `cargo workbook`.
