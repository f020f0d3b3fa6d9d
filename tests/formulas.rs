//! Every formula of the consolidated workbook, worked out again by engines
//! that are not this program, against the value that was stored with it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::common::recalculated::{compare, formula_count, recalculated, spoiled_workbook};
use crate::common::world::{number, text, world};
use crate::common::{assess, copy, report, sample, with_sheets};
use jiff::civil::date;
use kaohe::book::{Book, CellRef, ColumnRef, Comparison, Criterion, Evaluator, Expr, View};
use kaohe::cli::load_decided;
use kaohe::roster::Roster;
use kaohe::sheet::{Content, Found, Scalar, open};

/// The workbook of the sample.
fn made(folder: &Path) -> Vec<u8> {
    copy(&sample(), folder);
    assess(folder);
    std::fs::read(report(folder)).expect("workbook is read")
}

#[test]
fn a_rust_engine_gives_every_stored_value() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let bytes = made(folder.path());
    let compared = recalculated(&bytes).unwrap_or_else(|differ| panic!("{differ}"));
    assert!(compared > 3_000, "only {compared} formulas");
    println!("{compared} formulas recomputed and equal");
}

#[test]
fn libreoffice_gives_every_stored_value_where_it_is_installed() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let bytes = made(folder.path());
    by_libreoffice(&bytes, folder.path());
}

/// The roster names units, members and villages as it likes: no name is compared, and
/// what a formula gives again stays a text.
#[test]
fn names_that_read_as_numbers_are_names() {
    let mut world = world();
    let named = |code: &str, name: &str| match code {
        "T101" => "101".to_owned(),
        "T103" => "1e5".to_owned(),
        "B01" => "2018-1-1".to_owned(),
        "V001" => "0012".to_owned(),
        _ => name.to_owned(),
    };
    let mut units: Vec<_> = world.roster.units().cloned().collect();
    let mut members: Vec<_> = world.roster.members().cloned().collect();
    let mut villages: Vec<_> = world.roster.villages().cloned().collect();
    units
        .iter_mut()
        .for_each(|unit| unit.name = named(&unit.code, &unit.name));
    villages
        .iter_mut()
        .for_each(|one| one.name = named(&one.code, &one.name));
    for (number, one) in members.iter_mut().enumerate() {
        if ["T101", "T103"].contains(&one.unit.as_str()) {
            one.name = format!("{}e{number}", number + 1);
        }
    }
    let donor = members.iter().find(|one| one.unit == "T101");
    let donor = donor.expect("a member").name.clone();
    world.roster = Roster::new(units, members, villages);
    let books = ["T101", "T103"].map(|unit| world.given(unit, &donor, 60_000));
    let folder = tempfile::tempdir().expect("temporary folder");
    // With and without long tables, which are written in another way.
    for books in [&books[..], &[]] {
        let files: Vec<_> = books
            .iter()
            .map(|book| {
                let bytes = kaohe::sheet::write(book).expect("written");
                crate::common::world::file("报表.xlsx", bytes)
            })
            .collect();
        let assessment = world.assess_bytes(&files);
        check(&assessment.book, 10);
        let day = date(2018, 12, 31);
        let book = kaohe::report::workbook(&world.policy, &assessment.book, day);
        let bytes = kaohe::sheet::write(&book.expect("workbook")).expect("written");
        recalculated(&bytes).unwrap_or_else(|differ| panic!("{differ}"));
        let found = open(&bytes).expect("opens");
        let cells = found.sheets.iter().flat_map(|sheet| sheet.cells.values());
        let names = cells.filter(|found| matches!(found, Found::Text(text) if **text == *"101"));
        assert!(names.count() > 5);
        by_libreoffice(&bytes, folder.path());
    }
}

