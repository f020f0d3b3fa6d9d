//! Workbooks that are written as a batch are the same, part by part and byte for
//! byte, as those that the library writes one by one.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use std::io::{Cursor, Read};

use common::sample;
use common::world::{TODAY, world};
use jiff::civil::date;
use kaohe::cli::load_decided;
use kaohe::policy::{CPPCC_MEMBER, Policy};
use kaohe::roster::{Member, Roster, Unit, Village};
use kaohe::several::at_once;
use kaohe::sheet::{
    Area, Batch, Cell, Chart, ChartKind, Content, Highlight, Look, Properties, Rule, Scalar,
    Series, Sheet, Style, Validation, Visibility, Workbook, WriteError, write,
};
use kaohe::template::unit_workbook;

/// Parts by name, in order.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip7::ZipArchive::new(Cursor::new(bytes)).expect("a container");
    let parts = (0..archive.len()).map(|at| {
        let mut part = archive.by_index(at).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        (part.name().to_owned(), text)
    });
    parts.collect()
}

/// Fails where a workbook of a batch differs from the one that is written alone.
fn compare(batch: &Batch, book: &Workbook, what: &str) -> Option<Vec<u8>> {
    match (batch.write(book), write(book)) {
        (Ok(one), Ok(other)) => {
            let (ours, others) = (parts(&one), parts(&other));
            assert_eq!(ours.len(), others.len(), "{what}");
            for (one, other) in ours.iter().zip(&others) {
                assert_eq!(one.0, other.0, "{what}");
                assert!(
                    one.1 == other.1,
                    "{what}: {}\n{}\n{}",
                    one.0,
                    one.1,
                    other.1
                );
            }
            Some(one)
        }
        (one, other) => {
            // Of several ranges of charts that lead nowhere the library names any.
            let why = |error: Option<WriteError>| {
                let why = error.map(|error| error.to_string());
                why.map(|why| why.split("chart range").next().map(str::to_owned))
            };
            assert_eq!(why(one.err()), why(other.err()), "{what}");
            None
        }
    }
}

/// All workbooks of a roster, in two orders and several at once.
fn compare_all(policy: &Policy, roster: &Roster) {
    let made = |units: Vec<&Unit>| -> Vec<Option<Vec<u8>>> {
        let batch = Batch::new();
        let books = units.into_iter().map(|unit| {
            let book = unit_workbook(policy, roster, unit, TODAY);
            compare(&batch, &book, &unit.name)
        });
        books.collect()
    };
    let forward = made(roster.units().collect());
    let mut units: Vec<&Unit> = roster.units().collect();
    units.reverse();
    let mut backward = made(units);
    backward.reverse();
    assert!(
        forward == backward,
        "they depend on what was written before"
    );
    // Several threads ask for what is not known yet at the same time.
    let (batch, units) = (Batch::new(), roster.units().collect::<Vec<_>>());
    let together = at_once(units.len(), 4, |at| {
        let book = unit_workbook(policy, roster, units[at], TODAY);
        compare(&batch, &book, &units[at].name)
    });
    assert!(forward == together, "they depend on who was quicker");
}

#[test]
fn workbooks_of_the_sample_are_those_that_are_written_alone() {
    let loaded = load_decided(&sample()).expect("the sample loads");
    compare_all(&loaded.policy, &loaded.roster);
    let world = world();
    compare_all(&world.policy, &world.roster);
}

/// Names that are hard to write, or that stand in the workbook already.
fn odd_names(policy: &Policy) -> Vec<String> {
    let mut names: Vec<String> = [
        "甲&乙<丙>\"丁\"'戊'",
        "&lt;&amp;&[Page]&P&&",
        "😀𠀀镇联工委",
        " 前后有空 ",
        "换\n行\t跳",
        "_x0041_与_x005F_",
        "控\u{1}制\u{7f}\u{85}\u{FFFE}",
        "</t></si>",
        "序号",
        "合计",
        "是",
        "填报说明",
        "填报单位：序号",
        "TRUE",
        "123",
        "=1+1",
        "",
        "名",
    ]
    .map(str::to_owned)
    .into();
    names.extend([40, 100, 120, 250, 300, 3_000].map(|long| "长".repeat(long)));
    names.push("a".repeat(32_760));
    names.push("b".repeat(32_768));
    names.extend(policy.intake_forms().take(2).map(|form| form.title.clone()));
    names
}

#[test]
fn workbooks_of_odd_names_are_those_that_are_written_alone() {
    let policy = world().policy;
    let names = odd_names(&policy);
    let (mut units, mut members, mut villages) = (Vec::new(), Vec::new(), Vec::new());
    for (at, name) in names.iter().enumerate() {
        for (of, kind) in policy.unit_kinds.keys().enumerate() {
            let code = format!("{kind}{at}");
            units.push(Unit {
                code: code.clone(),
                name: name.clone(),
                kind: kind.clone(),
                aliases: Vec::new(),
            });
            // None, one, several; among them the unit's own name, and one twice.
            for number in 0..(at + of) % 5 {
                let other = names.get((at + number / 2) % names.len());
                members.push(Member {
                    code: format!("M{code}-{number}"),
                    name: other.expect("a name").clone(),
                    unit: code.clone(),
                    category: if number < 3 { CPPCC_MEMBER } else { "" }.to_owned(),
                    sector: String::new(),
                    role: String::new(),
                    aliases: Vec::new(),
                });
            }
        }
        villages.push(Village {
            code: format!("V{at}"),
            name: name.chars().take(200).collect(),
            township: String::new(),
            class: String::new(),
            leader: String::new(),
            reporter: format!("township{}", at / 3),
            aliases: Vec::new(),
        });
    }
    compare_all(&policy, &Roster::new(units, members, villages));
}

