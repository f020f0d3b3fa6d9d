//! The sheets that leaders read: no wider than a page, large enough to be read on paper,
//! a table each, with its header held and repeated; and what stands on the first page
//! is what stands in the tables behind it.

use std::collections::BTreeSet;

use crate::unknown::reworded;
use jiff::civil::date;
use kaohe::book::{Book, Reader};
use kaohe::policy::Policy;
use kaohe::report::workbook;
use kaohe::sheet::SheetOf;
use rust_decimal::Decimal;

use crate::common::assessed;
use crate::common::county::county;

/// Colour of the tabs of what leaders read.
const LEADING: u32 = 0x00C0_0000;
/// Most half-width characters across.
const WIDEST: f64 = 140.0;
/// Least size of letters on paper, in points.
const LEAST: f64 = 9.0;
/// Size of letters on the sheets, in points.
const LETTERS: f64 = 11.0;
/// Printable pixels of A4 landscape within the margins: 297 mm less 12.7 mm at either
/// side, 210 mm less 19 mm above and 23 mm below, at 96 to the inch.
const PAGE: (f64, f64) = (1_026.0, 635.0);

/// What a sheet is on screen and on paper.
struct Measured {
    name: String,
    across: f64,
    points: f64,
    pages: f64,
    held: bool,
    repeated: bool,
}

fn measured(sheet: &SheetOf<'_>) -> Measured {
    let area = sheet.page.area.expect("an area that prints");
    let widths = (area.first.column..=area.last.column).map(|at| sheet.widths[&at]);
    let across: f64 = widths.clone().sum();
    let pixels: f64 = widths.map(|width| width * 7.0 + 5.0).sum();
    let rows = area.first.row..=area.last.row;
    let down: f64 = rows
        .map(|row| sheet.heights.get(&row).copied().unwrap_or(15.0) * 4.0 / 3.0)
        .sum();
    let by_width = (PAGE.0 / pixels).min(1.0);
    let scale = match sheet.page.one_page {
        true => by_width.min(PAGE.1 / down),
        false => by_width,
    };
    Measured {
        name: sheet.name.clone(),
        across,
        points: LETTERS * scale,
        pages: (down * scale / PAGE.1).ceil(),
        held: sheet.freeze.is_some(),
        repeated: sheet.page.repeat_rows.is_some(),
    }
}

/// Looks at each sheet that leaders read.
fn look(policy: &Policy, book: &Book) {
    let made = workbook(policy, book, date(2018, 12, 31)).expect("a workbook");
    let mut seen = 0;
    for sheet in made.sheets.iter().filter(|one| one.tab == Some(LEADING)) {
        let one = measured(sheet);
        println!(
            "{:<28} {:>4} wide {:>5.1} pt {:>3} pages",
            one.name, one.across, one.points, one.pages
        );
        assert!(one.across <= WIDEST, "{} is {} wide", one.name, one.across);
        assert!(
            one.points >= LEAST,
            "{} prints at {:.1} pt",
            one.name,
            one.points
        );
        if sheet.filter.is_some() {
            assert!(one.held, "the header of {} does not stay", one.name);
            assert!(one.repeated, "the header of {} is not repeated", one.name);
        }
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} sheets");
    let first = &made.sheets[0];
    assert!(first.page.one_page, "{} is one page", first.name);
}

#[test]
fn what_leaders_read_of_the_sample_fits_the_page() {
    let (made, policy) = assessed();
    look(&policy, &made.book);
}

#[test]
fn what_leaders_read_of_eighty_units_fits_the_page() {
    let county = county(11, 80);
    let made = county.world.assess_bytes(&county.files());
    look(&county.world.policy, &made.book);
}