/// LibreOffice, where it is installed, works out every formula as it was stored.
fn by_libreoffice(bytes: &[u8], folder: &Path) {
    if Command::new("soffice").arg("--version").output().is_err() {
        println!("LibreOffice is not installed; nothing compared");
        return;
    }
    let profile = folder.join("profile");
    let user = profile.join("user");
    std::fs::create_dir_all(&user).expect("profile is made");
    std::fs::write(user.join("registrymodifications.xcu"), RECALCULATE).expect("profile");
    let input = folder.join("report.xlsx");
    let spoiled = spoiled_workbook(bytes);
    std::fs::write(&input, &spoiled).expect("workbook is written");
    let out = folder.join("out");
    let status = Command::new("soffice")
        .arg("--headless")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--convert-to", "xlsx", "--outdir"])
        .arg(&out)
        .arg(&input)
        .output()
        .expect("LibreOffice runs");
    assert!(status.status.success(), "LibreOffice failed");
    let again = std::fs::read(out.join("report.xlsx")).expect("converted workbook");
    let ours = open(bytes).expect("our workbook opens");
    let theirs = open(&again).expect("converted workbook opens");
    let spoiled = open(&spoiled).expect("spoiled workbook opens");
    let compared = compare(&spoiled, &ours, &theirs).unwrap_or_else(|differ| panic!("{differ}"));
    assert_eq!(compared, formula_count(&spoiled), "no formula is left out");
    println!("{compared} formulas recomputed by LibreOffice and equal");
}

#[test]
fn gnumeric_gives_every_stored_value_where_it_is_installed() {
    if Command::new("ssconvert").arg("--version").output().is_err() {
        println!("Gnumeric is not installed; nothing compared");
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let bytes = made(folder.path());
    let spoiled = spoiled_workbook(&bytes);
    let (input, out) = (
        folder.path().join("report.xlsx"),
        folder.path().join("again.xlsx"),
    );
    std::fs::write(&input, &spoiled).expect("workbook is written");
    let run = Command::new("ssconvert")
        .arg("--recalc")
        .args([&input, &out])
        .output()
        .expect("Gnumeric runs");
    assert!(run.status.success(), "Gnumeric failed");
    let again = std::fs::read(out).expect("converted workbook");
    let ours = open(&bytes).expect("our workbook opens");
    let theirs = open(&again).expect("converted workbook opens");
    let spoiled = open(&spoiled).expect("spoiled workbook opens");
    let compared = compare(&spoiled, &ours, &theirs).unwrap_or_else(|differ| panic!("{differ}"));
    assert_eq!(compared, formula_count(&spoiled), "no formula is left out");
    println!("{compared} formulas recomputed by Gnumeric and equal");
}

/// Tells LibreOffice to work out every formula when it loads a file.
const RECALCULATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Functions that Excel 2010, WPS and LibreOffice all have, none of them volatile.
const FUNCTIONS: [&str; 18] = [
    "AND", "COUNT", "COUNTIFS", "IF", "INDEX", "ISNUMBER", "LEFT", "MATCH", "MAX", "MEDIAN", "MIN",
    "MONTH", "NOT", "OR", "ROUND", "SUM", "SUMIFS", "YEAR",
];

/// Names of the functions of a formula, the depth of its brackets, and the most
/// arguments between two of them; what stands in quotes is no part of it.
fn anatomy(formula: &str) -> (Vec<String>, usize, usize) {
    let (mut names, mut name) = (Vec::new(), String::new());
    let mut open: Vec<usize> = Vec::new();
    let (mut deepest, mut most) = (0, 0);
    let mut quote = None;
    for letter in formula.chars() {
        match (quote, letter) {
            (Some(end), letter) if letter == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(') => {
                names.extend(Some(std::mem::take(&mut name)).filter(|name| !name.is_empty()));
                open.push(1);
                deepest = deepest.max(open.len());
            }
            (None, ')') => most = most.max(open.pop().expect("brackets match")),
            (None, ',') => *open.last_mut().expect("within a function") += 1,
            _ => {}
        }
        match letter {
            letter if letter.is_ascii_alphabetic() => name.push(letter),
            _ => name.clear(),
        }
    }
    (names, deepest, most)
}

#[test]
fn formulas_stay_within_what_every_program_can_do() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let bytes = made(folder.path());
    let seen = std::cell::RefCell::new((0, std::collections::BTreeSet::new()));
    with_sheets(&bytes, |xml| {
        for part in xml.split("<f>").skip(1) {
            let formula = part.split("</f>").next().expect("a formula ends");
            let formula = formula
                .replace("&gt;", ">")
                .replace("&lt;", "<")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
            let (names, depth, arguments) = anatomy(&formula);
            assert!(formula.encode_utf16().count() <= 8_192, "{formula}");
            assert!(depth <= 60, "{depth} brackets in {formula}");
            assert!(arguments <= 255, "{arguments} arguments in {formula}");
            assert!(
                !formula.contains("[") && !formula.contains("://"),
                "{formula}"
            );
            let mut seen = seen.borrow_mut();
            seen.0 += 1;
            seen.1.extend(names);
        }
        xml.to_owned()
    });
    let (count, names) = seen.into_inner();
    assert!(count > 3_000, "only {count} formulas");
    for name in &names {
        assert!(FUNCTIONS.contains(&name.as_str()), "{name}");
    }
    println!("{count} formulas use {names:?}");
}

