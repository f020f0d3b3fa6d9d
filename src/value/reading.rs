//! A value as it was read from what somebody typed, and text without what
//! cannot be seen.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

use super::numeral::is_numeral;
use super::unseen::is_unseen;

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
    /// A name with signs where letters could not be read.
    Unreadable,
    /// The mark for “as above”, and what stands above.
    Ditto,
    /// A name that the roster does not know, where any may stand.
    Unlisted,
    /// A day where a text should stand: a spreadsheet takes 3-9 for one.
    DayInText,
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
/// ones), without blanks and invisible characters. Digits that are circled,
/// raised or otherwise marked are no digits in disguise, and stay.
///
/// ```
/// assert_eq!(kaohe::value::squeeze(" 5 0\u{200B}0元 "), "500元");
/// assert_eq!(kaohe::value::squeeze("５００①"), "500①");
/// ```
pub fn squeeze(text: &str) -> String {
    squeezed(text).into_owned()
}

/// The same, without a copy of what stays as it is.
pub fn squeezed(text: &str) -> Cow<'_, str> {
    // Nearly all texts are plain letters and signs.
    match how_plain(text) {
        Plain::AsItIs => Cow::Borrowed(text),
        Plain::EachByItself => {
            let mut made = String::with_capacity(text.len());
            made.extend(text.chars().filter(|c| !c.is_whitespace()).map(narrow));
            Cow::Owned(made)
        }
        Plain::No => Cow::Owned(compatible(text, |c| !c.is_whitespace() && is_visible(c))),
    }
}

/// Whether a text is empty when it is squeezed.
pub fn is_blank(text: &str) -> bool {
    // A plain character stays, whatever stands beside it.
    !text.chars().any(is_plain) && squeeze(text).is_empty()
}

/// Text as typed, without outer blanks and what cannot be seen.
pub fn tidy(text: &str) -> String {
    let blank = |c: char| c.is_whitespace() || is_unseen(c);
    let text = text.trim_matches(blank);
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

/// A text in its compatible form, of which only some characters are kept. An
/// accent that stood on a blank that is not kept joins the letter before it.
fn compatible(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut parts = String::with_capacity(text.len());
    let mut put = |c| {
        if kept(c) {
            parts.push(c);
        }
    };
    for c in text.chars() {
        match is_marked_digit(c) {
            true => put(c),
            false => decompose_compatible(c, &mut put),
        }
    }
    parts.nfc().collect()
}

/// Whether a character is a digit or a numeral with something about it: in a
/// circle or in brackets, raised, lowered, a fraction, of another face, with a
/// word. 50000① is not 500001. Full-width digits are plain digits, and an
/// ideograph that Unicode holds a second time is that ideograph.
fn is_marked_digit(c: char) -> bool {
    let twice = matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3038}'..='\u{303A}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}');
    if is_plain(c) || narrow(c) != c || twice {
        return false;
    }
    let (mut alone, mut digit) = (true, false);
    decompose_compatible(c, |part| {
        alone &= part == c;
        digit |= part.is_ascii_digit() || is_numeral(part);
    });
    digit && !alone
}

/// What has to be done to squeeze a text.
enum Plain {
    /// Nothing.
    AsItIs,
    /// Blanks are left out, and full-width letters made narrow.
    EachByItself,
    /// Everything: characters may join.
    No,
}

fn how_plain(text: &str) -> Plain {
    let mut plain = Plain::AsItIs;
    for c in text.chars() {
        if is_plain(c) {
            continue;
        }
        if !c.is_whitespace() && narrow(c) == c {
            return Plain::No;
        }
        plain = Plain::EachByItself;
    }
    plain
}

/// A full-width letter as a plain one; anything else as it is.
fn narrow(c: char) -> char {
    /// From a plain letter to the full-width one.
    const AWAY: u32 = 0xFEE0;
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - AWAY).unwrap_or(c),
        other => other,
    }
}

/// Whether a character is its own compatible form, and joins with no other.
fn is_plain(c: char) -> bool {
    matches!(c,
        '!'..='~'
        | '\u{4E00}'..='\u{9FFF}'
        // Quotation marks, dashes, commas, stops and brackets of Chinese texts.
        | '\u{2014}'
        | '\u{2018}'..='\u{201D}'
        | '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}'
        | '√' | '×')
}

/// The same, with one blank for each stretch of blanks between other characters.
pub fn spaced(text: &str) -> String {
    let text: Cow<'_, str> = match how_plain(text) {
        Plain::AsItIs => return text.to_owned(),
        Plain::EachByItself => Cow::Owned(text.chars().map(narrow).collect()),
        Plain::No => Cow::Owned(compatible(text, |c| c.is_whitespace() || is_visible(c))),
    };
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
    if matches!(how_plain(text), Plain::AsItIs) {
        let (text, thousands) = (text.to_owned(), false);
        return Some(Joined { text, thousands });
    }
    let digits = |part: &str| {
        let plain = part.chars().map(narrow);
        plain.filter(char::is_ascii_digit).count()
    };
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
    !c.is_control() && !is_unseen(c)
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
        let wide: Vec<char> = ('\0'..=char::MAX).filter(|c| narrow(*c) != *c).collect();
        assert_eq!(wide.len(), 94);
        let text: String = wide.iter().collect();
        let narrow: String = wide.into_iter().map(narrow).collect();
        assert_eq!(text.nfkc().nfc().collect::<String>(), narrow);
        let blanks: String = ('\0'..=char::MAX).filter(|c| c.is_whitespace()).collect();
        assert!(blanks.nfkc().all(char::is_whitespace), "{blanks:?}");
    }

    #[test]
    fn blank_texts_are_those_of_which_nothing_is_left() {
        for text in ["", " \u{3000}\n", "\u{200B}", "\u{FEFF} ", "\u{AD}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", " 一 ", "（", "\u{301}", "“ ", "x\u{338}"] {
            assert!(!is_blank(text), "{text:?}");
            assert!(!squeeze(text).is_empty(), "{text:?}");
        }
    }
}
