//! What `Display` writes with the usual mistakes, so that a report names a mistake only if it explains what was seen.

use super::*;

/// How an answer writes what it is given.
struct Format {
    /// The texts of a failure: the name, the error and its sources
    texts: fn(Vec<String>) -> Vec<String>,
    /// What is before the first failure, and what is between two of them
    separators: [&'static str; 2],
    /// How many failures are written at most
    failures: usize,
    /// What is written of the number of calls, if so many have failed
    count: fn(calls: usize, failed: usize) -> String,
}

const RIGHT: Format = Format {
    texts: |texts| texts,
    separators: [": ", "; "],
    failures: usize::MAX,
    count: |calls, _| format!("{calls} calls"),
};

impl Format {
    fn display(&self, calls: &Calls) -> String {
        let failures = calls.failures();
        let written = failures.iter().take(self.failures).map(|(name, error)| {
            let texts = std::iter::once(&**name).chain(error.messages());
            (self.texts)(texts.map(str::to_owned).collect()).join(": ")
        });
        let written: Vec<_> = written.collect();
        let failed = failures.len();
        let count = (self.count)(calls.names.len(), failed);
        let [first, between] = self.separators;
        format!("{failed} of {count} failed{first}{}", written.join(between))
    }
}

/// The name, and the text of each error as `change` makes it.
fn of_errors(mut texts: Vec<String>, change: impl Fn(&str) -> String) -> Vec<String> {
    for text in &mut texts[1..] {
        *text = change(text);
    }
    texts
}

const ONE_LINE_EACH: &str =
    "that each failure is on a line of its own. In a log, each line is a message.";

/// Calls that fail in every way.
fn probes() -> Vec<Calls> {
    let probe = |layers: &[u64], texts: Texts| {
        let errors = layers.iter().enumerate().map(|(call, layers)| {
            let fails = *layers > 0;
            fails.then(|| Layer::new(call, *layers, texts))
        });
        let names = ["bonn", "porto", "", "oslo"].iter().cycle();
        Calls {
            names: names
                .take(layers.len())
                .map(|name| texts.decorated(name))
                .collect(),
            times: vec![Duration::ZERO; layers.len()],
            errors: errors.collect(),
            ended: Gauge::new(),
        }
    };
    let mut probes = vec![
        probe(&[1], Texts::Distinct),
        probe(&[1; 300], Texts::Distinct),
        probe(&[50], Texts::Distinct),
    ];
    probes.extend(ALL_TEXTS.map(|texts| probe(&[4, 0, 1, 3, 2], texts)));
    probes
}

/// The mistake that explains what the answer writes of several calls, if there is one.
pub(super) async fn usual_mistake() -> Option<&'static str> {
    let probes = probes();
    let mut seen = Vec::new();
    for calls in &probes {
        seen.push(error_of(calls).await.to_string());
    }
    let of_texts = |meaning, texts| (meaning, Format { texts, ..RIGHT });
    let mistakes = [
        of_texts(
            "that only the errors are written, and not their sources.",
            |mut texts| {
                texts.truncate(2);
                texts
            },
        ),
        of_texts(
            "that only the first source of each error is written: `source` of each error leads to the next one.",
            |mut texts| {
                texts.truncate(3);
                texts
            },
        ),
        of_texts(
            "that only the last source of each error is written.",
            |mut texts| {
                texts.drain(2..texts.len().max(3) - 1);
                texts
            },
        ),
        of_texts(
            "that a source is left out if its text is that of the error before it.",
            |mut texts| {
                let errors = &mut texts.split_off(1);
                errors.dedup();
                texts.append(errors);
                texts
            },
        ),
        of_texts("that an empty error is left out.", |mut texts| {
            let errors = &mut texts.split_off(1);
            errors.retain(|text| !text.is_empty());
            texts.append(errors);
            texts
        }),
        of_texts("that an empty name is left out.", |mut texts| {
            if texts[0].is_empty() {
                texts.remove(0);
            }
            texts
        }),
        of_texts("that an empty text is left out.", |mut texts| {
            texts.retain(|text| !text.is_empty());
            texts
        }),
        of_texts("that the texts of errors are trimmed.", |texts| {
            of_errors(texts, |text| text.trim().to_owned())
        }),
        of_texts(
            "that line breaks in the text of an error are replaced.",
            |texts| of_errors(texts, |text| text.replace('\n', " ")),
        ),
        of_texts("that names are escaped, as `{:?}` does.", |mut texts| {
            texts[0] = texts[0].escape_debug().to_string();
            texts
        }),
        of_texts("that names are written with `{:?}`.", |mut texts| {
            texts[0] = format!("{:?}", texts[0]);
            texts
        }),
        of_texts(
            "that no more than ten texts of a failure are written.",
            |mut texts| {
                texts.truncate(11);
                texts
            },
        ),
        (
            "that only the first failure is written.",
            Format {
                failures: 1,
                ..RIGHT
            },
        ),
        (
            ONE_LINE_EACH,
            Format {
                separators: [": ", "\n"],
                ..RIGHT
            },
        ),
        (
            ONE_LINE_EACH,
            Format {
                separators: [":\n", "\n"],
                ..RIGHT
            },
        ),
        (
            "that the word is \"call\" if there is one. The format has \"calls\" for every number.",
            Format {
                count: |calls, _| format!("{calls} {}", if calls == 1 { "call" } else { "calls" }),
                ..RIGHT
            },
        ),
        (
            "that the calls are counted in one byte.",
            Format {
                count: |calls, _| format!("{} calls", calls % 256),
                ..RIGHT
            },
        ),
        (
            "that the calls which succeeded are counted, and not all of them.",
            Format {
                count: |calls, failed| format!("{} calls", calls - failed),
                ..RIGHT
            },
        ),
    ];
    let written = |format: Format| {
        let written = probes.iter().map(|calls| format.display(calls));
        written.collect::<Vec<_>>()
    };
    explained(
        &seen,
        mistakes.map(|(meaning, format)| (meaning, written(format))),
    )
}

