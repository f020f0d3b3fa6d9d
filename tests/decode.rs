//! Whatever stands in a cell, of whatever field: it is a value or a fault, and
//! never the end of the program. What a value was printed as reads back equal.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::sync::OnceLock;

use common::world::{World, world};
use kaohe::form::{Context, decode};
use kaohe::roster::UnitNames;
use kaohe::sheet::Found;
use kaohe::value::Meaning;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn shared() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(world)
}

/// Texts of all sorts, many of them almost right.
fn texts() -> impl Strategy<Value = String> {
    let words = [
        "委员001",
        "三星村",
        "仙溪镇",
        "万",
        "元",
        "整",
        "年",
        "月",
        "日",
        "至",
        "约",
        "、",
        " ",
        "-",
        ".",
        "5",
        "2018",
        "伍",
        "十",
        "是",
        "√",
        "%",
        "百分之",
        "同志",
        "(",
        ")",
        "\u{200B}",
        "\u{3000}",
        "E+",
        "\u{0}",
    ];
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop::sample::select(words.to_vec()), 0..8)
            .prop_map(|parts| parts.concat()),
        "[0-9]{1,40}",
    ]
}

fn cells() -> impl Strategy<Value = Found> {
    prop_oneof![
        texts().prop_map(|text| Found::Text(text.into())),
        (any::<i64>(), 0_u32..12).prop_map(|(n, scale)| Found::Number(Decimal::new(n, scale))),
        any::<bool>().prop_map(Found::Bool),
        texts().prop_map(|text| Found::Error(text.into())),
        (1900_i16..2100, 1_i8..13, 1_i8..29).prop_map(|(year, month, day)| {
            Found::Date(jiff::civil::date(year, month, day), 0)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_or_a_fault(found in cells(), days_of_1904 in any::<bool>()) {
        let World { policy, roster } = shared();
        let names = UnitNames { roster, unit: "G01" };
        let context = Context {
            policy,
            names: Some(&names),
            file: "甲.xlsx",
            days_of_1904,
            older_form: false,
        };
        for form in policy.forms.values() {
            for field in form.fields.values() {
                let Ok(reading) = decode(field, &found, &context) else {
                    continue;
                };
                // What was taken is plain when it is typed again as it was taken.
                let again = Found::Text(reading.value.to_string().into());
                if reading.meaning != Meaning::Damaged && reading.meaning != Meaning::NearName {
                    let second = decode(field, &again, &context);
                    let plain = second.as_ref().is_ok_and(|second| {
                        second.value == reading.value && second.meaning == Meaning::Plain
                    });
                    let text_of_number = reading.value.text().is_some_and(|t| t.contains("E+"));
                    prop_assert!(plain || text_of_number, "{}: {found:?} gave {reading:?}, then {second:?}", field.id);
                }
            }
        }
    }
}
