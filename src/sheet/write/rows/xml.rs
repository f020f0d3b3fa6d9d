//! Numbers, texts and heights as they stand in the XML of rows.

use std::io::Write;

use rust_decimal::Decimal;

use crate::sheet::write::content::double;

/// Height in pixels as the library rounds it.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "heights are not figures, and the library rounds them like this"
)]
pub(super) fn pixels(points: f64) -> u32 {
    (points.clamp(0.0, 409.0) * 4.0 / 3.0).round() as u32
}

/// Adds a whole number.
pub(super) fn integer(out: &mut Vec<u8>, number: u64) {
    let mut digits = [0_u8; 20];
    out.extend(spelled(&mut digits, number));
}

/// The digits of a number.
fn spelled(digits: &mut [u8; 20], mut number: u64) -> &[u8] {
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        used += 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits.get(20 - used..).unwrap_or_default()
}

/// Adds a decimal as the nearest double is spelled. Up to 15 digits that is the
/// decimal itself: no two such decimals share a double, so no shorter one does.
pub(super) fn decimal(out: &mut Vec<u8>, number: Decimal) {
    const FIFTEEN: u128 = 1_000_000_000_000_000;
    let mantissa = number.mantissa().unsigned_abs();
    if mantissa >= FIFTEEN {
        // Writing into memory does not fail.
        let _ = write!(out, "{}", double(number));
        return;
    }
    let mut mantissa = mantissa as u64;
    let mut scale = number.scale() as usize;
    if mantissa == 0 {
        out.push(b'0');
        return;
    }
    while scale > 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        scale -= 1;
    }
    if number.is_sign_negative() {
        out.push(b'-');
    }
    let mut digits = [0_u8; 20];
    let digits = spelled(&mut digits, mantissa);
    let (whole, part) = digits.split_at(digits.len().saturating_sub(scale));
    out.extend(if whole.is_empty() { b"0" } else { whole });
    if scale > 0 {
        out.push(b'.');
        out.extend(std::iter::repeat_n(b'0', scale - part.len()));
        out.extend(part);
    }
}

/// Adds the text of a cell. What looks like an escaped character is escaped itself.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    let white = ['\t', '\n', ' '];
    if text.starts_with(white) || text.ends_with(white) {
        out.extend(b"<t xml:space=\"preserve\">");
    } else {
        out.extend(b"<t>");
    }
    let mut done = 0;
    for (at, _) in text.match_indices("_x") {
        let is = |hex: &str| hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let looks = text.get(at + 2..at + 6).is_some_and(is)
            && text.get(at + 6..).is_some_and(|rest| rest.starts_with('_'));
        if looks {
            escaped(out, text.get(done..at).unwrap_or_default());
            out.extend(b"_x005F");
            done = at;
        }
    }
    escaped(out, text.get(done..).unwrap_or_default());
    out.extend(b"</t>");
}

/// Adds text with what XML does not hold as it is escaped.
pub(super) fn escaped(out: &mut Vec<u8>, text: &str) {
    // The last is the first byte of U+FFFE and U+FFFF, among others.
    let is_plain = |byte: u8| !matches!(byte, 0..=8 | 11..=31 | b'&' | b'<' | b'>' | 0xEF);
    if text.bytes().all(is_plain) {
        out.extend(text.as_bytes());
        return;
    }
    for letter in text.chars() {
        match letter {
            '&' => out.extend(b"&amp;"),
            '<' => out.extend(b"&lt;"),
            '>' => out.extend(b"&gt;"),
            '\0'..='\u{8}' | '\u{B}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
                // Writing into memory does not fail.
                let _ = write!(out, "_x{:04X}_", u32::from(letter));
            }
            _ => out.extend(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Adds text within an attribute: names of sheets and words of ours, which hold no
/// control characters but line breaks.
pub(super) fn attribute(out: &mut Vec<u8>, text: &str) {
    let is_plain = |byte: u8| !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\n');
    if text.bytes().all(is_plain) {
        out.extend(text.as_bytes());
        return;
    }
    for letter in text.chars() {
        match letter {
            '&' => out.extend(b"&amp;"),
            '<' => out.extend(b"&lt;"),
            '>' => out.extend(b"&gt;"),
            '"' => out.extend(b"&quot;"),
            '\n' => out.extend(b"&#xA;"),
            _ => out.extend(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_decimal_is_spelled_as_its_double(
            number in any::<i64>(), divided in 0_u32..19, scale in 0_u32..=28,
        ) {
            let number = i128::from(number) / 10_i128.pow(divided);
            let number = Decimal::from_i128_with_scale(number, scale);
            let mut out = Vec::new();
            decimal(&mut out, number);
            prop_assert_eq!(out, double(number).to_string().into_bytes());
        }
    }
}