/// What the formulas of a book compare by COUNTIFS, SUMIFS and MATCH.
#[derive(Default)]
struct Compared {
    /// Texts, each with a table and column where it is compared.
    texts: BTreeMap<String, String>,
    /// Columns that are compared with numbers for equality.
    by_number: BTreeMap<(usize, usize), String>,
}

impl Compared {
    fn of(book: &Book) -> Self {
        let evaluator = Evaluator::new(book);
        let mut compared = Compared::default();
        for table in 0..book.tables.len() {
            let of = &book.tables[table];
            for column in 0..of.columns.len() {
                let place = format!("{} {}", of.id, of.columns[column].id);
                for row in 0..of.height() {
                    let at = CellRef { table, row, column };
                    if let Some(View::Figure(expr, _)) = book.view(at) {
                        compared.look(expr, row, &evaluator, &place);
                    }
                }
            }
        }
        compared
    }

    /// Every expression within another, by its spelling in the language.
    fn look(&mut self, expr: &Expr, row: usize, of: &Evaluator<'_>, place: &str) {
        let mut each = |expr: &Expr| self.look(expr, row, of, place);
        match expr {
            Expr::CountIfs(criteria) | Expr::SumIfs(_, criteria) => {
                for Criterion {
                    column,
                    comparison,
                    with,
                } in criteria
                {
                    self.key(*column, Some(*comparison), &of.expr(with, row), place);
                }
            }
            Expr::Lookup { key, keys, .. } => self.key(*keys, None, &of.expr(key, row), place),
            Expr::Joined(parts) | Expr::Sum(parts) | Expr::And(parts) | Expr::Or(parts) => {
                parts.iter().for_each(each);
            }
            Expr::Arithmetic(_, left, right)
            | Expr::Min(left, right)
            | Expr::Max(left, right)
            | Expr::Compare(_, left, right) => [left, right].into_iter().for_each(|e| each(e)),
            Expr::Round(inner, _)
            | Expr::IsNumber(inner)
            | Expr::Month(inner)
            | Expr::Year(inner) => each(inner),
            Expr::If(one, two, three) => [one, two, three].into_iter().for_each(|e| each(e)),
            _ => {}
        }
    }

    fn key(&mut self, at: ColumnRef, by: Option<Comparison>, with: &Scalar, place: &str) {
        match (with, by) {
            (Scalar::Text(text), _) => {
                self.texts.insert(text.clone(), place.to_owned());
            }
            // None: it is looked up.
            (Scalar::Number(_), Some(Comparison::Equal) | None) => {
                let at = (at.table, at.column);
                self.by_number.insert(at, place.to_owned());
            }
            (Scalar::Number(_), Some(_)) => {}
            // A cell in which nothing stands is a criterion of its own, 0.
            other => panic!("{place}: {other:?} is compared"),
        }
    }
}

/// Beginnings of months in the languages of office programs.
const MONTHS: [&str; 38] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär",
    "mai", "okt", "dez", "fév", "fev", "avr", "aoû", "aou", "déc", "jui", "ene", "abr", "ago",
    "dic", "gen", "mag", "giu", "lug", "set", "ott", "out", "mei", "mrt", "maa", "sty",
];

/// Whether no program can take a text for a number, a day, a truth value, a pattern or
/// a comparison: it says something in Chinese, or it is a code that begins with
/// letters which mean nothing.
fn is_plain(text: &str) -> bool {
    if text == "—" {
        return true;
    }
    let signs = text.contains(['*', '?', '~', '#']) || text.starts_with(['=', '<', '>', '+', '@']);
    let of_days = "年月日号时点分秒元上午下明治大正昭和平成令民国第";
    let says = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c) && !of_days.contains(c);
    if signs || text.chars().any(says) {
        return !signs;
    }
    let small = text.to_lowercase();
    let letters: String = small
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    let rest = &small[letters.len()..];
    let is_code = !letters.is_empty()
        && rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '_' || c == ':')
        && rest
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c));
    let with_sign = rest.contains(['-', '.', ':']);
    let roman = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
    ];
    let is_era = ["m", "t", "s", "h", "r"].contains(&letters.as_str());
    is_code
        && !MONTHS.iter().any(|month| letters.starts_with(month))
        && !(with_sign && (is_era || letters == "q" || roman.contains(&letters.as_str())))
}

