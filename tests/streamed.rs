//! Long tables are written row by row and never held as a whole: what stands in
//! the workbook is the same as if all were drawn at once.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use common::sample;
use jiff::civil::date;
use kaohe::assess::{Evaluator, Run};
use kaohe::cli::load_decided;
use kaohe::flow::assess_files;
use kaohe::intake::{Here, gather};
use kaohe::report::workbook_of;
use kaohe::sheet::{FoundSheet, open, write};

/// What a reader finds on each sheet, and the XML of its rows' heights and links.
struct Seen {
    sheets: Vec<FoundSheet>,
    heights: BTreeMap<String, Vec<String>>,
    links: BTreeMap<String, Vec<String>>,
}

fn seen(bytes: &[u8]) -> Seen {
    let mut archive = zip7::ZipArchive::new(Cursor::new(bytes)).expect("a container");
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let (mut heights, mut links) = (BTreeMap::new(), BTreeMap::new());
    for name in names
        .iter()
        .filter(|name| name.starts_with("xl/worksheets/sheet"))
    {
        let mut xml = String::new();
        let mut part = archive.by_name(name).expect("a part");
        part.read_to_string(&mut xml).expect("text");
        let of = |tag: &str, keep: &[&str]| -> Vec<String> {
            let tags = xml.split(tag).skip(1);
            tags.map(|rest| {
                let tag = rest.split('>').next().expect("its end");
                let words = tag
                    .split(' ')
                    .filter(|word| keep.iter().any(|k| word.starts_with(k)));
                words
                    .map(|word| word.trim_end_matches('/'))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
        };
        heights.insert(name.clone(), of("<row ", &["r=", "ht="]));
        links.insert(name.clone(), of("<hyperlink ", &["ref=", "location="]));
    }
    Seen {
        sheets: open(bytes).expect("it opens").sheets,
        heights,
        links,
    }
}

#[test]
fn what_is_written_row_by_row_is_what_would_have_been_drawn() {
    let loaded = load_decided(&sample()).expect("the sample loads");
    let (files, skipped) = gather(&sample().join("回收")).expect("returns");
    let today = date(2018, 12, 31);
    let run = Run {
        roster_hash: String::new(),
        rulings_hash: String::new(),
        skipped,
        today,
    };
    let assessment = assess_files(
        &files,
        &loaded.policy,
        &loaded.roster,
        &loaded.rulings,
        Vec::new(),
        &run,
        &Here,
    );
    let values = Arc::new(Evaluator::new(&assessment.book));
    let made = |most: usize| {
        let book = workbook_of(&loaded.policy, &values, today, most).expect("a workbook");
        let long = book.sheets.iter().filter(|sheet| sheet.long.is_some());
        let long: Vec<String> = long.map(|sheet| sheet.name.clone()).collect();
        (seen(&write(&book).expect("it is written")), long)
    };
    let (drawn, few) = made(usize::MAX);
    let (streamed, many) = made(5);
    let more: Vec<&String> = many.iter().filter(|name| !few.contains(name)).collect();
    assert!(more.len() >= 5, "{more:?}");
    assert!(
        more.iter().any(|name| name.starts_with("帮扶台账")),
        "{more:?}"
    );
    for (one, other) in drawn.sheets.iter().zip(&streamed.sheets) {
        assert_eq!(one.name, other.name);
        assert_eq!(one.cells, other.cells, "{}", one.name);
        assert_eq!(one.formulas, other.formulas, "{}", one.name);
    }
    for (name, rows) in &drawn.heights {
        // Blank rows that only a drawn sheet has hold nothing.
        assert_eq!(Some(rows), streamed.heights.get(name), "{name}");
    }
    assert_eq!(drawn.links, streamed.links);
}
