//! Rows of which something is known before the unit types: gifts, which two
//! units report, and members and villages, which the office has printed.

use kaohe::policy::{Form, Kind};
use kaohe::sheet::Content;
use rust_decimal::Decimal;

use super::dice::Dice;
use super::gifts::{Fault, Gift};
use super::rows::{Typed, elsewhere, number, text};
use super::words::{goods as quantity, purpose};

/// A row of 资金物资.
pub fn given(gift: &Gift, dice: &mut Dice) -> Typed {
    let channels = ["社会募资", "社会募资", "财政争资", "项目争资", "群众筹资"];
    let mut row = vec![
        ("donor", text(&gift.donor)),
        ("donor_kind", text(gift.donor_kind)),
        ("channel", text(dice.of(&channels))),
        ("fund_form", text(if gift.goods { "物资" } else { "资金" })),
        (
            "way",
            text(dice.of(&["资金扶持", "捐资助学", "基础设施建设", "产业扶持"])),
        ),
        ("purpose", text(purpose(dice))),
        ("voucher", text(format!("收据{:05}", gift.number + 1))),
    ];
    row.push(match gift.fault {
        Some(Fault::Text) => ("amount", text("5万")),
        _ => ("amount", Content::Number(gift.amount)),
    });
    if gift.fault != Some(Fault::Undated) {
        row.push(("date", Content::Date(gift.date)));
    }
    if gift.fault == Some(Fault::Elsewhere) {
        row.push(("village", elsewhere()));
    }
    row.extend(gift.village.iter().map(|name| ("village", text(name))));
    if gift.goods {
        row.push(("goods", text(quantity(dice))));
        row.push(("basis", text("发票")));
    }
    row
}

/// A row of 受援情况.
pub fn received(gift: &Gift, at: usize) -> Typed {
    let village = gift.village.as_deref().unwrap_or_default();
    vec![
        ("village", text(village)),
        ("donor", text(&gift.donor)),
        ("donor_kind", text(gift.donor_kind)),
        ("fund_form", text(if gift.goods { "物资" } else { "资金" })),
        ("amount", Content::Number(gift.amount)),
        ("date", Content::Date(gift.date)),
        ("receipt", text(format!("村收{:03}", at + 1))),
    ]
}

/// A member's row: three in a hundred did nothing.
pub fn three_ones(dice: &mut Dice) -> Typed {
    let idle = dice.chance(30);
    let mut row = Vec::new();
    for (id, note) in [
        ("study", "study_note"),
        ("income", "income_note"),
        ("job", "job_note"),
    ] {
        let done = !idle && dice.chance(700);
        row.push((id, text(if done { "是" } else { "否" })));
        if done {
            row.push((note, text("本村一户，全年帮扶")));
        }
    }
    row
}

/// A village's row.
pub fn goals(form: &Form, dice: &mut Dice) -> Typed {
    let mut row = Vec::new();
    for (id, kind) in [
        ("road_rate", Kind::Percent),
        ("water_rate", Kind::Percent),
        ("power_done", Kind::YesNo),
        ("broadcast_done", Kind::YesNo),
        ("energy_households", Kind::Integer),
        ("sanitation_households", Kind::Integer),
        ("hazard_done", Kind::YesNo),
        ("pension_rate", Kind::Percent),
        ("medical_rate", Kind::Percent),
        ("serious_illness_rate", Kind::Percent),
        ("relief_done", Kind::YesNo),
        ("students_done", Kind::YesNo),
        ("industry_rate", Kind::Percent),
        ("training_rate", Kind::Percent),
    ] {
        assert!(form.fields[id].kind == kind, "a field of this kind: {id}");
        row.push((
            id,
            match kind {
                Kind::Percent if dice.chance(100) => Content::Number(Decimal::new(985, 3)),
                Kind::Percent => Content::Number(Decimal::ONE),
                Kind::YesNo => text(if dice.chance(40) { "否" } else { "是" }),
                _ => number(10 + dice.below(100)),
            },
        ));
    }
    row
}
