//! The side that tracing talks to.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Metadata, Subscriber, dispatcher};

use crate::recorder::Shared;

/// Turns tracing's events into marks. Spans are ignored: see the crate's documentation for the reason.
pub(crate) struct Listener {
    recording: Arc<Shared>,
}

impl Listener {
    pub(crate) fn new(recording: Arc<Shared>) -> Self {
        Self { recording }
    }

    /// The recording `dispatch` leads to, if it is one of ours.
    pub(crate) fn recording_of(dispatch: &Dispatch) -> Option<&Arc<Shared>> {
        dispatch
            .downcast_ref::<Self>()
            .map(|listener| &listener.recording)
    }

    /// Whether this thread's events already go to `recording`.
    pub(crate) fn is_default_for(recording: &Arc<Shared>) -> bool {
        dispatcher::get_default(|dispatch| {
            Self::recording_of(dispatch).is_some_and(|default| Arc::ptr_eq(default, recording))
        })
    }
}

impl Subscriber for Listener {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        self.recording.mark(text.message + &text.fields);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        unspanned()
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The id of every span that somebody makes without asking whether spans are enabled.
fn unspanned() -> Id {
    Id::from_u64(1)
}

#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a String fails only if the value's own Debug does; what it wrote stands.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

/// Makes tracing ask the current subscriber about every event, for the rest of the process.
///
/// tracing keeps, with every callsite, what the subscribers said about it. When it believes that there
/// is one subscriber at most, it asks the one of the thread at hand, which may have none: "never" is
/// kept then, and the subscriber of another thread does not hear of that callsite again until a new
/// subscriber comes along. Two subscribers that never go away, and want to be asked each time, rule out
/// both the belief and the answer.
pub(crate) fn keep_every_callsite_awake() {
    static KEEPERS: OnceLock<[Dispatch; 2]> = OnceLock::new();
    KEEPERS.get_or_init(|| [Dispatch::new(Keeper), Dispatch::new(Keeper)]);
}

struct Keeper;

impl Subscriber for Keeper {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn event(&self, _: &Event<'_>) {}

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        unspanned()
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
