//! What a number format says of the measure of a number. `0"万元"` shows 150 as
//! 150万元, and nothing but 150 is stored: whoever typed it may have meant
//! 1,500,000. `0!.0,"万"` shows 1,500,000 as 150.0万, which is what it is.

use rust_decimal::Decimal;

use crate::sheet::Unscaled;

/// Longest format that is looked at, in bytes; Excel takes 255 characters.
const LONGEST: usize = 1_024;
/// Powers of ten beyond this are nobody's measure.
const MOST_TENS: u32 = 15;

/// Signs that stand for powers of ten.
const POWERS: [(char, u32); 11] = [
    ('十', 1),
    ('拾', 1),
    ('百', 2),
    ('佰', 2),
    ('千', 3),
    ('仟', 3),
    ('万', 4),
    ('萬', 4),
    ('亿', 8),
    ('億', 8),
    ('兆', 12),
];
/// Behind such a sign these make another word of it: 千克, 千米, 百分, 十佳.
const OTHER_WORDS: [char; 14] = [
    '克', '米', '瓦', '卡', '伏', '赫', '帕', '焦', '字', '分', '佳', '能', '一', '家',
];

/// Whether a format may show another number at all: nearly none does. What is for
/// nought or for texts does not matter.
pub(super) fn may_show_another(format: &str) -> bool {
    if format.is_empty() || format.len() > LONGEST {
        return false;
    }
    if format.contains(|c| POWERS.iter().any(|(sign, _)| *sign == c)) {
        return true;
    }
    let sections = sections(format);
    let has_when = sections.iter().any(|section| section.when.is_some());
    sections.iter().enumerate().any(|(at, section)| {
        (at < 2 || has_when)
            && (section.shows_no_number()
                || shown_tens(&section.signs).is_some_and(|tens| tens != 0))
    })
}

/// What a format says of a number, if it shows another than is stored. Nought is
/// nought in any measure.
pub(super) fn unscaled(format: &str, number: Decimal) -> Option<Unscaled> {
    if number.is_zero() || !may_show_another(format) {
        return None;
    }
    let section = section(format, number)?;
    if section.shows_no_number() {
        return Some(Unscaled {
            format: format.into(),
            times: Decimal::ZERO,
        });
    }
    let tens = shown_tens(&section.signs)?;
    (tens != 0).then(|| Unscaled {
        format: format.into(),
        times: power(tens),
    })
}

fn power(tens: i32) -> Decimal {
    let up = (0..tens).fold(Decimal::ONE, |made, _| made * Decimal::TEN);
    (tens..0).fold(up, |made, _| made / Decimal::TEN)
}

/// A sign of a format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Stands for a digit.
    Digit,
    /// The decimal point.
    Point,
    /// A comma, which parts thousands or scales by them.
    Comma,
    /// A letter that is shown as it is.
    Shown(char),
}

/// A part of a format, with the numbers that it is for.
struct Section {
    when: Option<(Order, Decimal)>,
    signs: Vec<Sign>,
    /// It has letters that stand for something: parts of a day, or a text.
    has_letters: bool,
}

impl Section {
    /// It shows the same, or nothing, whatever the number is.
    fn shows_no_number(&self) -> bool {
        !self.has_letters && !self.signs.contains(&Sign::Digit)
    }
}

/// How a number stands to the one in a condition.
#[derive(Clone, Copy)]
enum Order {
    Less,
    AtMost,
    Equal,
    Unlike,
    More,
    AtLeast,
}

impl Order {
    fn holds(self, number: Decimal, bound: Decimal) -> bool {
        match self {
            Order::Less => number < bound,
            Order::AtMost => number <= bound,
            Order::Equal => number == bound,
            Order::Unlike => number != bound,
            Order::More => number > bound,
            Order::AtLeast => number >= bound,
        }
    }
}

/// The part of a format that is for a number.
fn section(format: &str, number: Decimal) -> Option<Section> {
    let mut sections = sections(format);
    let at = if sections.iter().any(|section| section.when.is_some()) {
        sections.iter().position(|section| match section.when {
            Some((order, bound)) => order.holds(number, bound),
            None => true,
        })?
    } else {
        // Of numbers: above nought, below it, nought.
        usize::from(number.is_sign_negative() && sections.len() > 1)
    };
    (at < sections.len()).then(|| sections.swap_remove(at))
}

