//! What is written comes back the same, and what is no workbook is named.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use jiff::civil::{Date, date};
use kaohe::sheet::{
    Area, Cell, Chart, ChartKind, Content, Found, FoundWorkbook, Highlight, Look, OpenError,
    Properties, Rule, Scalar, Series, Sheet, Style, Validation, Visibility, Workbook, WriteError,
    open, write,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn cell(row: u32, column: u16) -> Cell {
    Cell::new(row, column)
}

fn area(r1: u32, c1: u16, r2: u32, c2: u16) -> Area {
    Area::new(cell(r1, c1), cell(r2, c2))
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn workbook(sheets: Vec<Sheet>) -> Workbook {
    Workbook {
        sheets,
        properties: Properties {
            title: "测试 & 表".into(),
            author: "县政协办".into(),
            created: date(2018, 7, 2),
            custom: vec![("kaohe".into(), "anhua-2018".into())],
        },
    }
}

fn round(sheets: Vec<Sheet>) -> FoundWorkbook {
    open(&write(&workbook(sheets)).expect("written")).expect("read")
}

/// A sheet that holds only A1.
fn single(content: Content, look: Look) -> Sheet {
    let mut sheet = Sheet::new("表");
    sheet.put(cell(0, 0), content, look.into());
    sheet
}

fn first(content: Content, look: Look) -> Option<Found> {
    round(vec![single(content, look)]).sheets[0]
        .cells
        .get(&cell(0, 0))
        .cloned()
}

fn check(rule: Rule, row: u32) -> Validation {
    Validation {
        area: area(row, 0, row, 0),
        rule,
        prompt_title: "填写".into(),
        prompt: "只填数字\n单位:元".into(),
        error_title: "不对".into(),
        error: "请重填".into(),
        warn_only: row.is_multiple_of(2),
    }
}

/// Every feature once.
fn full() -> Vec<Sheet> {
    let mut lists = Sheet::new("选项'1'表");
    lists.visibility = Visibility::VeryHidden;
    lists.text(cell(0, 0), "基础设施建设", Look::Plain.into());
    let mut sheet = Sheet::new("资金物资");
    sheet.banner(area(0, 0, 0, 4), "标题", Look::Title.into());
    for (column, text) in ["=1+1", "-5", "+86", "@x", "a\u{1}b\r\n_x0041_"]
        .iter()
        .enumerate()
    {
        sheet.text(cell(1, column as u16), *text, Look::Text.into());
    }
    sheet.put(
        cell(2, 0),
        Content::Number(decimal("50000.10")),
        Style::new(Look::Money).input(),
    );
    sheet.put(
        cell(2, 1),
        Content::Date(date(2018, 7, 2)),
        Look::Text.into(),
    );
    for (column, result) in [
        Scalar::Number(decimal("0.30")),
        Scalar::Text("待确认".into()),
        Scalar::Bool(true),
        Scalar::Date(date(2018, 12, 31)),
        Scalar::Empty,
    ]
    .into_iter()
    .enumerate()
    {
        let text = "IF(A3>0,A3,\"\")".to_owned();
        let content = Content::Formula { text, result };
        sheet.put(
            cell(3, column as u16),
            content,
            Style::new(Look::Score).total(),
        );
    }
    let link = Content::Link {
        text: "看\u{2}来源".into(),
        sheet: "选项'1'表".into(),
        cell: cell(0, 0),
    };
    sheet.put(cell(4, 0), link, Look::Link.into());
    sheet.widths = BTreeMap::from([(0, 24.0)]);
    sheet.heights = BTreeMap::from([(1, 30.0)]);
    sheet.freeze = Some(cell(2, 1));
    sheet.filter = Some(area(1, 0, 4, 4));
    let sheet_name = lists.name.clone();
    let rules = [
        Rule::ListRange {
            sheet: sheet_name,
            area: area(0, 0, 0, 0),
        },
        Rule::List(vec!["是".into(), "否".into()]),
        Rule::Whole {
            min: Some(0),
            max: None,
        },
        Rule::Decimal {
            min: None,
            max: Some(decimal("99.5")),
        },
        Rule::Date {
            from: date(2018, 1, 1),
            to: date(2018, 12, 31),
        },
        Rule::Any,
    ];
    sheet.validations = (10..)
        .zip(rules)
        .map(|(row, rule)| check(rule, row))
        .collect();
    sheet.highlights = [Look::Good, Look::Bad, Look::Caution]
        .map(|look| Highlight {
            area: area(2, 0, 9, 0),
            formula: "$A3>0".into(),
            look,
        })
        .to_vec();
    let series = Series {
        name: "金额".into(),
        sheet: sheet.name.clone(),
        categories: area(1, 0, 1, 4),
        values: area(2, 0, 2, 4),
    };
    sheet.charts = [ChartKind::Bar, ChartKind::Column, ChartKind::StackedColumn]
        .map(|kind| Chart {
            kind,
            title: "资金".into(),
            axis: "元".into(),
            series: vec![series.clone(), series.clone()],
            at: cell(20, 0),
            width: 480,
            height: 300,
        })
        .to_vec();
    sheet
        .notes
        .insert(cell(2, 0), "原填:5万\n请改为 50000".into());
    sheet.page.repeat_rows = Some((0, 1));
    sheet.page.area = Some(area(0, 0, 40, 4));
    sheet.page.breaks = vec![20];
    sheet.page.footer_left = "A&B".into();
    sheet.protected = true;
    sheet.tab = Some(0x1F_4E_79);
    vec![lists, sheet]
}

#[test]
fn everything_comes_back() {
    let found = round(full());
    assert_eq!(found.sheets[0].visibility, Visibility::VeryHidden);
    assert_eq!(found.sheets[0].name, "选项'1'表");
    let sheet = &found.sheets[1];
    let text = |t: &str| Some(Found::Text(t.into()));
    let at = |row, column| sheet.cells.get(&cell(row, column)).cloned();
    assert_eq!(at(0, 0), text("标题"));
    assert_eq!(at(0, 1), None);
    assert_eq!(at(1, 0), text("=1+1"));
    assert_eq!(at(1, 1), text("-5"));
    assert_eq!(at(1, 2), text("+86"));
    assert_eq!(at(1, 3), text("@x"));
    assert_eq!(at(1, 4), text("a\u{1}b\r\n_x0041_"));
    assert_eq!(at(2, 0), Some(Found::Number(decimal("50000.1"))));
    assert_eq!(at(2, 1), Some(Found::Date(date(2018, 7, 2), 0)));
    assert_eq!(at(3, 0), Some(Found::Number(decimal("0.3"))));
    assert_eq!(at(3, 1), text("待确认"));
    assert_eq!(at(3, 2), Some(Found::Bool(true)));
    assert_eq!(at(3, 3), Some(Found::Date(date(2018, 12, 31), 0)));
    assert_eq!(at(3, 4), None);
    assert_eq!(at(4, 0), text("看\u{2}来源"));
    // The fifth gives the empty text: an empty cell, not a formula without result.
    let formulas: Vec<Cell> = (0..4).map(|column| cell(3, column)).collect();
    assert_eq!(sheet.formulas.iter().copied().collect::<Vec<_>>(), formulas);
}

#[test]
fn the_same_bytes_each_time() {
    let bytes = write(&workbook(full())).expect("written");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(bytes == write(&workbook(full())).expect("written"));
}

#[test]
fn the_far_corner_takes_little_memory() {
    let mut sheet = single(Content::Text("左上".into()), Look::Plain);
    let corner = cell(1_048_575, 16_383);
    sheet.text(corner, "右下", Look::Plain.into());
    let found = round(vec![sheet]);
    assert_eq!(found.sheets[0].cells.len(), 2);
    assert_eq!(found.sheets[0].cells[&corner], Found::Text("右下".into()));
}

#[test]
fn days_from_the_first_to_the_last() {
    for day in [
        date(1900, 1, 1),
        date(1900, 3, 1),
        date(2018, 7, 2),
        date(9999, 12, 31),
    ] {
        let back = first(Content::Date(day), Look::Date);
        assert_eq!(back, Some(Found::Date(day, 0)));
    }
    let before = single(Content::Date(date(1899, 12, 30)), Look::Date);
    assert!(write(&workbook(vec![before])).is_err());
}

/// Names may look like numbers, and formulas repeat them.
#[test]
fn texts_that_formulas_come_to_stay_texts() {
    for text in ["001", "1e3", "nan", "TRUE", "#N/A", "2018-1-1"] {
        let formula = Content::Formula {
            text: "B1".into(),
            result: Scalar::Text(text.into()),
        };
        assert_eq!(first(formula, Look::Text), Some(Found::Text(text.into())));
    }
}

#[test]
fn nothing_is_shortened() {
    let long = single(Content::Text("长".repeat(40_000)), Look::Text);
    let error = write(&workbook(vec![long])).expect_err("too long");
    let expected = WriteError::TextTooLong {
        sheet: "表".into(),
        cell: "A1".into(),
        length: 40_000,
    };
    assert_eq!(error, expected);
    assert!(error.to_string().contains("A1"));
    let mut sheet = Sheet::new("表");
    sheet.validations = vec![Validation {
        prompt: "长".repeat(256),
        ..check(Rule::Any, 0)
    }];
    assert!(write(&workbook(vec![sheet])).is_err());
    let mut sheet = Sheet::new("表");
    sheet.validations = vec![check(Rule::List(vec!["甲,乙".into()]), 0)];
    assert!(write(&workbook(vec![sheet])).is_err());
    let hidden = Sheet {
        visibility: Visibility::Hidden,
        ..Sheet::new("表")
    };
    assert_eq!(
        write(&workbook(vec![hidden])),
        Err(WriteError::NoVisibleSheet)
    );
    for name in ["History", "a\u{1}", "a/b", ""] {
        assert!(write(&workbook(vec![Sheet::new(name)])).is_err());
    }
    assert!(write(&workbook(vec![Sheet::new("a"), Sheet::new("A")])).is_err());
}

/// A zip file of named parts.
fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip7::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip7::write::SimpleFileOptions::default()
        .compression_method(zip7::CompressionMethod::Stored);
    for (name, text) in parts {
        writer.start_file(*name, options).expect("part");
        writer.write_all(text.as_bytes()).expect("part");
    }
    writer.finish().expect("zip").into_inner()
}

/// A compound file with a stream.
fn compound(stream: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).expect("made");
    let mut part = file.create_stream(stream).expect("stream");
    std::io::Write::write_all(&mut part, b"1").expect("written");
    drop(part);
    file.into_inner().into_inner()
}