fn area(first: (u32, u16), last: (u32, u16)) -> Area {
    Area::new(Cell::new(first.0, first.1), Cell::new(last.0, last.1))
}

/// Two sheets with most of what a sheet can have.
fn plain() -> Workbook {
    let mut one = Sheet::new("甲");
    one.banner(area((0, 0), (0, 3)), "标题", Look::Title.into());
    one.text(Cell::new(1, 0), "文字", Look::Text.into());
    one.put(
        Cell::new(1, 1),
        Content::Number(5.into()),
        Look::Money.into(),
    );
    one.put(
        Cell::new(1, 2),
        Content::Date(date(2018, 3, 1)),
        Look::Text.into(),
    );
    let sum = Content::Formula {
        text: "SUM(B2:B3)".to_owned(),
        result: Scalar::Number(5.into()),
    };
    one.put(Cell::new(2, 1), sum, Look::Money.into());
    one.put(Cell::new(3, 0), Content::Blank, Look::Plain.into());
    one.put(Cell::new(3, 3), link("去", "乙", 2), Look::Link.into());
    one.widths.insert(0, 20.0);
    one.heights.insert(4, 40.0);
    one.page.footer_left = "左".to_owned();
    one.validations.push(check(area((1, 0), (5, 0))));
    let mut two = Sheet::new("乙");
    two.text(Cell::new(0, 0), "文字", Look::Plain.into());
    two.text(Cell::new(5, 2), "别的", Look::Plain.into());
    Workbook {
        sheets: vec![one, two],
        properties: Properties {
            title: "题目".to_owned(),
            author: "本办".to_owned(),
            created: TODAY,
            custom: Vec::new(),
        },
    }
}

fn link(text: &str, sheet: &str, row: u32) -> Content {
    Content::Link {
        text: text.to_owned(),
        sheet: sheet.to_owned(),
        cell: Cell::new(row, 0),
    }
}

fn check(area: Area) -> Validation {
    Validation {
        area,
        rule: Rule::List(vec!["是".to_owned(), "否".to_owned()]),
        prompt_title: "填".to_owned(),
        prompt: "填是或否".to_owned(),
        error_title: "错".to_owned(),
        error: "只能填是或否".to_owned(),
        warn_only: false,
    }
}

