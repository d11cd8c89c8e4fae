//! Makes the characters visible that drive a terminal or reorder text.

use std::fmt::Write;

/// What an answer prints, panics with or contains, for people to read. A terminal executes some characters: an escape
/// sequence clears the screen or sets the title, and a bidirectional control shows text in another order than it is
/// written. These are replaced by visible ones. Tabs and the ends of lines stay.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\t' => shown.push(character),
            // The end of a line on Windows.
            '\r' if characters.peek() == Some(&'\n') => {}
            '\0'..='\x1f' => shown.push(symbol(character)),
            '\x7f' => shown.push('␡'),
            '\u{80}'..='\u{9f}'
            | '\u{061c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                // Writing to a String does not fail.
                let _ = write!(shown, "<U+{:04X}>", u32::from(character));
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// Unicode has a symbol for each of the first 32 control characters: `␛` for Escape.
fn symbol(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn text_stays_as_it_is() {
        let text = "one\n\ttwo – é 早 🦀 ■──● שלום\n";
        assert_eq!(visible(text), text);
        assert_eq!(visible("a\r\nb\r\n"), "a\nb\n");
    }

    #[test]
    fn what_drives_a_terminal_becomes_visible() {
        for (hostile, shown) in [
            ("\x1b[2J\x1b[H", "␛[2J␛[H"),
            ("\x1b]0;title\x07", "␛]0;title␇"),
            ("\u{9b}2J", "<U+009B>2J"),
            ("100%\rSolved", "100%␍Solved"),
            ("a\x08b\x7f\0", "a␈b␡␀"),
            ("\u{202e}devlos\u{202c}", "<U+202E>devlos<U+202C>"),
            ("\u{2066}\u{200f}\u{061c}", "<U+2066><U+200F><U+061C>"),
        ] {
            assert_eq!(visible(hostile), shown);
        }
    }

    #[test]
    fn no_control_is_left() {
        let all: String = (char::MIN..=char::MAX).collect();
        let is_left = |c: &char| c.is_control() && !['\n', '\t'].contains(c);
        assert_eq!(visible(&all).chars().find(is_left), None);
    }
}