#[test]
fn what_is_no_workbook_is_named() {
    let error = |bytes: &[u8]| open(bytes).expect_err("no workbook");
    let is = |bytes: &[u8], what: &str| {
        let found = error(bytes);
        let named = matches!(&found, OpenError::Other { what: is, .. } if is.contains(what));
        assert!(named, "{what}: {found}");
    };
    assert_eq!(error(b""), OpenError::Empty);
    assert_eq!(error(&[1, 0, 2, 3]), OpenError::NotWorkbook);
    is("姓名,金额\n".as_bytes(), "文本文件");
    is(&encoding_rs::GBK.encode("姓名,金额\n").0, "文本文件");
    is(
        b"<html><table><tr><td>1</td></tr></table></html>",
        "网页格式",
    );
    is(b"<?xml version=\"1.0\"?><Workbook/>", "XML");
    is(b"%PDF-1.4", "PDF");
    is(b"\x89PNG\r\n", "图片");
    is(b"RIFF\0\0\0\0WEBPVP8 ", "图片");
    is(b"\0\0\0\x18ftypheic\0", "图片");
    is(b"Rar!\x1A\x07", "压缩包");
    assert!(matches!(
        error(&compound("/Workbook")),
        OpenError::Damaged(_)
    ));
    assert_eq!(error(&compound("/EncryptedPackage")), OpenError::Protected);
    is(&compound("/WordDocument"), "Word 文档");
    let types = ("[Content_Types].xml", "<Types/>");
    is(&zip(&[types, ("word/document.xml", "<d/>")]), "Word 文档");
    is(&zip(&[types, ("ppt/presentation.xml", "<d/>")]), "演示文稿");
    is(&zip(&[("照片.jpg", "")]), "压缩包");
    let empty = zip(&[types, ("xl/workbook.xml", "<workbook/>")]);
    assert!(matches!(error(&empty), OpenError::Damaged(_)));
    let whole = write(&workbook(full())).expect("written");
    for length in [3, 100, whole.len() / 2, whole.len() - 1] {
        assert!(open(&whole[..length]).is_err(), "cut to {length}");
    }
}

#[test]
fn a_flipped_bit_never_panics() {
    let whole = write(&workbook(full())).expect("written");
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        // Whether it opens depends on the place; it only must not panic.
        let _ = open(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_comes_back(text in "\\PC{1,60}") {
        let back = first(Content::Text(text.clone()), Look::Text);
        prop_assert_eq!(back, Some(Found::Text(text.into())));
    }

    #[test]
    fn any_amount_comes_back(fen in -999_999_999_999_999i64..=999_999_999_999_999) {
        let amount = Decimal::new(fen, 2);
        let back = first(Content::Number(amount), Look::Money);
        prop_assert_eq!(back, Some(Found::Number(amount.normalize())));
    }

    #[test]
    fn any_day_comes_back(days in 0i32..60_000) {
        let day: Date = date(1900, 3, 1) + jiff::Span::new().days(days);
        let back = first(Content::Date(day), Look::Date);
        prop_assert_eq!(back, Some(Found::Date(day, 0)));
    }
}
