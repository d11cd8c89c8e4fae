//! The proofs, one file each.
//!
//! | proof | what it shows |
//! |---|---|
//! | [`code_blocks`] | every Rust block compiles and runs to its end |
//! | [`compile_fail`] | the blocks that must not compile fail with the named error at the marked line |
//! | [`outputs`] | every printed output is what the block prints |
//! | [`python`] | the same for Python blocks |
//! | [`reports`] | every quoted report of a grader is what the grader says |
//! | [`figures`] | every figure is what its block records, and is shown with a caption |
//! | [`formatting`] | every Rust block is formatted as rustfmt does it |
//! | [`links`] | every link of the book and the README leads somewhere, `#fragments` included |
//! | [`summary`] | `SUMMARY.md` lists every page, once |
//! | [`coverage`] | no Rust block escapes the first two, no `text` block the next three |
//! | [`exercises`] | the manifest agrees with stubs, graders and pages |
//! | [`originals`] | what the tool compares with is current: stubs, hashes of graders, known mistakes |
//! | [`minutes`] | each page of a chapter has its minutes, and what the pages say about a chapter's time follows from them |
//! | [`messages`] | each message of the appendix is what a program says, and the overview links to it |
//! | [`names`] | a chapter and its exercises have the same names everywhere |
//! | [`notes`] | every comment on a page is a speaker note or names a report, and core pages have notes |
//! | [`plans`] | the steps of a lesson plan add up, and its exercises and mistakes exist |
//! | [`prose`] | texts are spelled and phrased as STYLE.md asks, and no two pages have the same title |
//! | [`answers`] | solutions pass, stubs are not started, wrong answers are rejected as they say, and each test rejects one |

pub mod answers;
pub mod code_blocks;
pub mod compile_fail;
pub mod coverage;
pub mod exercises;
pub mod figures;
pub mod formatting;
pub mod links;
pub mod messages;
pub mod minutes;
pub mod names;
pub mod notes;
pub mod originals;
pub mod outputs;
pub mod plans;
pub mod prose;
pub mod python;
pub mod reports;
pub mod summary;
