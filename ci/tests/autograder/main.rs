//! The autograder, on small workbooks: whatever an answer is or does, it gets the verdict that it
//! deserves.

mod bytes;
mod cached;
mod chapters;
mod graders;
mod hostile;
mod programs;
mod workbook;
