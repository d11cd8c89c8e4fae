//! A room: what learners send, what the teacher sees, and what hostile learners may try.

#[cfg(target_os = "linux")]
#[path = "../../../workbook/tests/browser/axe.rs"]
mod axe;
#[cfg(target_os = "linux")]
mod browser;
#[cfg(target_os = "linux")]
#[path = "../../../workbook/tests/browser/driver.rs"]
mod driver;
mod hostile;
mod learners;
mod limits;
mod room;