/// The parts of a format.
fn sections(format: &str) -> Vec<Section> {
    let begun = || Section {
        when: None,
        signs: Vec::new(),
        has_letters: false,
    };
    let mut made = vec![begun()];
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        let Some(section) = made.last_mut() else {
            break;
        };
        match letter {
            ';' => made.push(begun()),
            '"' => {
                let shown = letters.by_ref().take_while(|c| *c != '"');
                section.signs.extend(shown.map(Sign::Shown));
            }
            '\\' | '!' => section.signs.extend(letters.next().map(Sign::Shown)),
            // A blank as wide as a letter, or a letter that fills the cell.
            '_' | '*' => {
                letters.next();
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                if let Some(currency) = inside.strip_prefix('$') {
                    let shown = currency.split('-').next().unwrap_or_default();
                    section.signs.extend(shown.chars().map(Sign::Shown));
                } else if let Some(when) = condition(&inside) {
                    section.when = Some(when);
                } else {
                    section.has_letters = true;
                }
            }
            '0' | '#' | '?' => section.signs.push(Sign::Digit),
            // LibreOffice takes the sign by which Excel only shows a point for a letter.
            '.' if section.signs.last() == Some(&Sign::Shown('!')) => {
                section.signs.push(Sign::Shown('.'));
            }
            '.' => section.signs.push(Sign::Point),
            ',' => section.signs.push(Sign::Comma),
            // The number as it is: General, G/通用格式.
            'G' | 'g' => section.signs.push(Sign::Digit),
            other => {
                section.has_letters |= other.is_alphanumeric() || other == '@';
                section.signs.push(Sign::Shown(other));
            }
        }
    }
    made
}

/// A condition such as `>=10000`.
fn condition(text: &str) -> Option<(Order, Decimal)> {
    let orders = [
        (">=", Order::AtLeast),
        ("<=", Order::AtMost),
        ("<>", Order::Unlike),
        (">", Order::More),
        ("<", Order::Less),
        ("=", Order::Equal),
    ];
    orders.into_iter().find_map(|(sign, order)| {
        let bound = text.strip_prefix(sign)?.trim().parse().ok()?;
        Some((order, bound))
    })
}

/// How many tens what is shown is more than what is stored; none if no measure
/// is named, nor anything scaled by commas.
fn shown_tens(signs: &[Sign]) -> Option<i32> {
    let first = signs.iter().position(|sign| *sign == Sign::Digit)?;
    let last = signs.iter().rposition(|sign| *sign == Sign::Digit)?;
    let point = signs.iter().position(|sign| *sign == Sign::Point);
    let whole_end = point.unwrap_or(signs.len());
    let digits = |from: usize| {
        let whole = signs.get(from..whole_end).unwrap_or_default();
        whole.iter().filter(|sign| **sign == Sign::Digit).count()
    };
    // A comma behind the last digit, or just before the point, scales.
    let commas = signs.iter().enumerate().filter(|(at, sign)| {
        **sign == Sign::Comma
            && *at > first
            && (*at > last || (*at < whole_end && digits(*at) == 0))
    });
    let scaled = 3 * commas.count();
    // A point that is only shown parts the digits behind it.
    let parted = signs.iter().enumerate().find(|(at, sign)| {
        matches!(sign, Sign::Shown('.' | '．')) && (first..whole_end).contains(at)
    });
    let parted = parted.map_or(0, |(at, _)| digits(at));
    // By a point that is only shown days and numbers of accounts are parted.
    let unnamed = (scaled > 0).then_some((0, 0));
    let (at, named) = named(signs).or(unnamed)?;
    let behind = match at > first && at < whole_end {
        true => digits(at),
        false => 0,
    };
    let scaled = u32::try_from(scaled + parted.max(behind)).ok()?;
    if scaled > MOST_TENS || named > MOST_TENS {
        return None;
    }
    Some(named as i32 - scaled as i32)
}

