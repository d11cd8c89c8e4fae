//! Atomic integers and flags.

pub use std::sync::atomic::Ordering;

use std::sync::atomic as real;

use loom::sync::atomic as model;

use crate::model::{in_model, make, step};

/// One atomic type, with the operations that both the standard library and loom have.
macro_rules! atomic {
    ($name:ident, $value:ty, [$($operation:ident),*]) => {
        #[doc = concat!("[`std::sync::atomic::", stringify!($name), "`], or loom's inside a model.")]
        #[derive(Debug)]
        pub struct $name(Side<real::$name, model::$name>);

        impl $name {
            /// A new atomic with this value.
            pub fn new(value: $value) -> Self {
                Self(if in_model() {
                    Side::Model(make(|| model::$name::new(value)))
                } else {
                    Side::Real(real::$name::new(value))
                })
            }

            /// Returns the value.
            ///
            /// # Panics
            ///
            /// If `order` is not possible for a load, as the standard library's.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                match &self.0 {
                    Side::Real(atomic) => atomic.load(order),
                    Side::Model(atomic) => step(|| atomic.load(order)),
                }
            }

            /// Sets the value.
            ///
            /// # Panics
            ///
            /// If `order` is not possible for a store, as the standard library's.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                match &self.0 {
                    Side::Real(atomic) => atomic.store(value, order),
                    // Not `store`: loom 0.7 can put it between the read and the write of another thread's `swap`.
                    Side::Model(atomic) => {
                        assert!(
                            !matches!(order, Ordering::Acquire | Ordering::AcqRel),
                            "there is no such thing as a {order:?} store"
                        );
                        step(|| atomic.swap(value, order));
                    }
                }
            }

            /// Sets the value to `new` if it is `current`, and returns the previous value.
            ///
            /// # Errors
            ///
            /// With the value, if it was not `current`.
            ///
            /// # Panics
            ///
            /// If an ordering is not possible here, as the standard library's.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                match &self.0 {
                    Side::Real(atomic) => atomic.compare_exchange(current, new, success, failure),
                    Side::Model(atomic) => step(|| atomic.compare_exchange(current, new, success, failure)),
                }
            }

            /// As [`compare_exchange`](Self::compare_exchange). It never fails if the value is `current`, which the standard
            /// library's may.
            ///
            /// # Errors
            ///
            /// With the value, if it was not `current`.
            ///
            /// # Panics
            ///
            /// If an ordering is not possible here, as the standard library's.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(current, new, success, failure)
            }

            /// Sets the value to what `update` makes of it, and returns the previous value. `update` is called again if the value
            /// has changed in the meantime.
            ///
            /// # Errors
            ///
            /// With the value, if `update` returns `None`.
            ///
            /// # Panics
            ///
            /// If an ordering is not possible here, as the standard library's.
            #[track_caller]
            pub fn fetch_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut update: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut value = self.load(fetch_order);
                while let Some(new) = update(value) {
                    match self.compare_exchange(value, new, set_order, fetch_order) {
                        Ok(previous) => return Ok(previous),
                        Err(current) => value = current,
                    }
                }
                Err(value)
            }

            $(
                #[doc = concat!(
                    "[`", stringify!($operation), "`](real::", stringify!($name), "::", stringify!($operation),
                    "): returns the previous value."
                )]
                #[track_caller]
                pub fn $operation(&self, value: $value, order: Ordering) -> $value {
                    match &self.0 {
                        Side::Real(atomic) => atomic.$operation(value, order),
                        Side::Model(atomic) => step(|| atomic.$operation(value, order)),
                    }
                }
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new(<$value>::default())
            }
        }
    };
}

#[derive(Debug)]
enum Side<R, M> {
    Real(R),
    Model(M),
}

atomic!(AtomicBool, bool, [swap, fetch_and, fetch_or, fetch_xor]);
atomic!(
    AtomicU8,
    u8,
    [
        swap, fetch_add, fetch_sub, fetch_and, fetch_or, fetch_max, fetch_min
    ]
);
atomic!(
    AtomicU32,
    u32,
    [
        swap, fetch_add, fetch_sub, fetch_and, fetch_or, fetch_max, fetch_min
    ]
);
atomic!(
    AtomicU64,
    u64,
    [
        swap, fetch_add, fetch_sub, fetch_and, fetch_or, fetch_max, fetch_min
    ]
);
atomic!(
    AtomicUsize,
    usize,
    [
        swap, fetch_add, fetch_sub, fetch_and, fetch_or, fetch_max, fetch_min
    ]
);