/// Why `failures` returns other failures than it should.
pub(super) async fn of_failures() -> Option<&'static str> {
    // Their times and their names are in other orders.
    let probe = [("turin", 30), ("bonn", 20), ("porto", 10), ("bonn", 40)];
    let errors = (0..probe.len()).map(|call| Some(Layer::new(call, 2, Texts::Distinct)));
    let calls = Calls {
        names: probe.map(|(name, _)| name.to_owned()).into(),
        times: probe.map(|(_, time)| ms(time)).into(),
        errors: errors.collect(),
        ended: Gauge::new(),
    };
    let expected = calls.failures();
    let error = error_of(&calls).await;
    // The call that each failure belongs to
    let seen = error
        .failures()
        .iter()
        .map(|failure| expected.iter().position(|other| other == failure));
    let seen: Option<Vec<_>> = seen.collect();
    const ONE_FOR_EACH_NAME: &str =
        "that one failure of each name is kept, as in a map with the name as the key.";
    let mistakes = [
        ("that only the first failure of the list is kept.", vec![0]),
        ("that only the first failure in time is kept.", vec![2]),
        ("that only the last failure is kept.", vec![3]),
        (
            "that the failures are in completion order.",
            vec![2, 1, 0, 3],
        ),
        ("that the failures are sorted by name.", vec![1, 3, 2, 0]),
        ("that the failures are in reverse order.", vec![3, 2, 1, 0]),
        (ONE_FOR_EACH_NAME, vec![0, 1, 2]),
        (ONE_FOR_EACH_NAME, vec![0, 3, 2]),
        (ONE_FOR_EACH_NAME, vec![0, 2, 3]),
        (ONE_FOR_EACH_NAME, vec![1, 2, 0]),
        (ONE_FOR_EACH_NAME, vec![3, 2, 0]),
    ];
    explained(
        &[seen],
        mistakes.map(|(meaning, calls)| (meaning, [Some(calls)])),
    )
}
