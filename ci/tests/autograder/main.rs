//! The autograder, on small workbooks: every answer gets the right verdict, whatever it contains or does.

mod bytes;
mod cached;
mod chapters;
mod graders;
mod harness;
mod hostile;
mod hostile_answers;
mod hostile_programs;
mod programs;
mod workbook;