/// A change to the first sheet of a workbook.
type Change = (&'static str, fn(&mut Sheet));

/// Changes that must show in the file.
const CHANGES: [Change; 45] = [
    ("nothing", |_| {}),
    ("name", |s| s.name = "丙".to_owned()),
    ("bad name", |s| s.name = "a/b".to_owned()),
    ("same name", |s| s.name = "乙".to_owned()),
    ("text", |s| {
        s.text(Cell::new(1, 0), "另外", Look::Text.into())
    }),
    ("known text", |s| {
        s.text(Cell::new(1, 0), "标题", Look::Text.into())
    }),
    ("no text", |s| {
        s.text(Cell::new(1, 0), "", Look::Text.into())
    }),
    ("tall text", |s| {
        s.text(Cell::new(1, 0), "高\n高\n高", Look::Text.into())
    }),
    ("long text", |s| {
        s.text(Cell::new(1, 0), "长".repeat(32_768), Look::Text.into())
    }),
    ("style", |s| {
        s.text(Cell::new(1, 0), "文字", Look::Centre.into())
    }),
    ("number", |s| {
        s.put(
            Cell::new(1, 1),
            Content::Number(6.into()),
            Look::Money.into(),
        )
    }),
    ("day", |s| {
        s.put(Cell::new(1, 1), Content::Date(TODAY), Look::Money.into())
    }),
    ("early day", |s| {
        s.put(
            Cell::new(1, 1),
            Content::Date(date(1800, 1, 1)),
            Look::Money.into(),
        );
    }),
    ("more columns", |s| {
        s.put(Cell::new(1, 9), Content::Blank, Look::Text.into())
    }),
    ("more rows", |s| {
        s.put(Cell::new(90, 0), Content::Blank, Look::Plain.into())
    }),
    ("fewer cells", |s| {
        s.cells.remove(&Cell::new(3, 3));
    }),
    ("no cells", |s| s.cells.clear()),
    ("link", |s| {
        s.put(Cell::new(3, 3), link("去", "乙", 3), Look::Link.into())
    }),
    ("text of link", |s| {
        s.put(Cell::new(3, 3), link("来", "乙", 2), Look::Link.into())
    }),
    ("width", |s| {
        s.widths.insert(0, 21.0);
    }),
    ("columns", |s| {
        s.columns.insert(1, Style::new(Look::Date).input());
        s.columns.insert(7, Style::new(Look::Centre).open());
    }),
    ("columns without widths", |s| {
        s.widths.clear();
        s.columns.insert(0, Style::new(Look::Text).input());
    }),
    ("open cell", |s| {
        s.text(Cell::new(1, 0), "文字", Style::new(Look::Text).open())
    }),
    ("height", |s| {
        s.heights.insert(4, 41.0);
    }),
    ("low height", |s| {
        s.heights.insert(95, 41.0);
    }),
    ("merge", |s| s.merges.push(area((2, 0), (3, 1)))),
    ("freeze", |s| s.freeze = Some(Cell::new(1, 0))),
    ("filter", |s| s.filter = Some(area((1, 0), (3, 2)))),
    ("check", |s| s.validations.push(check(area((1, 1), (2, 1))))),
    ("words of a check", |s| s.validations[0].prompt.push('。')),
    ("bad check", |s| {
        s.validations[0].rule = Rule::List(Vec::new())
    }),
    ("highlight", |s| {
        s.highlights.push(Highlight {
            area: area((1, 1), (2, 1)),
            formula: "B2>1".to_owned(),
            look: Look::Bad,
        });
    }),
    ("chart", |s| {
        s.charts.push(Chart {
            kind: ChartKind::Bar,
            title: "图".to_owned(),
            axis: "元".to_owned(),
            series: vec![Series {
                name: "数".to_owned(),
                sheet: s.name.clone(),
                categories: area((1, 0), (2, 0)),
                values: area((1, 1), (2, 1)),
            }],
            at: Cell::new(2, 8),
            width: 400,
            height: 300,
        });
    }),
    ("source", |s| {
        s.links
            .insert(Cell::new(1, 1), ("乙".to_owned(), area((0, 0), (0, 0))));
    }),
    ("note", |s| {
        s.notes.insert(Cell::new(1, 1), "说明".to_owned());
    }),
    ("hidden", |s| s.visibility = Visibility::Hidden),
    ("protected", |s| s.protected = true),
    ("tab", |s| s.tab = Some(0x00FF_0000)),
    ("portrait", |s| s.page.landscape = false),
    ("repeated rows", |s| s.page.repeat_rows = Some((0, 1))),
    ("one page", |s| s.page.one_page = true),
    ("print area", |s| s.page.area = Some(area((0, 0), (1, 1)))),
    ("breaks", |s| s.page.breaks = vec![2]),
    ("footer", |s| {
        s.page.footer_right = "&[Page] <右>".to_owned()
    }),
    ("long footer", |s| s.page.footer_right = "右".repeat(250)),
];

#[test]
fn whatever_differs_shows() {
    let batch = Batch::new();
    compare(&batch, &plain(), "plain");
    for (what, change) in CHANGES {
        let mut book = plain();
        change(&mut book.sheets[0]);
        compare(&batch, &book, what);
        // Now it is known.
        compare(&batch, &book, what);
        compare(&batch, &plain(), what);
    }
    for (what, one) in CHANGES {
        for (and, other) in CHANGES {
            let mut book = plain();
            one(&mut book.sheets[0]);
            let check = !book.sheets[0].validations.is_empty();
            if check {
                other(&mut book.sheets[0]);
            }
            compare(&batch, &book, &format!("{what} and {and}"));
        }
    }
}

#[test]
fn properties_and_formulas_show() {
    let batch = Batch::new();
    let changes: [fn(&mut Properties); 8] = [
        |_| {},
        |p| p.title.clear(),
        |p| p.title = "<a&b>\"\u{1}\n_x0041_😀".to_owned(),
        |p| p.title = "\u{1}".to_owned(),
        |p| p.author = "题目".to_owned(),
        |p| p.created = date(2019, 1, 2),
        |p| p.created = date(1800, 1, 2),
        |p| p.custom.push(("甲".to_owned(), "乙".to_owned())),
    ];
    for change in changes {
        let mut book = plain();
        change(&mut book.properties);
        compare(&batch, &book, &format!("{:?}", book.properties));
    }
    let results = [
        Scalar::Empty,
        Scalar::Text("字".to_owned()),
        Scalar::Text("12".to_owned()),
        Scalar::Bool(true),
        Scalar::Date(TODAY),
        Scalar::Number("-1.50".parse().expect("a number")),
    ];
    let texts = [
        "B2",
        "",
        "=B2",
        "{B2}",
        "{=B2}",
        "\"<&>\"",
        "XOR(1,0)",
        "_xlfn.XOR(1,0)",
        "SEQUENCE(3)",
        "SORT(A1)",
        "_xlfn.XOR(SEQUENCE(3))",
    ];
    for result in results {
        for text in texts {
            let formula = Content::Formula {
                text: text.to_owned(),
                result: result.clone(),
            };
            let mut book = plain();
            book.sheets[1].put(Cell::new(1, 1), formula, Look::Plain.into());
            compare(&batch, &book, &format!("{text} {result:?}"));
        }
    }
}
