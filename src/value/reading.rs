//! A value as it was read from what somebody typed, and text without what
//! cannot be seen.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// How the value follows from what was typed. Everything but `Plain` leaves a
/// finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It was typed plainly.
    Plain,
    /// An amount was typed with 万 and multiplied.
    Scaled,
    /// It was typed in Chinese numerals.
    Numeral,
    /// A day was typed without its year.
    YearAssumed,
    /// Another spelling: 98 for 98%, a serial number for a day, √ for 是, an
    /// alias for a name.
    Spelling,
    /// A long number that a spreadsheet may have rounded.
    Damaged,
    /// A name outside the roster that is almost one of the roster's.
    NearName,
}

/// A value read from text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// The value.
    pub value: T,
    /// How it follows from what was typed.
    pub meaning: Meaning,
}

impl<T> Reading<T> {
    /// A value that was typed plainly.
    pub fn plain(value: T) -> Self {
        Reading::of(value, Meaning::Plain)
    }

    /// A value with its meaning.
    pub fn of(value: T, meaning: Meaning) -> Self {
        Reading { value, meaning }
    }
}

/// Text in its compatible form (full-width digits and letters become plain
/// ones), without blanks and invisible characters.
///
/// ```
/// assert_eq!(kaohe::value::squeeze(" 5 0\u{200B}0元 "), "500元");
/// ```
pub fn squeeze(text: &str) -> String {
    // Nearly all texts are plain letters and signs, which stay as they are.
    if text.chars().all(|c| is_plain(c) || c.is_whitespace()) {
        return text.chars().filter(|c| !c.is_whitespace()).collect();
    }
    text.nfkc()
        .filter(|c| !c.is_whitespace() && is_visible(*c))
        // An accent that stood on a blank joins the letter before it.
        .nfc()
        .collect()
}

/// The same, without a copy where nothing has to be taken out or changed.
pub fn squeezed(text: &str) -> Cow<'_, str> {
    match text.chars().all(is_plain) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(squeeze(text)),
    }
}

/// Whether a character is its own compatible form, and joins with no other.
fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{4E00}'..='\u{9FFF}')
}

/// The same, with one blank for each stretch of blanks between other characters.
pub fn spaced(text: &str) -> String {
    if text.chars().all(|c| is_plain(c) || c.is_whitespace()) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let text: String = text
        .nfkc()
        .filter(|c| c.is_whitespace() || is_visible(*c))
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without blanks, for reading a number.
pub(super) struct Joined {
    /// Without blanks.
    pub text: String,
    /// Blanks stood as separators of thousands: `50 000`.
    pub thousands: bool,
}

/// Takes the blanks out of a number, unless that could join two: 3000 2000 is
/// not 30002000. Digits spread one by one over a cell are one number, and so
/// is one with a blank before each three digits.
pub(super) fn joined(text: &str) -> Option<Joined> {
    let digits = |part: &str| part.nfkc().filter(char::is_ascii_digit).count();
    let lines = text.split(['\n', '\r']).filter(|line| digits(line) > 0);
    let one_line = lines.count() < 2;
    let words = spaced(text);
    let parts: Vec<&str> = words.split(' ').collect();
    let begins = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let ends = |part: &str| part.ends_with(|c: char| c.is_ascii_digit());
    let pairs = || parts.windows(2).filter(|pair| begins(pair[1]));
    let joints: Vec<&[&str]> = pairs().filter(|pair| ends(pair[0])).collect();
    let listed = pairs().any(|pair| pair[0].len() > 1 && pair[0].ends_with(','));
    let text = squeeze(text);
    let spread = parts.iter().all(|part| digits(part) <= 1);
    if !listed && (joints.is_empty() || spread && one_line) {
        let thousands = false;
        return Some(Joined { text, thousands });
    }
    let thousands = joints.iter().enumerate().all(|(i, pair)| {
        let before = pair[0].bytes().rev().take_while(u8::is_ascii_digit).count();
        let after = pair[1].bytes().take_while(u8::is_ascii_digit).count();
        after == 3 && (before == 3 || i == 0 && before < 3)
    });
    (thousands && one_line && !listed && !text.contains(',')).then_some(Joined { text, thousands })
}

fn is_visible(c: char) -> bool {
    let invisible = matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{202A}'..='\u{202E}');
    !c.is_control() && !invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_characters_are_their_own_compatible_form() {
        let all = ('\0'..=char::MAX).filter(|c| is_plain(*c));
        let text: String = all.collect();
        assert!(text.chars().count() > 20_000);
        assert_eq!(text.nfkc().nfc().collect::<String>(), text);
        let blanks: String = ('\0'..=char::MAX).filter(|c| c.is_whitespace()).collect();
        assert!(blanks.nfkc().all(char::is_whitespace), "{blanks:?}");
    }
}
