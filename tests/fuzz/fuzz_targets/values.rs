//! What a person types: amounts, days, shares, whole numbers, codes, numbers of
//! persons. No text makes any of them panic, and what must hold of all does.

#![no_main]

use kaohe::diagnostic::{Code, hanging, width};
use kaohe::ruling::is_matter_number;
use kaohe::value::{masked, parse_date, parse_money, parse_percent, parse_whole, spaced, squeeze};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = parse_money(text);
    let _ = parse_date(text);
    let _ = parse_percent(text);
    let _ = parse_whole(text, "人");
    let _ = Code::parse(text);
    let _ = is_matter_number(text);
    let once = masked(text);
    assert_eq!(once.chars().count(), text.chars().count());
    let alone = format!("{text}\u{FF0C}13812345678\u{FF0C}{text}");
    assert!(
        !masked(&alone).contains("\u{FF0C}13812345678\u{FF0C}"),
        "a number by itself is hidden"
    );
    let squeezed = squeeze(text);
    assert_eq!(squeeze(&squeezed), squeezed);
    let _ = spaced(text);
    for line in hanging("  ", text).lines() {
        let _ = width(line);
    }
});