/// The first measure that is named, as a power of ten, and where.
fn named(signs: &[Sign]) -> Option<(usize, u32)> {
    let power_at = |at: usize| match signs.get(at) {
        Some(Sign::Shown(letter)) => {
            let mut powers = POWERS.iter();
            powers
                .find(|(sign, _)| sign == letter)
                .map(|(_, tens)| *tens)
        }
        _ => None,
    };
    let mut at = 0;
    while at < signs.len() {
        let start = at;
        let mut tens = 0;
        while let Some(more) = power_at(at) {
            tens += more;
            at += 1;
        }
        let is_other = match signs.get(at) {
            Some(Sign::Shown(letter)) => OTHER_WORDS.contains(letter),
            _ => false,
        };
        // 十 by itself is in no format a measure.
        if tens > 1 && !is_other {
            return Some((start, tens));
        }
        at = at.max(start + 1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown over what is stored, for a number.
    fn times(format: &str, number: i64) -> Option<String> {
        let said = unscaled(format, number.into())?;
        Some(said.times.normalize().to_string())
    }

    #[test]
    fn a_measure_without_scaling_is_seen() {
        for (format, wanted) in [
            ("0\"万元\"", "10000"),
            ("#,##0.00\"万\"", "10000"),
            ("0.00\\万", "10000"),
            ("0!万!元", "10000"),
            ("General\"万元\"", "10000"),
            ("G/通用格式\"万元\"", "10000"),
            ("[红色]0万;0", "10000"),
            ("[$万元-804]0.00", "10000"),
            ("\"万元\"0", "10000"),
            ("\u{FFE5}#,##0.00\"（万元）\"", "10000"),
            ("0\"千元\"", "1000"),
            ("0\"百万元\"", "1000000"),
            ("0\"亿\"", "100000000"),
            ("0_ \"万\";-0_ \"万\"", "10000"),
            // Scaled, and by another measure than it says.
            ("0.00,\"万\"", "10"),
            ("0.00,,\"万\"", "0.01"),
            ("0!.0\"万\"", "1000"),
            ("[>=100]0\"万元\";0\"元\"", "10000"),
        ] {
            assert_eq!(times(format, 150).as_deref(), Some(wanted), "{format}");
        }
    }

    #[test]
    fn a_format_that_scales_by_what_it_says_is_right() {
        for format in [
            "0!.0,\"万\"",
            "0\\.0,\"万元\"",
            "#!.0,万",
            "0\".\"0,\"万元\"",
            "0!.0000\"万元\"",
            "0\\!.0,\\万",
            "0\"!\".0,\"万\"",
            "0,\"千\"",
            "0.00,\"千元\"",
            "0,.00\"千元\"",
            "0,,\"百万\"",
            "0!.00,,\"亿\"",
            "#\"万\"0000\"元\"",
            "[>=10000]0!.0,\"万\";0",
            "[<10000]0;0!.0,\"万\"",
            // Nothing is named.
            "General",
            "#,##0.00",
            "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
            "_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"_ ;_ @_ ",
            "0000\".\"00\".\"00",
            "[$-F800]dddd, mmmm dd, yyyy",
            "[h]:mm",
            "[Red]",
            "0;0;;",
            "0.00%",
            "@",
            "yyyy\"年\"m\"月\"d\"日\"",
            "[DBNum2][$-804]General",
            "0\"元\"",
            "0\"千克\"",
            "0\"千米\"",
            "0\"十佳\"",
            "0;0\"万\"",
            "",
        ] {
            assert_eq!(times(format, 150), None, "{format}");
            assert_eq!(times(format, 150_000), None, "{format}");
        }
        assert_eq!(times("0\"万元\"", 0), None);
        assert_eq!(times("[>=100]0\"万元\";0\"元\"", 99), None);
        assert_eq!(times("0;0\"万\"", -150).as_deref(), Some("10000"));
        assert_eq!(times("0\"万\"", -150).as_deref(), Some("10000"));
    }

    #[test]
    fn a_format_that_shows_another_number_without_a_measure_is_seen() {
        for (format, wanted) in [
            ("0.00,", "0.001"),
            ("#,##0,", "0.001"),
            ("0.00,,", "0.000001"),
            ("0!.0,", "0.0001"),
            ("\"30000\"", "0"),
            ("\"万元\"", "0"),
            (";;;", "0"),
            ("**;**;**;**", "0"),
            ("[>=100]\"多\";0", "0"),
        ] {
            assert_eq!(times(format, 50_000).as_deref(), Some(wanted), "{format}");
            assert_eq!(times(format, 0), None, "{format}");
        }
        assert_eq!(times("[>=100]\"多\";0", 5), None);
        assert_eq!(times("0;;", -5).as_deref(), Some("0"));
    }

    #[test]
    fn nothing_that_stands_there_breaks_it() {
        let signs = [
            "\"", "\\", "!", "_", "*", "[", "[$", "]", ";", "万", "0", ",", ".", "[<",
        ];
        for a in signs {
            for b in signs {
                for c in signs {
                    for format in [format!("{a}{b}{c}"), format!("{a}{b}{c}0万")] {
                        let _ = times(&format, 150);
                        let _ = times(&format, -150);
                    }
                }
            }
        }
        assert_eq!(times(&format!("0{}", "万".repeat(200)), 1), None);
        assert_eq!(times(&format!("0{}万", ",".repeat(900)), 1), None);
    }
}
