//! A database connection that must not leave its thread, and the table that it reads.

use std::marker::PhantomData;
use std::rc::Rc;

use crate::clock::Clock;

/// A table to which another program adds one row in each millisecond of tokio's time. So a count tells when it was
/// taken.
///
/// ```
/// use grading::not_send::{Connection, Table};
/// use grading::{Failure, check, grade, ms};
///
/// grade(async || {
///     let table = Table::with_rows(200);
///     tokio::time::sleep(ms(30)).await;
///     let rows = Connection::open(&table).count_rows();
///     check(rows == 230, || Failure::new("After 30 ms there are 30 more rows."));
/// });
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    rows: u32,
    created: Clock,
}

impl Table {
    /// A table that has so many rows now.
    pub fn with_rows(rows: u32) -> Self {
        Self {
            rows,
            created: Clock::start(),
        }
    }
}

/// Counts the rows of a [`Table`]. It belongs to the thread that opened it, as handles of C libraries often do: it is
/// not [`Send`].
///
/// ```compile_fail,E0277
/// use grading::not_send::{Connection, Table};
///
/// let conn = Connection::open(&Table::with_rows(200));
/// std::thread::spawn(move || println!("{}", conn.count_rows()));
/// ```
#[derive(Debug)]
pub struct Connection {
    table: Table,
    not_send: PhantomData<Rc<()>>,
}

impl Connection {
    /// A connection to `table`. Opening one costs nothing.
    pub fn open(table: &Table) -> Self {
        Self {
            table: table.clone(),
            not_send: PhantomData,
        }
    }

    /// How many rows the table has now.
    ///
    /// # Panics
    ///
    /// After some 49 days of tokio's time, when the number no longer fits.
    pub fn count_rows(&self) -> u32 {
        let added = u32::try_from(self.table.created.elapsed().as_millis());
        let added = added.expect("a test runs for less than 49 days");
        self.table.rows + added
    }
}