/// The first page against the tables behind it, put in order by another route.
#[test]
fn the_first_page_names_who_stands_there() {
    let (made, policy) = assessed();
    let reader = Reader::new(&made.book);
    let mut compared = 0;
    for kind in policy.unit_kinds.keys() {
        let mut ranked: Vec<_> = reader
            .rows(&format!("score:{kind}"))
            .filter_map(|row| Some((row.number("rank")?, row.text("name"), row.number("total")?)))
            .collect();
        ranked.sort_by_key(|(rank, ..)| *rank);
        let shown: Vec<_> = reader
            .rows(&format!("front:ranks:{kind}"))
            .filter_map(|row| Some((row.number("rank")?, row.text("name"), row.number("total")?)))
            .collect();
        // Those of one rank may stand in any order.
        for one in &shown {
            assert!(ranked.contains(one), "{kind}: {one:?}");
        }
        let ranks: Vec<_> = shown.iter().map(|(rank, ..)| *rank).collect();
        let all: Vec<_> = ranked.iter().map(|(rank, ..)| *rank).collect();
        let first = ranks.len().saturating_sub(3);
        assert_eq!(ranks[..first], all[..first], "{kind}");
        assert_eq!(ranks.last(), all.last(), "{kind}");
        compared += shown.len();
        let names = |id: String| -> BTreeSet<String> {
            reader.rows(&id).map(|row| row.text("name")).collect()
        };
        let (whole, scored) = (
            names(format!("ranking:{kind}")),
            names(format!("score:{kind}")),
        );
        // Both have a row of full marks; the other one names its clauses too.
        assert!(whole.is_subset(&scored), "{kind}");
        assert!(scored.len() <= whole.len() + 1, "{kind}");
    }
    assert!(compared >= 15, "only {compared} ranks");
    let struck: Vec<String> = reader
        .rows("veto:units")
        .filter(|row| row.text("result") == "一票否决")
        .map(|row| row.text("name"))
        .collect();
    let shown: Vec<String> = reader
        .rows("front:vetoes")
        .map(|row| row.text("name"))
        .collect();
    assert_eq!(shown, struck);
    for (award, row) in policy.awards.iter().zip(reader.rows("front:awards")) {
        let mut eligible: Vec<_> = reader
            .rows("award:units")
            .filter(|row| row.text("@rule") == award.id && row.text("result") == "符合")
            .map(|row| (row.number("amount").expect("an amount"), row.text("name")))
            .collect();
        eligible.sort_by_key(|(amount, _)| -*amount);
        let words: Vec<String> = eligible
            .iter()
            .map(|(amount, name)| {
                let wan = (amount / Decimal::from(10_000)).round_dp(2).normalize();
                format!("{name}{wan}")
            })
            .collect();
        let names = row.text("names");
        let names = names.split('；').next().expect("names");
        assert_eq!(names, words.join("、"), "{}", award.name);
    }
    let banner = reader.rows("front:banner").next().expect("a banner");
    let missing = reader
        .rows("units")
        .filter(|row| row.text("returned") == "否")
        .count();
    let banner = banner.text("final");
    assert!(
        banner.starts_with(&format!("未定稿：{missing}个单位未报，")),
        "{banner}"
    );
}

/// A gift of 20,000 元 on the first page, in what the pack says.
#[test]
fn money_stands_on_the_first_page_in_what_the_pack_says() {
    for (word, amount) in [("万元", Decimal::TWO), ("元", Decimal::from(20_000))] {
        let line = format!("front_money = \"{word}\"");
        let world = reworded(&[("front_money = \"万元\"", &line)]);
        let book = world.given("T109", "委员023", 20_000);
        let made = world.assess(&[("冷市.xlsx", &book)]);
        let reader = Reader::new(&made.book);
        let tiles: Vec<_> = reader.rows("front:tiles").collect();
        assert_eq!(tiles[0].number("money"), Some(amount), "{word}");
        assert_eq!(tiles[1].text("money"), word);
        let mut ranks = reader.rows("front:ranks:township");
        let own = ranks.find_map(|row| row.number("money"));
        assert_eq!(own, Some(amount), "{word}");
        let blocks = reader.rows("front:money").map(|row| row.number("total"));
        assert_eq!(blocks.flatten().sum::<Decimal>(), amount, "{word}");
    }
}
