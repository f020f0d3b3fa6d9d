//! Long tables are written row by row and never held as a whole: what stands in
//! the workbook is the same as if all were drawn at once.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use crate::common::sample;
use jiff::civil::date;
use kaohe::assess::Run;
use kaohe::book::Evaluator;
use kaohe::cli::{Loaded, load_decided};
use kaohe::flow::{Assessment, assess_files};
use kaohe::intake::{Here, gather};
use kaohe::report::workbook_of;
use kaohe::sheet::{FoundSheet, open, write};

/// What a reader finds on each sheet, and the XML of its rows' heights and links.
struct Seen {
    sheets: Vec<FoundSheet>,
    heights: BTreeMap<String, Vec<String>>,
    links: BTreeMap<String, Vec<String>>,
    /// Where pages break, and how wide the columns are.
    pages: BTreeMap<String, [String; 2]>,
    /// How each cell looks, by sheet and cell.
    looks: BTreeMap<(String, String), String>,
}

fn part(archive: &mut zip7::ZipArchive<Cursor<&[u8]>>, name: &str) -> String {
    let mut xml = String::new();
    let mut part = archive.by_name(name).expect("a part");
    part.read_to_string(&mut xml).expect("text");
    xml
}

/// The formats of cells, each with its font, fill, borders and number format
/// spelled out: their numbers follow the order in which they were met.
fn looks_of(styles: &str) -> Vec<String> {
    let list = |of: &str, item: &str| -> Vec<String> {
        let Some((_, rest)) = styles.split_once(&format!("<{of} ")) else {
            return Vec::new();
        };
        let all = rest.split(&format!("</{of}>")).next().expect("its end");
        let start = format!("<{item}");
        all.split(&start).skip(1).map(str::to_owned).collect()
    };
    let value = |tag: &str, key: &str| -> String {
        let (_, rest) = tag.split_once(&format!("{key}=\"")).expect(key);
        rest.split('"').next().expect("its end").to_owned()
    };
    let formats = list("numFmts", "numFmt ");
    let (fonts, fills, borders) = (
        list("fonts", "font>"),
        list("fills", "fill>"),
        list("borders", "border>"),
    );
    let look = |xf: String| {
        let at = |key: &str| -> usize { value(&xf, key).parse().expect("a number") };
        let number = value(&xf, "numFmtId");
        let own = formats.iter().find(|one| value(one, "numFmtId") == number);
        let number = own.map_or(number, |own| value(own, "formatCode"));
        let rest = xf.split("xfId=").nth(1).expect("the rest").to_owned();
        let (font, fill) = (&fonts[at("fontId")], &fills[at("fillId")]);
        format!("{number} {font} {fill} {} {rest}", borders[at("borderId")])
    };
    list("cellXfs", "xf ").into_iter().map(look).collect()
}

fn seen(bytes: &[u8]) -> Seen {
    let mut archive = zip7::ZipArchive::new(Cursor::new(bytes)).expect("a container");
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let (mut heights, mut links, mut looks) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut pages = BTreeMap::new();
    let styles = looks_of(&part(&mut archive, "xl/styles.xml"));
    for name in names
        .iter()
        .filter(|name| name.starts_with("xl/worksheets/sheet"))
    {
        let xml = part(&mut archive, name);
        for cell in xml.split("<c ").skip(1) {
            let tag = cell.split('>').next().expect("its end");
            let value = |key: &str| {
                let (_, rest) = tag.split_once(&format!("{key}=\""))?;
                rest.split('"').next()
            };
            let style: usize = value(" s").map_or(0, |style| style.parse().expect("a number"));
            let at = value("r")
                .or_else(|| tag.strip_prefix("r=\""))
                .expect("a cell");
            let at = at.split('"').next().expect("a cell").to_owned();
            looks.insert((name.clone(), at), styles[style].clone());
        }
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
        let page = |tag: &str| of(tag, &["id=", "min=", "max=", "width="]).join(" ");
        pages.insert(name.clone(), [page("<brk "), page("<col ")]);
    }
    Seen {
        sheets: open(bytes).expect("it opens").sheets,
        heights,
        links,
        pages,
        looks,
    }
}

const TODAY: jiff::civil::Date = date(2018, 12, 31);

/// The sample, assessed.
fn assessed(loaded: &Loaded) -> Assessment {
    let (files, skipped) = gather(&sample().join("回收")).expect("returns");
    let run = Run {
        roster_hash: String::new(),
        rulings_hash: String::new(),
        skipped,
        today: TODAY,
        closing: None,
    };
    assess_files(
        &files,
        &loaded.policy,
        &loaded.roster,
        &loaded.rulings,
        Vec::new(),
        &run,
        &Here,
    )
}

#[test]
fn what_is_written_row_by_row_is_what_would_have_been_drawn() {
    let loaded = load_decided(&sample(), &kaohe::intake::Here).expect("the sample loads");
    let assessment = assessed(&loaded);
    let values = Arc::new(Evaluator::new(&assessment.book));
    let made = |most: usize| {
        let book = workbook_of(&loaded.policy, &values, TODAY, most).expect("a workbook");
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
        let others = &streamed.heights[name];
        assert_eq!(
            rows.len(),
            others.len(),
            "{name} {:?} {:?}",
            rows.last(),
            others.last()
        );
        for (one, other) in rows.iter().zip(others) {
            assert_eq!(one, other, "{name}");
        }
    }
    assert_eq!(drawn.links, streamed.links);
    assert_eq!(drawn.pages, streamed.pages);
    assert_eq!(drawn.looks.len(), streamed.looks.len());
    for (at, look) in &drawn.looks {
        assert_eq!(Some(look), streamed.looks.get(at), "{at:?}");
    }
}
