//! A class is graded with a grader that reads its verdicts off the answers.

mod fake;
mod once;
mod shards;
