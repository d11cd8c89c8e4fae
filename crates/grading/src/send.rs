//! Whether a future may go to another thread, asked while the test runs.
//!
//! A bound would ask the compiler, and an answer that is not `Send` would keep the whole chapter from being graded.

/// Whether a value of this type may go to another thread, as a `bool`.
///
/// It looks at the type that the compiler knows where the macro stands, and must know it there: the future of an
/// `async fn`, say. For a type parameter it knows nothing but its bounds; an `async` block of the same function is no
/// complete type yet, and does not compile if it is not `Send`. The value is neither moved nor changed.
///
/// The idea is that of the crate `impls`: an inherent method that needs the bound is preferred to a trait's that
/// does not.
///
/// ```
/// use std::rc::Rc;
///
/// async fn stays() {
///     let counter = Rc::new(42);
///     tokio::task::yield_now().await;
///     println!("{counter}");
/// }
///
/// assert!(!grading::is_send!(stays()));
/// assert!(grading::is_send!(tokio::task::yield_now()));
/// ```
#[macro_export]
macro_rules! is_send {
    ($value:expr) => {{
        #[allow(unused_imports, reason = "a value that is `Send` does not need it")]
        use $crate::send::MaybeNot as _;
        $crate::send::Asked::about(&$value).is_send()
    }};
}

/// The type of a value, without the value.
#[derive(Debug)]
pub struct Asked<T>(std::marker::PhantomData<T>);

impl<T> Asked<T> {
    /// The type of `value`.
    pub fn about(_value: &T) -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T: Send> Asked<T> {
    /// It is.
    pub fn is_send(&self) -> bool {
        true
    }
}

/// What is asked if the type is not `Send`.
pub trait MaybeNot {
    /// It is not.
    fn is_send(&self) -> bool {
        false
    }
}

impl<T> MaybeNot for Asked<T> {}