/// Names and numbers that people type and programs take for something else.
const ODD: [&str; 22] = [
    "3-9", "5-0001", "1E5", "2018-03", "3月9日", "*", "?", "甲*", "~", ">5", "<>", "=1", "=甲",
    "TRUE", "12:30", "1/2", "4.2", "0012", "50%", "#N/A", "MAR1", "JAN-1",
];

#[test]
fn what_formulas_compare_is_never_taken_for_something_else() {
    for odd in ODD
        .into_iter()
        .chain(["", "X-0001", "MAY5", "Q1-2018", "2018"])
    {
        assert!(!is_plain(odd), "{odd}");
    }
    for plain in ["T101", "MX5-0001", "H00001", "是", "三星村", "其他年度"] {
        assert!(is_plain(plain), "{plain}");
    }
    let sample = load_decided(&sample(), &kaohe::intake::Here).expect("the sample loads");
    let folder = tempfile::tempdir().expect("temporary folder");
    copy(&crate::common::sample(), folder.path());
    let files: Vec<_> = std::fs::read_dir(folder.path().join("回收"))
        .expect("folder")
        .map(|entry| {
            let entry = entry.expect("entry");
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            crate::common::world::file(&entry.file_name().to_string_lossy(), bytes)
        })
        .collect();
    let known = crate::common::world::World {
        policy: sample.policy,
        roster: sample.roster,
    };
    check(&known.assess_ruled(&files, &sample.rulings).book, 100);

    // The same names as donors, helpers, households, bases, and in all that is text.
    let world = world();
    let mut books = Vec::new();
    for (unit, village) in [("T103", "三星村"), ("T101", "三星村")] {
        let mut book = world.issued(unit);
        for (row, odd) in (0..).zip(ODD) {
            world.gift(&mut book, row, odd, number(100 + i64::from(row)));
            for field in ["purpose", "voucher", "goods"] {
                world.put(&mut book, "funds", field, row, text(odd));
            }
            world.put(&mut book, "funds", "village", row, text(village));
            let pair = [
                ("helper", odd),
                ("village", village),
                ("household", odd),
                ("poverty_cause", "因病"),
                ("way", "产业扶持"),
                ("measures", odd),
                ("result", odd),
            ];
            for (field, typed) in pair {
                world.put(&mut book, "pairs", field, row, text(typed));
            }
            let base = [("base", odd), ("entity", odd), ("industry", odd)];
            for (field, typed) in base {
                world.put(&mut book, "bases", field, row, text(typed));
            }
            let received = [
                ("village", village),
                ("donor", odd),
                ("fund_form", "资金"),
                ("purpose", odd),
                ("receipt", odd),
            ];
            for (field, typed) in received {
                world.put(&mut book, "received", field, row, text(typed));
            }
            let amount = number(100 + i64::from(row));
            world.put(&mut book, "received", "amount", row, amount);
            let day = Content::Date(date(2018, 6, 8));
            world.put(&mut book, "received", "date", row, day);
            let homecoming = [
                ("name", odd),
                ("homecoming_kind", "回乡创业"),
                ("project", odd),
            ];
            for (field, typed) in homecoming {
                world.put(&mut book, "homecoming", field, row, text(typed));
            }
            let day = Content::Date(date(2017, 12, 8));
            world.put(&mut book, "homecoming", "date", row, day);
        }
        books.push((format!("{unit}.xlsx"), book));
    }
    let returns: Vec<_> = books
        .iter()
        .map(|(name, book)| (name.as_str(), book))
        .collect();
    let assessment = world.assess(&returns);
    let gifts = assessment
        .book
        .table("sides:gifts")
        .expect("gifts")
        .height();
    // Signs alone and errors are no names: such rows are refused.
    let refused = ["*", "?", "~", "<>", "#N/A"];
    assert!(gifts >= ODD.len() - refused.len(), "only {gifts} gifts");
    check(&assessment.book, 60);
}

