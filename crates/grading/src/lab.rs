//! A laboratory in virtual time, for exercises in which work goes from hand to hand.
//!
//! A [`Bench`] is the grader's end: it says how long everything takes, and writes down what is done. The
//! [`Lab`] is what an answer gets.
//!
//! ```
//! use grading::lab::{Bench, Sample, Station};
//! use grading::{Failure, check, grade, ms};
//!
//! grade(async || {
//!     let bench = Bench::new().time(Station::Analyse, ms(30));
//!     let lab = bench.lab();
//!     let reports = tokio::join!(lab.analyse(Sample(1)), lab.analyse(Sample(2)));
//!     check(reports.0.sample == Sample(1), || Failure::new("A report says whose it is."));
//!     check(bench.finished(Station::Analyse) == [1, 2], || Failure::new("Both are done."));
//!     check(bench.peak(Station::Analyse) == 2, || Failure::new("Both at the same time."));
//! });
//! ```

mod bench;

pub use bench::{Bench, Station, Visit};

/// A tube of blood, with the number on its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sample(pub u32);

/// What an analysis has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Report {
    /// Whose report it is
    pub sample: Sample,
    /// What was measured
    pub value: u32,
}

/// The archive has no room for another report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// A laboratory with three stations. A cheap handle: clones are the same laboratory.
#[derive(Debug, Clone)]
pub struct Lab {
    bench: Bench,
}

impl Lab {
    /// Spins a sample in the centrifuge.
    ///
    /// In a timeline it is the lane `spin 7`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops it; the bench notes it as cancelled.
    #[timeline::lane("spin {}", sample.0)]
    pub async fn spin(&self, sample: Sample) -> Sample {
        self.bench.visit(Station::Spin, sample.0).await;
        sample
    }

    /// Analyses a sample.
    ///
    /// In a timeline it is the lane `analyse 7`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops it; the bench notes it as cancelled.
    #[timeline::lane("analyse {}", sample.0)]
    pub async fn analyse(&self, sample: Sample) -> Report {
        self.bench.visit(Station::Analyse, sample.0).await;
        report_of(sample.0)
    }

    /// Puts a report into the archive.
    ///
    /// In a timeline it is the lane `store 7`.
    ///
    /// # Errors
    ///
    /// [`Full`], after the time that it takes, if the archive has no more room.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops it; the bench notes it as cancelled.
    #[timeline::lane("store {}", report.sample.0)]
    pub async fn store(&self, report: Report) -> Result<(), Full> {
        self.bench.visit(Station::Store, report.sample.0).await;
        self.bench.shelve()
    }
}

/// What [`Lab::analyse`] says of the sample with this number.
pub fn report_of(number: u32) -> Report {
    Report {
        sample: Sample(number),
        value: number * 37 % 100,
    }
}
