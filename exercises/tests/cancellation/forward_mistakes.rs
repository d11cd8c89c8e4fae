//! In which order answers with the usual mistakes forward messages, so that a report names a mistake only if it explains
//! every order that was seen.

use grading::explained;

/// What an answer does with the number of urgent messages in a row.
struct Counting {
    /// Whether an ordinary message goes first. Messages may be waiting already, or arrive while the answer waits.
    ordinary_first: fn(row: usize, arriving: bool) -> bool,
    after_urgent: fn(row: usize) -> usize,
    /// Perhaps no urgent message was there.
    after_ordinary: fn(row: usize, urgent_was_there: bool) -> usize,
    when_idle: fn(row: usize) -> usize,
}

const RIGHT: Counting = Counting {
    ordinary_first: |row, _| row >= 3,
    after_urgent: |row| row + 1,
    after_ordinary: |_, _| 0,
    when_idle: |row| row,
};

impl Counting {
    /// The order of the messages, `U` and `o`, if those of `later` arrive together when those of `first` are forwarded.
    fn order(&self, first: &str, later: &str) -> String {
        let (mut row, mut order) = (0, String::new());
        for (messages, mut arriving) in [(first, false), (later, true)] {
            let mut left = ['U', 'o'].map(|kind| messages.matches(kind).count());
            while left != [0, 0] {
                let ordinary_first = (self.ordinary_first)(row, arriving);
                arriving = false;
                let is_ordinary = left[0] == 0 || (ordinary_first && left[1] > 0);
                if is_ordinary {
                    row = (self.after_ordinary)(row, left[0] > 0);
                    left[1] -= 1;
                    order.push('o');
                } else {
                    row = (self.after_urgent)(row);
                    left[0] -= 1;
                    order.push('U');
                }
            }
            row = (self.when_idle)(row);
        }
        order
    }
}

const NOT_RESET_BY_A_LONE_ONE: &str = "that the count is not reset if an ordinary message is forwarded because there is no urgent one.";

/// The mistake that explains the `orders` of all `cases`, if there is one.
pub(super) fn usual_mistake(cases: &[(String, String)], orders: &[String]) -> Option<&'static str> {
    let mistakes = [
        (
            "that the count is compared with `==`: an ordinary message goes first after more than three urgent ones, too.",
            Counting {
                ordinary_first: |row, _| row == 3,
                ..RIGHT
            },
        ),
        (
            "that the count begins again at zero after four urgent messages.",
            Counting {
                after_urgent: |row| (row + 1) % 4,
                ..RIGHT
            },
        ),
        (
            "that the count begins again at zero after three urgent messages, although no ordinary one was forwarded.",
            Counting {
                after_urgent: |row| if row >= 3 { 1 } else { row + 1 },
                ..RIGHT
            },
        ),
        (
            "that the count is kept in one byte, which begins again at zero.",
            Counting {
                after_urgent: |row| (row + 1) % 256,
                ..RIGHT
            },
        ),
        (
            "that the count begins again at zero when no message is waiting, although no ordinary one was forwarded.",
            Counting {
                when_idle: |_| 0,
                ..RIGHT
            },
        ),
        (
            "that the count matters only for messages that are waiting already. It also decides which one of those that \
             arrive together goes first.",
            Counting {
                ordinary_first: |row, arriving| row >= 3 && !arriving,
                ..RIGHT
            },
        ),
        (
            NOT_RESET_BY_A_LONE_ONE,
            Counting {
                after_ordinary: |row, urgent_was_there| if urgent_was_there { 0 } else { row },
                ..RIGHT
            },
        ),
        (
            NOT_RESET_BY_A_LONE_ONE,
            Counting {
                after_ordinary: |row, _| if row >= 3 { 0 } else { row },
                ..RIGHT
            },
        ),
        (
            "that the count is not reset if an ordinary message is forwarded.",
            Counting {
                after_ordinary: |row, _| row,
                ..RIGHT
            },
        ),
        (
            "that an ordinary message lowers the count by three, and does not reset it.",
            Counting {
                after_ordinary: |row, _| row.saturating_sub(3),
                ..RIGHT
            },
        ),
    ];
    let in_order = |counting: Counting| {
        let orders = cases
            .iter()
            .map(|(first, later)| counting.order(first, later));
        orders.collect::<Vec<_>>()
    };
    explained(
        orders,
        mistakes.map(|(meaning, counting)| (meaning, in_order(counting))),
    )
}
