//! Whether a future is `Send`, found out while the test runs.
//!
//! With a `Send` bound, an answer that is not `Send` would not compile, and the whole chapter could not be graded.

/// Whether the type of this value is `Send`, as a `bool`.
///
/// The compiler must know the concrete type where the macro is called, for example the future of an `async fn`. Of a
/// type parameter it knows only the bounds. The type of an `async` block in the same function is not complete yet:
/// that does not compile if it is not `Send`. The value is neither moved nor changed.
///
/// The idea comes from the crate `impls`: an inherent method that needs the bound takes precedence over a trait's
/// method that does not.
///
/// ```
/// use std::rc::Rc;
///
/// async fn not_send() {
///     let counter = Rc::new(42);
///     tokio::task::yield_now().await;
///     println!("{counter}");
/// }
///
/// assert!(!grading::is_send!(not_send()));
/// assert!(grading::is_send!(tokio::task::yield_now()));
/// ```
#[macro_export]
macro_rules! is_send {
    ($value:expr) => {{
        #[allow(unused_imports, reason = "a value that is `Send` does not need it")]
        use $crate::send::NotSend as _;
        $crate::send::TypeOf::value(&$value).is_send()
    }};
}

/// The type of a value, without the value.
#[derive(Debug)]
pub struct TypeOf<T>(std::marker::PhantomData<T>);

impl<T> TypeOf<T> {
    /// The type of `value`.
    pub fn value(_value: &T) -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T: Send> TypeOf<T> {
    /// Chosen if the type is `Send`.
    pub fn is_send(&self) -> bool {
        true
    }
}

/// Answers if the type is not `Send`.
pub trait NotSend {
    /// Chosen if the type is not `Send`.
    fn is_send(&self) -> bool {
        false
    }
}

impl<T> NotSend for TypeOf<T> {}
