//! A value as it was read from what somebody typed, and text without what
//! cannot be seen.

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
    text.nfkc()
        .filter(|c| !c.is_whitespace() && is_visible(*c))
        .collect()
}

/// The same, with one blank for each stretch of blanks between other characters.
pub fn spaced(text: &str) -> String {
    let text: String = text
        .nfkc()
        .filter(|c| c.is_whitespace() || is_visible(*c))
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_visible(c: char) -> bool {
    let invisible = matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{202A}'..='\u{202E}');
    !c.is_control() && !invisible
}
