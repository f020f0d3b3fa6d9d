//! Chinese numerals, common (一万二千) and capital (壹万贰仟). Only what is
//! written out in full is read: 一万二 may be 12,000 or 10,002.

use rust_decimal::Decimal;

/// The digit that a character stands for.
pub(super) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '弍' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The power of ten of a unit within a section of four digits.
fn unit(c: char) -> Option<u32> {
    Some(match c {
        '十' | '拾' => 1,
        '百' | '佰' => 2,
        '千' | '仟' => 3,
        _ => return None,
    })
}

/// Whether a character is part of a Chinese numeral.
pub(super) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some() || "万萬亿億廿卅".contains(c)
}

/// A whole number in Chinese numerals, below 10^12.
pub(super) fn parse_numeral(text: &str) -> Option<Decimal> {
    let text = text.replace('廿', "二十").replace('卅', "三十");
    let (high, rest) = part(&text, ['亿', '億'])?;
    let (middle, low) = part(rest, ['万', '萬'])?;
    let mut value = 0u64;
    let sections = [(high, 100_000_000), (middle, 10_000), (Some(low), 1)];
    let mut any = false;
    for (digits, factor) in sections {
        let Some(digits) = digits else {
            continue;
        };
        if digits.is_empty() {
            continue;
        }
        // A bare digit after a larger unit is ambiguous (三万五).
        value += u64::from(section(digits, !any)?) * factor;
        any = true;
    }
    (any && value > 0 || text == "零" || text == "〇").then(|| Decimal::from(value))
}

/// What stands before one of the signs, if it is there, and after it. Nothing
/// before it is no number.
fn part(text: &str, signs: [char; 2]) -> Option<(Option<&str>, &str)> {
    match text.split_once(signs) {
        Some(("", _)) => None,
        Some((before, after)) => Some((Some(before), after)),
        None => Some((None, text)),
    }
}

/// Up to four digits with their units. `first` if nothing larger stands before.
fn section(text: &str, first: bool) -> Option<u32> {
    let mut sum = 0;
    let mut pending: Option<u32> = None;
    let mut last = 4;
    let mut zero = false;
    for c in text.chars() {
        if let Some(d) = digit(c) {
            if pending.is_some() {
                return None;
            }
            if d == 0 {
                zero = true;
            } else {
                pending = Some(d);
            }
        } else {
            let power = unit(c)?;
            if power >= last {
                return None;
            }
            // 十五, but not 百五.
            let count = match pending.take() {
                Some(count) => count,
                None if power == 1 && sum == 0 && first => 1,
                None => return None,
            };
            sum += count * 10u32.pow(power);
            last = power;
            zero = false;
        }
    }
    match pending {
        None if zero && sum == 0 => Some(0),
        None if zero => None,
        None => Some(sum),
        Some(d) if last == 1 || zero || (sum == 0 && first) => Some(sum + d),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_in_full_and_nothing_else() {
        let table = [
            ("五万", 50_000),
            ("伍万", 50_000),
            ("十", 10),
            ("十五", 15),
            ("二十", 20),
            ("壹拾万", 100_000),
            ("壹万贰仟叁佰肆拾伍", 12_345),
            ("一万二千三百", 12_300),
            ("一万零二十", 10_020),
            ("二万零五", 20_005),
            ("三千零一", 3_001),
            ("一亿零三万", 100_030_000),
            ("廿三", 23),
            ("两百零六", 206),
            ("十二万三千", 123_000),
            ("零", 0),
        ];
        for (text, value) in table {
            assert_eq!(parse_numeral(text), Some(Decimal::from(value)), "{text}");
        }
        for text in [
            "",
            "万",
            "一万二",
            "一百二",
            "五六万",
            "百五",
            "一十十",
            "二〇一八",
            "几万",
            "三万五",
            "一千一千",
            "万五",
            "十五百",
            "一零",
        ] {
            assert_eq!(parse_numeral(text), None, "{text}");
        }
    }
}
