//! Amounts of money as people type them.

use rust_decimal::Decimal;

use super::numeral::{digit, parse_numeral};
use super::plain::plain_number;
use super::reading::{Meaning, Reading, joined, squeeze};

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAmount {
    /// From so much to so much.
    Range,
    /// About so much.
    Estimate,
    /// Several numbers.
    Several,
    /// 三万五: the last digit may be thousands or ones.
    Ambiguous,
    /// Commas that do not part thousands.
    Grouping,
    /// `5E+04`: a spreadsheet has shown it so, and digits may be lost.
    Scientific,
    /// Words beside the number, or no number.
    Words,
}

/// Signs before an amount.
const BEFORE: [&str; 4] = ["人民币", "RMB", "CNY", "¥"];
/// Words that make an amount an estimate.
const ESTIMATES: [&str; 14] = [
    "约", "近", "左右", "余", "多", "以上", "以下", "不足", "超过", "大概", "几", "数", "上下",
    "+-",
];
/// Units of numbers, the largest first, with their number of zeros.
const UNITS: [(&str, u32); 7] = [
    ("亿", 8),
    ("千万", 7),
    ("百万", 6),
    ("十万", 5),
    ("万", 4),
    ("千", 3),
    ("百", 2),
];

/// An amount in 元: `50000`, `50,000.00`, `¥50000`, `50000元整`; as an
/// interpretation `5万`, `5.5万元`, `3万5千` or `伍万元整`.
///
/// ```
/// # use kaohe::value::{Meaning, NoAmount, parse_money};
/// let five = parse_money("5.5万元").unwrap();
/// assert_eq!(five.value.to_string(), "55000.0");
/// assert_eq!(five.meaning, Meaning::Scaled);
/// assert_eq!(parse_money("5-6万"), Err(NoAmount::Range));
/// ```
///
/// # Errors
/// Why it is none.
pub fn parse_money(text: &str) -> Result<Reading<Decimal>, NoAmount> {
    let Some(whole) = joined(text) else {
        return Err(NoAmount::Several);
    };
    let thousands = whole.thousands;
    let whole = whole.text;
    let mut text = whole.as_str();
    let minus = text.strip_prefix('-').is_some_and(|rest| !rest.is_empty());
    if minus {
        text = &text[1..];
        if text.starts_with(['-', '+']) {
            return Err(NoAmount::Words);
        }
    }
    for sign in BEFORE {
        if let Some(rest) = text.get(..sign.len())
            && rest.eq_ignore_ascii_case(sign)
        {
            text = text[sign.len()..].trim_start_matches(':');
            break;
        }
    }
    if minus && text.starts_with(['-', '+']) {
        return Err(NoAmount::Words);
    }
    let signed = |reading: Reading<Decimal>| Reading {
        value: if minus { -reading.value } else { reading.value },
        ..reading
    };
    let bare = text.strip_suffix(['整', '正']).unwrap_or(text);
    let bare = bare.strip_suffix(['元', '圆', '块']).unwrap_or(bare);
    if let Some(number) = plain_number(bare) {
        let meaning = if thousands {
            Meaning::Spelling
        } else {
            Meaning::Plain
        };
        return Ok(signed(Reading::of(number, meaning)));
    }
    if let Some(number) = scaled(bare)? {
        return Ok(signed(Reading::of(number, Meaning::Scaled)));
    }
    if let Some(number) = in_numerals(text) {
        return Ok(signed(Reading::of(number, Meaning::Numeral)));
    }
    Err(why_not(&whole))
}

