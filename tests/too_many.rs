//! A sheet that somebody filled down to its end costs its own return and nothing
//! else.

use crate::common::world::{World, file, number, text, world};
use kaohe::diagnostic::Code;
use kaohe::sheet::{Workbook, write};

/// A unit's workbook with so many gifts of one amount.
fn gifts(world: &World, unit: &str, count: u32) -> Workbook {
    let mut book = world.issued(unit);
    for row in 0..count {
        world.gift(&mut book, row, "委员112", number(500));
        world.put(&mut book, "funds", "village", row, text("三星村"));
        world.put(
            &mut book,
            "funds",
            "voucher",
            row,
            text(&format!("第{row}号")),
        );
    }
    book
}

#[test]
fn a_form_that_is_too_long_sets_its_return_aside() {
    let world = world();
    let healthy = gifts(&world, "T109", 3);
    let alone = world.assess(&[("健康.xlsx", &healthy)]);
    let mut long = world.issued("G02");
    // One column filled down, nothing else.
    for row in 0..5_200 {
        world.put(&mut long, "funds", "purpose", row, text("修路"));
    }
    let both = world.assess(&[("健康.xlsx", &healthy), ("很长.xlsx", &long)]);
    assert_eq!(
        both.reconciled.ledger().entries.len(),
        alone.reconciled.ledger().entries.len()
    );
    let of_long: Vec<_> = both
        .findings
        .iter()
        .filter(|finding| finding.place.file.as_deref() == Some("很长.xlsx"))
        .collect();
    assert_eq!(of_long.len(), 1, "{of_long:#?}");
    assert_eq!(of_long[0].code, Code::TooManyRows);
    assert!(
        of_long[0].message.contains("5200行"),
        "{}",
        of_long[0].message
    );
}

#[test]
fn too_many_findings_set_a_return_aside() {
    let world = world();
    let mut faulty = world.issued("G02");
    for row in 0..4_000 {
        world.gift(&mut faulty, row, "谁也不是", text("若干"));
        for field in ["date", "channel", "fund_form", "way", "village"] {
            world.put(&mut faulty, "funds", field, row, text("不知道"));
        }
    }
    let assessed = world.assess(&[("满错.xlsx", &faulty)]);
    let of_it: Vec<_> = assessed
        .findings
        .iter()
        .filter(|finding| finding.place.file.as_deref() == Some("满错.xlsx"))
        .collect();
    assert_eq!(of_it.len(), 1, "{} findings", of_it.len());
    assert_eq!(of_it[0].code, Code::TooManyRows, "{}", of_it[0].message);
    assert!(of_it[0].message.contains("问题有"), "{}", of_it[0].message);
}

/// Thousands of equal amounts of one unit are not compared with each other, and
/// one report of another unit is still found to be like one of them.
#[test]
fn many_equal_amounts_are_compared_in_no_time() {
    let world = world();
    let many = gifts(&world, "G02", 4_500);
    let mut one = gifts(&world, "T109", 1);
    // Otherwise it would be the very same report.
    world.put(&mut one, "funds", "voucher", 0, text("另一号"));
    world.put(&mut one, "funds", "purpose", 0, text("修渠"));
    let files = [
        file("很多.xlsx", write(&many).expect("a return")),
        file("一笔.xlsx", write(&one).expect("a return")),
    ];
    let begun = std::time::Instant::now();
    let assessed = world.assess_bytes(&files);
    println!("{:?}", begun.elapsed());
    let likely = assessed.reconciled.matters().iter();
    let likely = likely.filter(|matter| matter.topic == kaohe::reconcile::Topic::LikelySame);
    assert_eq!(likely.count(), 1);
}
