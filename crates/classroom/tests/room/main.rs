//! A room: what learners send, what the teacher sees, and what hostile learners may try.

mod hostile;
mod learners;
mod limits;
mod room;
