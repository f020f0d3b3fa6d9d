//! What people type for amounts, shares, numbers and days reads back exactly,
//! and no text, however odd, stops the program.

use jiff::civil::Date;
use kaohe::fingerprint::sha256_hex;
use kaohe::form::locate;
use kaohe::policy::{PackSource, load};
use kaohe::sheet::{Cell, Found, FoundSheet, Visibility};
use kaohe::value::{
    Meaning, NoAmount::*, NoDay, Reading, is_blank, money, parse_date, parse_date_within,
    parse_money, parse_percent, parse_whole, round, squeeze, tidy,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

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
        " ",
        "\u{3000}",
        "\u{00A0}",
        "\t",
        "\u{200B} ",
        "\u{FEFF}\u{2003}",
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
                    prop_assert!(plainly(parse_money(&text).ok(), &amount), "{text:?}");
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
                    let read = parse_whole(&text, measure).ok();
                    match measure.is_empty() {
                        true => prop_assert!(plainly(read, &number), "{text:?}"),
                        // What stands behind the number is taken off, and that is said.
                        false => {
                            let read = read.map(|read| (read.value, read.meaning));
                            prop_assert_eq!(read, Some((number, Meaning::Spelling)), "{:?}", text);
                        }
                    }
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
            prop_assert!(plainly(parse_percent(&text).ok(), &share), "{text:?}");
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
            format!("{}年{}月{}日", digits(i64::from(year)), numeral(i64::from(month)), numeral(i64::from(day))),
        ];
        for spelling in spellings {
            for text in variants(&spelling) {
                prop_assert_eq!(parse_date(&text), Ok(date), "{:?}", text);
            }
        }
    }

    #[test]
    fn days_with_a_time_or_a_day_of_the_week(date in days(), minute in 0_u8..60) {
        for text in [
            format!("{date} 14:{minute:02}"),
            format!("{date}T08:{minute:02}:00"),
            format!("{date} 星期五"),
            format!("{date}（周日）"),
        ] {
            prop_assert_eq!(parse_date(&text), Ok(date), "{:?}", text);
        }
    }

    #[test]
    fn numerals_read_back(whole in 1_i64..1_000_000_000, fen in 0_i64..100) {
        let amount = Decimal::from(whole) + Decimal::new(fen, 2);
        let small = match (fen / 10, fen % 10) {
            (0, 0) => "整".to_owned(),
            (jiao, 0) => format!("{}角", capital(jiao)),
            (0, fen) => format!("零{}分", capital(fen)),
            (jiao, fen) => format!("{}角{}分", capital(jiao), capital(fen)),
        };
        let mut texts = vec![format!("{}元{small}", capital(whole)), format!("人民币{}圆{small}", capital(whole))];
        if fen == 0 {
            texts.extend([numeral(whole), format!("{}元", numeral(whole))]);
        }
        for text in texts.iter().flat_map(|text| variants(text)) {
            let reading = parse_money(&text);
            prop_assert_eq!(reading.map(|r| (r.value, r.meaning)), Ok((amount, Meaning::Numeral)), "{}", text);
        }
    }

    #[test]
    fn days_without_their_year(date in days()) {
        let (month, day) = (date.month(), date.day());
        let (from, to) = (Date::new(date.year(), 1, 1).unwrap(), Date::new(date.year(), 12, 31).unwrap());
        for text in [format!("{month}月{day}日"), format!("{month:02}月{day:02}号")] {
            let reading = parse_date_within(&text, from, to).map(|r| (r.value, r.meaning));
            prop_assert_eq!(reading, Ok((date, Meaning::YearAssumed)));
            // A period of two years does not decide it.
            let both = Date::new(date.year() + 1, 12, 31).unwrap();
            if (month, day) != (2, 29) {
                prop_assert!(parse_date_within(&text, from, both).is_err());
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
    let cells = (0..3).map(|column| (Cell::new(0, column), Found::Text(text.into())));
    let sheet = FoundSheet {
        name: sha256_hex(text.as_bytes()),
        visibility: Visibility::Visible,
        cells: cells.collect(),
        formulas: Default::default(),
        merges: Vec::new(),
        hidden_rows: Default::default(),
        days_of_1904: false,
        ..FoundSheet::default()
    };
    for form in policy.forms.values() {
        let _ = locate(&sheet, form);
    }
}

#[test]
fn what_is_no_amount_or_day_is_not_taken_for_one() {
    let table = [
        ("", Words),
        ("元", Words),
        ("万", Words),
        ("5-6万", Range),
        ("3~5万", Range),
        ("五六万", Range),
        ("三至五千", Range),
        ("5.5.5", Words),
        ("1,23", Grouping),
        ("1,2345", Grouping),
        ("12e3", Scientific),
        ("--5", Words),
        ("3万5", Ambiguous),
        ("一万二", Ambiguous),
        ("$5", Words),
        ("¥", Words),
        (".", Words),
        ("5.", Words),
        (".5", Words),
        ("约5000", Estimate),
        ("5000多", Estimate),
        ("近3万元", Estimate),
        ("几万", Estimate),
        ("数千元", Estimate),
        ("5万左右", Estimate),
        ("5,000,00", Grouping),
        ("3000+2000", Several),
        ("3000、2000", Several),
        ("现金3000", Words),
        ("50000（现金）", Words),
        ("5E+04", Scientific),
        ("3000 2000", Several),
        ("3000\n2000", Several),
        ("300\u{3000}2000元", Several),
        ("300, 200", Several),
        ("3000*2", Several),
        ("3万5.00", Ambiguous),
        ("1.5万5千", Ambiguous),
        ("3万12千", Ambiguous),
        ("1.5万5000", Ambiguous),
        ("见附件", Words),
        ("大米40袋", Words),
    ];
    for (text, why) in table {
        assert_eq!(parse_money(text), Err(why), "{text:?}");
    }
    for (text, value) in [
        ("3万5千", 35_000),
        ("3万5000", 35_000),
        ("5千元", 5_000),
        ("1.2亿元", 120_000_000),
        ("20万元整", 200_000),
        ("3百", 300),
        ("-5万", -50_000),
        ("12十万", 1_200_000),
    ] {
        let reading = parse_money(text).unwrap();
        assert_eq!(
            (reading.value, reading.meaning),
            (Decimal::from(value), Meaning::Scaled),
            "{text}"
        );
    }
    for (text, value) in [
        ("RMB 50000", 50_000),
        ("人民币：50000元整", 50_000),
        ("５０，０００．００", 50_000),
        ("-3", -3),
    ] {
        assert!(
            plainly(parse_money(text).ok(), &Decimal::from(value)),
            "{text}"
        );
    }
    let table = [
        ("", NoDay::Words),
        ("2018", NoDay::Words),
        ("2018-2-30", NoDay::NotInCalendar),
        ("2018-13-1", NoDay::NotInCalendar),
        ("18-3-9", NoDay::ShortYear),
        ("3月9日", NoDay::NoYear),
        ("2018年3月", NoDay::MonthOnly),
        ("2018.3", NoDay::MonthOnly),
        ("201839", NoDay::MonthOnly),
        ("2018-3-9-1", NoDay::Range),
        ("2018.3.9-3.12", NoDay::Range),
        ("3月9日至12日", NoDay::Range),
        ("2018-3-9 上午", NoDay::Words),
        ("20180230", NoDay::NotInCalendar),
        ("2018--3", NoDay::Words),
        ("去年", NoDay::Words),
    ];
    for (text, why) in table {
        assert_eq!(parse_date(text), Err(why), "{text:?}");
    }
}

/// Blanks may spread a number, part its thousands, or stand between two numbers.
#[test]
fn blanks_never_join_two_numbers() {
    for (text, value, meaning) in [
        ("5 0 0 0 0", 50_000, Meaning::Plain),
        (" 50000\u{200B} 元 ", 50_000, Meaning::Plain),
        ("¥ 50,000.00", 50_000, Meaning::Plain),
        ("50 000", 50_000, Meaning::Spelling),
        ("1\u{00A0}250\u{00A0}000元", 1_250_000, Meaning::Spelling),
    ] {
        let reading = parse_money(text).unwrap();
        assert_eq!(reading, Reading::of(value.into(), meaning), "{text:?}");
    }
    for text in ["25 30", "25\n30", "2500 3000户"] {
        assert_eq!(parse_whole(text, "户"), Err(Several), "{text:?}");
    }
}

/// Every character of the first plane, and those of others that have to do with
/// digits, numerals and what is not seen.
fn characters() -> impl Iterator<Item = char> {
    let faces = '\u{1D000}'..='\u{1F2FF}';
    let twice = '\u{2F800}'..='\u{2FA1F}';
    let unseen = '\u{E0000}'..='\u{E01FF}';
    ('\0'..='\u{FFFF}').chain(faces).chain(twice).chain(unseen)
}

/// A character behind a number: it is not seen and nothing changes, it is a digit
/// in full width, or the number is no number any more. What people write behind
/// an amount is another matter.
#[test]
fn no_character_makes_another_number_of_one() {
    let meant = "0123456789０１２３４５６７８９元圆块整正万千百亿%％户家个";
    for c in characters().filter(|c| !meant.contains(*c)) {
        for text in [format!("500{c}"), format!("{c}500")] {
            // A sign is part of what follows it.
            let signs = ['-', '+', '－', '＋', '﹢', '﹣', '¥', '￥'];
            if signs.contains(&c) && text.starts_with(c) {
                continue;
            }
            let is = |read: Result<Reading<Decimal>, _>| match read {
                Ok(reading) => assert_eq!(reading.value, 500.into(), "{text:?}"),
                Err(_) => {
                    let seen = !c.is_whitespace() && !c.is_control();
                    assert!(seen && !squeeze(&c.to_string()).is_empty(), "{text:?}");
                }
            };
            is(parse_money(&text));
            is(parse_whole(&text, "户"));
        }
        let day = format!("2018-3-9{c}");
        if let Ok(date) = parse_date(&day) {
            assert_eq!(date, Date::constant(2018, 3, 9), "{day:?}");
        }
    }
}

/// What has a digit in it and is none: in a circle, in brackets, raised, lowered,
/// a fraction, a month, of another face.
#[test]
fn marked_digits_are_not_digits() {
    let digit = |c: &char| {
        let compatible: String = c.to_string().nfkc().collect();
        compatible.contains(|c: char| c.is_ascii_digit())
    };
    let marked: Vec<char> = characters()
        .filter(|c| digit(c) && !c.is_ascii_digit() && !('０'..='９').contains(c))
        .collect();
    assert!(marked.len() > 250, "{}", marked.len());
    for c in "①⑵⒊²₂½㋀㏠㍘㎡𝟏🄀".chars() {
        assert!(marked.contains(&c), "{c}");
    }
    for c in marked {
        assert_eq!(squeeze(&c.to_string()), c.to_string());
        for text in [
            format!("50000{c}"),
            format!("{c}"),
            format!("5{c}000元"),
            format!("{c}万"),
        ] {
            assert!(parse_money(&text).is_err(), "{text:?}");
            assert!(parse_whole(&text, "").is_err(), "{text:?}");
            assert!(parse_percent(&text).is_err(), "{text:?}");
        }
        for text in [
            format!("2018-3-{c}"),
            format!("2018年3月{c}"),
            format!("2018-03-0{c}"),
        ] {
            assert!(parse_date(&text).is_err(), "{text:?}");
        }
    }
    for text in ["㊀万", "㈤万元", "㆒", "㊄"] {
        assert!(parse_money(text).is_err(), "{text:?}");
    }
    // Ideographs that Unicode holds a second time.
    for text in ["\u{F9D1}万", "\u{2F00}万", "〸万"] {
        assert_eq!(
            parse_money(text).unwrap().meaning,
            Meaning::Numeral,
            "{text:?}"
        );
    }
}

/// By the pattern language's own table of what a program may leave unseen.
fn unseen() -> impl Strategy<Value = String> {
    prop::string::string_regex(r"[\p{Default_Ignorable_Code_Point}\x{2800}]{1,3}").unwrap()
}

proptest! {
    #[test]
    fn what_is_not_seen_changes_nothing(
        amount in amounts(),
        date in days(),
        parts in prop::collection::vec(unseen(), 8..16),
    ) {
        let among = |text: &str| -> String {
            let pairs = text.chars().zip(parts.iter().cycle());
            let text: String = pairs.map(|(c, part)| format!("{part}{c}")).collect();
            text + &parts[0]
        };
        for text in [amount.to_string(), format!("{}元", money(amount))] {
            prop_assert!(plainly(parse_money(&among(&text)).ok(), &amount), "{text:?}");
        }
        for text in [date.to_string(), format!("{}年{}月{}日", date.year(), date.month(), date.day())] {
            prop_assert_eq!(parse_date(&among(&text)), Ok(date));
        }
        prop_assert_eq!(squeeze(&among("茶业商会")), "茶业商会");
        prop_assert_eq!(tidy(&among("送鸡苗 100羽")), "送鸡苗 100羽");
        prop_assert!(is_blank(&parts.concat()));
    }

    #[test]
    fn what_is_seen_stays(c in prop::string::string_regex(r"[\P{Default_Ignorable_Code_Point}&&[^\x{2800}\s\p{Cc}]]").unwrap()) {
        prop_assert!(!squeeze(&c).is_empty(), "{c:?}");
        prop_assert_eq!(tidy(&c), c);
    }
}

#[test]
fn counts_and_shares_in_other_words() {
    for (text, value, meaning) in [
        ("25户", 25, Meaning::Spelling),
        ("25 个", 25, Meaning::Spelling),
        ("25家", 25, Meaning::Spelling),
        ("二十五户", 25, Meaning::Numeral),
        ("两个", 2, Meaning::Numeral),
    ] {
        let reading = parse_whole(text, "户").unwrap();
        assert_eq!(reading, Reading::of(value.into(), meaning), "{text:?}");
    }
    for (text, value, meaning) in [
        ("2人", 2, Meaning::Spelling),
        ("2名", 2, Meaning::Spelling),
        ("12 位", 12, Meaning::Spelling),
        ("两名", 2, Meaning::Numeral),
        ("十二人", 12, Meaning::Numeral),
    ] {
        let reading = parse_whole(text, "人").unwrap();
        assert_eq!(reading, Reading::of(value.into(), meaning), "{text:?}");
    }
    for text in ["2名左右", "约2名", "两三名", "2名委员", "名", "几名", "2户"] {
        assert!(parse_whole(text, "人").is_err(), "{text:?}");
    }
    for (text, measure) in [
        ("25㎡", "㎡"),
        ("25m²", "㎡"),
        ("25m2", "㎡"),
        ("25㎡", "m2"),
    ] {
        let reading = parse_whole(text, measure).unwrap();
        assert_eq!(
            reading,
            Reading::of(25.into(), Meaning::Spelling),
            "{text:?}"
        );
    }
    for (text, why) in [
        ("25人", Words),
        ("二十几户", Estimate),
        ("20-30户", Range),
        ("约30", Estimate),
    ] {
        assert_eq!(parse_whole(text, "户"), Err(why), "{text:?}");
    }
    for (text, thousandths, meaning) in [
        ("98％", 980, Meaning::Plain),
        ("0.98", 980, Meaning::Plain),
        ("98", 980, Meaning::Spelling),
        ("百分之九十八", 980, Meaning::Numeral),
        ("百分之98", 980, Meaning::Numeral),
        ("百分之九十八点五", 985, Meaning::Numeral),
        ("百分之百", 1000, Meaning::Numeral),
    ] {
        let reading = parse_percent(text).unwrap();
        let share = Decimal::new(thousandths, 3);
        assert_eq!(reading, Reading::of(share, meaning), "{text:?}");
    }
    assert_eq!(parse_percent("90-95%"), Err(Range));
    assert_eq!(parse_percent("九成"), Err(Words));
}

/// A whole number in common numerals, written from the largest unit down.
fn numeral(number: i64) -> String {
    spell(number, "零一二三四五六七八九", "十百千万亿")
}

/// A whole number in capital numerals.
fn capital(number: i64) -> String {
    spell(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟万亿")
}

fn digits(number: i64) -> String {
    let signs: Vec<char> = "〇一二三四五六七八九".chars().collect();
    number
        .to_string()
        .bytes()
        .map(|b| signs[usize::from(b - b'0')])
        .collect()
}

fn spell(number: i64, digits: &str, units: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let units: Vec<char> = units.chars().collect();
    for (value, unit) in [
        (100_000_000, units[4]),
        (10_000, units[3]),
        (1_000, units[2]),
        (100, units[1]),
        (10, units[0]),
    ] {
        if number >= value {
            let (high, low) = (number / value, number % value);
            let mut text = format!(
                "{}{unit}",
                spell(
                    high,
                    &digits.iter().collect::<String>(),
                    &units.iter().collect::<String>()
                )
            );
            if low > 0 {
                if low < value / 10 {
                    text.push(digits[0]);
                }
                text.push_str(&spell(
                    low,
                    &digits.iter().collect::<String>(),
                    &units.iter().collect::<String>(),
                ));
            }
            return text;
        }
    }
    digits[number as usize].to_string()
}