/// Numbers each with a unit, from the largest down: `5万`, `3万5千`, `3万5000`.
fn scaled(text: &str) -> Result<Option<Decimal>, NoAmount> {
    let mut rest = text;
    let mut sum = Decimal::ZERO;
    let mut last = u32::MAX;
    let mut marked = false;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(rest.len());
        let Some(number) = plain_number(&rest[..end]) else {
            return Ok(None);
        };
        // 1.5万5千: nobody can say what was meant.
        marked |= rest[..end].contains(['.', ',']);
        if last != u32::MAX && marked {
            return Err(NoAmount::Ambiguous);
        }
        let after = &rest[end..];
        let Some((word, zeros)) = UNITS.iter().find(|(word, _)| after.starts_with(word)) else {
            // Digits without a unit: only as many as the unit before leaves room for.
            let digits = u32::try_from(end).unwrap_or(u32::MAX);
            return match (after.is_empty(), last) {
                (true, u32::MAX) | (false, _) => Ok(None),
                (true, last) if digits == last => Ok(sum.checked_add(number)),
                _ => Err(NoAmount::Ambiguous),
            };
        };
        if *zeros >= last {
            return Ok(None);
        }
        let part = number.checked_mul(Decimal::from(10u64.pow(*zeros)));
        // 3万12千 nor this.
        if last != u32::MAX && part.is_none_or(|part| part >= power(last)) {
            return Err(NoAmount::Ambiguous);
        }
        match part.and_then(|part| sum.checked_add(part)) {
            Some(more) => sum = more,
            None => return Ok(None),
        }
        last = *zeros;
        rest = &after[word.len()..];
    }
    Ok((last != u32::MAX).then_some(sum))
}

fn power(zeros: u32) -> Decimal {
    10u64.checked_pow(zeros).map_or(Decimal::MAX, Decimal::from)
}

/// An amount in Chinese numerals, with 角 and 分.
fn in_numerals(text: &str) -> Option<Decimal> {
    let text = text.strip_suffix(['整', '正']).unwrap_or(text);
    let (whole, mut small) = match text.split_once(['元', '圆']) {
        Some((whole, small)) => (whole, small),
        None => (text, ""),
    };
    let mut value = parse_numeral(whole)?;
    for (sign, scale) in [('角', 1), ('分', 2)] {
        small = small.trim_start_matches(['零', '〇']);
        let mut chars = small.chars();
        if let (Some(d), Some(s)) = (chars.next().and_then(digit), chars.next())
            && s == sign
        {
            value += Decimal::new(i64::from(d), scale);
            small = chars.as_str();
        }
    }
    small.is_empty().then_some(value)
}

/// The most helpful reason.
pub(super) fn why_not(text: &str) -> NoAmount {
    if is_scientific(text) {
        return NoAmount::Scientific;
    }
    let plain = |c: char| c.is_ascii_digit() || ",.-¥元".contains(c);
    if text.contains(',') && text.chars().all(plain) {
        return NoAmount::Grouping;
    }
    let parts: Vec<&str> = text
        .split(['-', '~', '至', '到', '—', '–'])
        .filter(|part| !part.is_empty())
        .collect();
    let numbers = |c: char| c.is_ascii_digit() || digit(c).is_some();
    let with_number = |part: &&str| part.contains(numbers);
    if parts.len() > 1 && parts.iter().all(&with_number) {
        return NoAmount::Range;
    }
    let listed = text.split(['+', '、', ';', '/', '和', '及', '*', '×', '=', 'x']);
    if listed.filter(with_number).count() > 1 {
        return NoAmount::Several;
    }
    // 五六万, 三四千.
    let chars: Vec<char> = text.chars().collect();
    let neighbours = chars
        .windows(2)
        .any(|two| match (digit(two[0]), digit(two[1])) {
            (Some(a), Some(b)) => a > 0 && b == a + 1,
            _ => false,
        });
    if neighbours {
        return NoAmount::Range;
    }
    if text.contains(numbers) || text.starts_with(['几', '数']) {
        if ESTIMATES.iter().any(|word| text.contains(word)) {
            return NoAmount::Estimate;
        }
        let numeral = |c: char| digit(c).is_some() || "十百千万拾佰仟萬亿元整".contains(c);
        if text.chars().all(numeral) {
            return NoAmount::Ambiguous;
        }
    }
    NoAmount::Words
}

/// What a spreadsheet shows of a number that is too wide: `5E+04`.
pub(crate) fn is_scientific(text: &str) -> bool {
    let text = squeeze(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once(['e', 'E'])
        .is_some_and(|(mantissa, exponent)| {
            let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
            digits(whole) && digits(fraction) && digits(exponent)
        })
}
