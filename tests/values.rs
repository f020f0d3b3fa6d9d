//! What people type for amounts, shares, numbers and days reads back exactly,
//! and no text, however odd, stops the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::Date;
use kaohe::fingerprint::sha256_hex;
use kaohe::form::locate;
use kaohe::policy::{PackSource, load};
use kaohe::sheet::{Cell, Found, FoundSheet, Visibility};
use kaohe::value::{
    Meaning, Reading, money, parse_date, parse_money, parse_percent, parse_whole, round, squeeze,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Any amount of at most two decimals, with or without trailing zeros.
fn amounts() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (-1_000_000_000_000_i64..1_000_000_000_000, 0_u32..=2)
            .prop_map(|(digits, decimals)| Decimal::new(digits, decimals)),
        (-10_000_i64..10_000, 0_u32..=2)
            .prop_map(|(digits, decimals)| Decimal::new(digits, decimals)),
    ]
}

fn days() -> impl Strategy<Value = Date> {
    (1900_i16..=2099, 1_i8..=12, 1_i8..=31).prop_filter_map("not a day", |(year, month, day)| {
        Date::new(year, month, day).ok()
    })
}

/// Digits, letters and signs as an input method in full width gives them.
fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
            other => other,
        })
        .collect()
}

/// With blanks of all sorts around every character.
fn spaced(text: &str) -> String {
    let blanks = [
        " ", "\u{3000}", "\u{00A0}", "\t", "\n", "\u{200B}", "\u{FEFF}",
    ];
    let mut spaced = String::new();
    for (character, blank) in text.chars().zip(blanks.iter().cycle()) {
        spaced.push_str(blank);
        spaced.push(character);
    }
    spaced + " "
}

/// A number with separators, and the same without.
fn number_spellings(number: Decimal) -> Vec<String> {
    let grouped = money(number);
    let whole = grouped.strip_suffix(".00").map(str::to_owned);
    let plain = [
        number.to_string(),
        number.normalize().to_string(),
        format!("{number:.2}"),
        grouped,
    ];
    plain.into_iter().chain(whole).collect()
}

/// A spelling in all widths and with blanks.
fn variants(text: &str) -> Vec<String> {
    vec![
        text.to_owned(),
        full_width(text),
        spaced(text),
        spaced(&full_width(text)),
    ]
}

fn plainly<T: PartialEq>(reading: Option<Reading<T>>, value: &T) -> bool {
    reading.is_some_and(|r| r.value == *value && r.meaning == Meaning::Plain)
}

proptest! {
    #[test]
    fn amounts_read_back(amount in amounts()) {
        for spelling in number_spellings(amount) {
            for frame in [("", ""), ("¥", ""), ("\u{FFE5}", ""), ("", "元"), ("¥", "元")] {
                for text in variants(&format!("{}{spelling}{}", frame.0, frame.1)) {
                    prop_assert!(plainly(parse_money(&text), &amount), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn ten_thousands_are_taken_and_said(amount in amounts()) {
        for spelling in number_spellings(amount) {
            for text in variants(&format!("{spelling}万元")) {
                let reading = parse_money(&text).unwrap();
                prop_assert_eq!(reading.value, amount * Decimal::from(10_000));
                prop_assert!(reading.meaning != Meaning::Plain);
            }
        }
    }

    #[test]
    fn numbers_read_back_with_their_measure(number in amounts()) {
        for spelling in number_spellings(number) {
            for measure in ["", "户", "亩"] {
                for text in variants(&format!("{spelling}{measure}")) {
                    prop_assert!(plainly(parse_whole(&text, measure), &number), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn shares_read_back(hundredths in 0_i64..=10_000, as_sign in any::<bool>()) {
        let share = Decimal::new(hundredths, 4);
        let text = if as_sign {
            format!("{}%", (share * Decimal::ONE_HUNDRED).normalize())
        } else {
            share.normalize().to_string()
        };
        for text in variants(&text) {
            prop_assert!(plainly(parse_percent(&text), &share), "{text:?}");
        }
    }

    #[test]
    fn days_read_back(date in days()) {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let spellings = [
            format!("{year}-{month}-{day}"),
            format!("{year}/{month:02}/{day:02}"),
            format!("{year}.{month}.{day}"),
            format!("{year}年{month}月{day}日"),
            format!("{year}年{month:02}月{day:02}号"),
            format!("{year}{month:02}{day:02}"),
            date.to_string(),
        ];
        for spelling in spellings {
            for text in variants(&spelling) {
                prop_assert_eq!(parse_date(&text), Some(date), "{:?}", text);
            }
        }
    }

    #[test]
    fn printed_amounts_are_rounded_half_up(digits in any::<i64>(), decimals in 0_u32..=6) {
        let number = Decimal::new(digits, decimals);
        let read = parse_money(&money(number)).unwrap();
        prop_assert_eq!(read.value, round(number, 2));
    }

    #[test]
    fn no_text_stops_the_program(
        text in prop_oneof![
            any::<String>(),
            "[-+.,%¥0-9元万亿年月日号/ ]{0,60}",
            "[0-9]{1,80}[.%万]?[0-9]{0,80}",
            "[0-9]{4}[-/.年]?[-+0-9]{0,12}[-/.月]?[-+0-9]{0,12}日?",
        ],
        measure in prop_oneof![Just(String::new()), any::<String>()],
    ) {
        let _ = parse_money(&text);
        let _ = parse_percent(&text);
        let _ = parse_whole(&text, &measure);
        let _ = parse_date(&text);
        headers(&text);
        let squeezed = squeeze(&text);
        prop_assert_eq!(squeeze(&squeezed), squeezed);
    }
}

/// Looks for the forms of the pack on a sheet that is full of one text.
fn headers(text: &str) {
    static POLICY: std::sync::OnceLock<kaohe::policy::Policy> = std::sync::OnceLock::new();
    let policy = POLICY.get_or_init(|| load(&PackSource::builtin()).unwrap());
    let cells = (0..3).map(|column| (Cell::new(0, column), Found::Text(text.to_owned())));
    let sheet = FoundSheet {
        name: sha256_hex(text.as_bytes()),
        visibility: Visibility::Visible,
        cells: cells.collect(),
        formulas: Default::default(),
        merges: Vec::new(),
        hidden_rows: Default::default(),
        days_of_1904: false,
    };
    for form in policy.forms.values() {
        let _ = locate(&sheet, form);
    }
}

#[test]
fn what_is_no_amount_or_day_is_not_taken_for_one() {
    for text in [
        "", "元", "万", "五万", "5-6万", "5.5.5", "1,23", "1,2345", "12e3", "--5", "5万5", "5元整",
        "$5", "¥", ".", "5.", ".5", "十", "约5000", "5,000,00",
    ] {
        assert_eq!(parse_money(text), None, "{text:?}");
    }
    for text in [
        "",
        "2018",
        "2018-2-30",
        "2018-13-1",
        "18-3-9",
        "3月9日",
        "2018年3月",
        "201839",
        "2018-3-9-1",
        "2018-3-9 上午",
        "20180230",
        "2018--3",
        "去年",
    ] {
        assert_eq!(parse_date(text), None, "{text:?}");
    }
}
