//! Receives tracing's events.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Metadata, Subscriber, dispatcher};

use crate::recording::Recording;

/// Turns tracing's events into marks. It ignores spans; the crate's documentation gives the reason.
pub(crate) struct MarkSubscriber {
    recording: Arc<Recording>,
}

impl MarkSubscriber {
    pub(crate) fn new(recording: Arc<Recording>) -> Self {
        Self { recording }
    }

    /// The recording behind `dispatch`, if it belongs to this crate.
    pub(crate) fn recording_of(dispatch: &Dispatch) -> Option<&Arc<Recording>> {
        dispatch
            .downcast_ref::<Self>()
            .map(|subscriber| &subscriber.recording)
    }

    /// Whether this thread's events already go to `recording`.
    pub(crate) fn is_default_for(recording: &Arc<Recording>) -> bool {
        dispatcher::get_default(|dispatch| {
            Self::recording_of(dispatch).is_some_and(|default| Arc::ptr_eq(default, recording))
        })
    }
}

impl Subscriber for MarkSubscriber {
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
        ignored_span()
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The id of spans that are made without checking whether spans are enabled.
fn ignored_span() -> Id {
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
        // Writing to a String fails only if the value's own Debug fails; what it wrote before is kept.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

/// Makes tracing ask the current subscriber about every event, for the rest of the process.
///
/// tracing caches, for every callsite, whether a subscriber is interested in it. When it assumes that there
/// is at most one subscriber, it asks the one of the current thread, which may have none. It then caches
/// "never", and subscribers of other threads get no event of that callsite until a new subscriber is
/// created. Two subscribers that always exist, and want to be asked each time, prevent both the assumption
/// and that answer.
pub(crate) fn keep_every_callsite_enabled() {
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
        ignored_span()
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
