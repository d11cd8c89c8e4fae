//! Numbers as people write them.

/// `0`, `0.05`, `1.5`, `11,379`, with at most three digits after the point.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (sign, text) = match text.strip_prefix('-') {
        Some("0") => ("", "0"),
        Some(text) => ("-", text),
        None => ("", text),
    };
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let written = [
            0.0,
            -0.0001,
            0.05,
            1.5,
            999.0,
            1_000.0,
            -12_345_678.0,
            2.0 / 3.0,
        ]
        .map(number);
        let expected = [
            "0",
            "0",
            "0.05",
            "1.5",
            "999",
            "1,000",
            "-12,345,678",
            "0.667",
        ];
        assert_eq!(written, expected);
    }
}