fn check(book: &Book, least: usize) {
    let compared = Compared::of(book);
    assert!(compared.texts.len() >= least, "{:?}", compared.texts);
    let misread: Vec<_> = compared
        .texts
        .iter()
        .filter(|(text, _)| !is_plain(text))
        .collect();
    assert!(misread.is_empty(), "{misread:?}");
    // A number finds texts as well that read as the same number.
    let evaluator = Evaluator::new(book);
    for ((table, column), place) in compared.by_number {
        for row in 0..book.tables[table].height() {
            if let Scalar::Text(text) = evaluator.cell(CellRef { table, row, column }) {
                assert!(text.is_empty() || is_plain(&text), "{place}: {text}");
            }
        }
    }
}

/// What stands in a table of funds in the row and the column of these names.
fn fund(book: &Book, table: &str, row: &str, column: &str) -> Scalar {
    let at = book.find(table).expect("table");
    let of = &book.tables[at];
    let column = of.columns.iter().position(|c| c.header == column);
    let label = of.find("label").expect("a label");
    let evaluator = Evaluator::new(book);
    let cell = |row, column| {
        evaluator.cell(CellRef {
            table: at,
            row,
            column,
        })
    };
    let name = Scalar::Text(row.to_owned());
    let row = (0..of.height()).find(|row| cell(*row, label) == name);
    cell(row.expect("row"), column.expect("column"))
}

#[test]
fn a_day_of_another_year_stands_under_no_month_or_quarter_of_this_one() {
    let world = world();
    let chamber = world.roster.units().find(|unit| unit.kind == "chamber");
    let chamber = chamber.expect("a chamber").code.clone();
    let mut book = world.issued(&chamber);
    let days = [(2018, 4, 7), (2017, 4, 100), (2019, 5, 20), (2018, 12, 3)];
    for (row, (year, month, amount)) in (0..).zip(days) {
        let project = format!("项目{}", row + 1);
        for (field, typed) in [
            ("enterprise", "某茶业公司"),
            ("enterprise_kind", "会员企业"),
            ("village", "三星村"),
            ("project", &project),
            ("way", "产业扶持"),
        ] {
            world.put(&mut book, "enterprises", field, row, text(typed));
        }
        world.put(&mut book, "enterprises", "invested", row, number(amount));
        let day = Content::Date(date(year, month, 5));
        world.put(&mut book, "enterprises", "date", row, day);
    }
    let assessment = world.assess(&[("报表.xlsx", &book)]);
    let book = &assessment.book;
    let table = "funds:enterprise_by_village";
    for (column, right) in [
        ("第1季度", 0),
        ("第2季度", 7),
        ("第3季度", 0),
        ("第4季度", 3),
        ("其他年度", 120),
        ("合计", 130),
    ] {
        for row in ["三星村", "合计"] {
            let found = fund(book, table, row, column).number();
            assert_eq!(found, Some(right.into()), "{row} {column}");
        }
        let check = fund(book, table, "核对（与明细相加比较）", column);
        assert_eq!(check, Scalar::Text("相符".to_owned()), "{column}");
    }
    // As rows there is one besides the months.
    let at = book.find("funds:by_month_form").expect("table");
    assert_eq!(book.tables[at].height(), 12 + 1 + book.tables[at].totals);
}

#[test]
fn the_sums_above_a_form_follow_what_is_typed_however_far_down() {
    let world = world();
    let mut book = world.issued("T103");
    // Rows 1 and 2, and some beyond any that a form was ever issued with.
    let gifts = [
        (0, "资金", 100),
        (1, "物资", 30),
        (400, "资金", 7),
        (4_999, "物资", 5),
    ];
    for (row, sort, amount) in gifts {
        world.gift(&mut book, row, "委员005", number(amount));
        world.put(&mut book, "funds", "fund_form", row, text(sort));
    }
    let bytes = kaohe::sheet::write(&book).expect("written");
    let options = formualizer::XlsxRecalculateOptions::default();
    let again = formualizer::recalculate_xlsx_bytes(&bytes, options).expect("recalculates");
    let book = open(&again.bytes).expect("opens");
    let sheet = book.sheets.iter().find(|sheet| sheet.name == "资金物资");
    let sheet = sheet.expect("the sheet");
    for (label, right) in [("合计", 142), ("资金合计", 107), ("物资合计", 35)] {
        let is_label = |found: &Found| matches!(found, Found::Text(text) if **text == *label);
        let mut cells = sheet.cells.iter();
        let (cell, _) = cells.find(|(_, found)| is_label(found)).expect("a label");
        let beside = kaohe::sheet::Cell::new(cell.row, cell.column + 1);
        let sum = sheet.cells.get(&beside);
        assert_eq!(sum, Some(&Found::Number(right.into())), "{label}");
    }
}
