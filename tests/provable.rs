//! Every figure of the first sheets leads, row after row, to entries, and every
//! entry to a cell of a returned file that holds what the workbook says.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Cursor;

use crate::common::{assess, assessed, copy, report, sample};
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use kaohe::book::{Book, CellRef, Evaluator, Expr, Slot, Table, View};
use kaohe::flow::Assessment;
use kaohe::sheet::{Cell, Found, Scalar, open};
use rust_decimal::Decimal;

/// Tables of the first five sheets.
const LEADING: [&str; 5] = ["overview:", "score:", "veto:", "award:", "funds:"];

/// Tables of facts, where a walk may end: units and files, what the office has
/// decided or has still to decide, and the values of the rules.
/// Members and villages are the roster's; who is near something, and what a
/// ruling would change, is settled when the workbook is written.
const FACTS: [&str; 12] = [
    "members",
    "goals",
    "near:all",
    "trials",
    "units",
    "files",
    "matters",
    "params",
    "adjustments",
    "exemptions",
    "nominations",
    "issues",
];

/// The tables that the figures of each table name, directly or through others.
fn named(book: &Book) -> Vec<BTreeSet<usize>> {
    let direct = |table: &Table| {
        let mut found = BTreeSet::new();
        for row in 0..table.height() {
            for column in 0..table.columns.len() {
                if let Some(View::Figure(expr, _)) = table.view(row, column) {
                    found.extend(tables_of(expr));
                }
            }
        }
        found
    };
    let mut named: Vec<BTreeSet<usize>> = book.tables.iter().map(direct).collect();
    for _ in 0..book.tables.len() {
        let before = named.clone();
        for tables in &mut named {
            let more: BTreeSet<usize> = tables.iter().flat_map(|t| before[*t].clone()).collect();
            tables.extend(more);
        }
        if before == named {
            break;
        }
    }
    named
}

/// The tables that an expression names.
fn tables_of(expr: &Expr) -> BTreeSet<usize> {
    // The text of an expression holds every reference in it.
    let text = format!("{expr:?}");
    let parts = text.split("Ref { table: ").skip(1);
    let numbers = parts.map(|part| part.chars().take_while(char::is_ascii_digit));
    numbers
        .map(|digits| digits.collect::<String>().parse().expect("a table"))
        .collect()
}

/// The tables that a walk from a figure reaches: behind each row of a table that
/// is worked out stand the rows behind its own figures.
fn walk<'a>(book: &'a Book, evaluator: &Evaluator<'_>, from: CellRef) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut next = evaluator.behind(from);
    while let Some((table, row)) = next.pop() {
        if !seen.insert((table, row)) || book.tables[table].id.starts_with("detail:") {
            continue;
        }
        for column in 0..book.tables[table].columns.len() {
            let view = book.tables[table].view(row, column);
            if matches!(view, Some(View::Figure(..))) {
                next.extend(evaluator.behind(CellRef { table, row, column }));
            }
        }
    }
    let ids = seen
        .into_iter()
        .map(|(table, _)| book.tables[table].id.as_str());
    ids.collect()
}

#[test]
fn every_figure_of_the_first_sheets_leads_to_entries() {
    let (Assessment { book, .. }, _) = assessed();
    let evaluator = Evaluator::new(&book);
    let all_named = named(&book);
    let (mut walked, mut to_entries, mut to_rules) = (0, 0, 0);
    for (index, table) in book.tables.iter().enumerate() {
        if !LEADING.iter().any(|prefix| table.id.starts_with(prefix)) {
            continue;
        }
        for row in 0..table.height() {
            for column in 0..table.columns.len() {
                let Some(View::Figure(expr, _)) = table.view(row, column) else {
                    continue;
                };
                let cell = CellRef {
                    table: index,
                    row,
                    column,
                };
                let at = format!("{} {row} {}", table.id, table.columns[column].id);
                let ids = walk(&book, &evaluator, cell);
                let entries = ids.iter().any(|id| id.starts_with("detail:"));
                let facts = ids.iter().any(|id| FACTS.contains(id));
                let known = ids.iter().any(|id| id.starts_with("conservation:"));
                walked += 1;
                to_entries += usize::from(entries);
                if entries || facts || known {
                    continue;
                }
                // Who finds nothing must have looked where something could be.
                let direct = tables_of(expr);
                let all: BTreeSet<usize> = direct
                    .iter()
                    .flat_map(|t| &all_named[*t])
                    .chain(&direct)
                    .copied()
                    .collect();
                let looks = all.iter().any(|table| {
                    let id = &book.tables[*table].id;
                    id.starts_with("detail:") || FACTS.contains(&id.as_str())
                });
                let value = evaluator.cell(cell);
                assert!(looks, "{at} says {value:?} and leads nowhere: {expr:?}");
                // What is there comes from somewhere: if not from entries, then
                // from the values of the rules.
                if let Scalar::Number(number) = &value
                    && !number.is_zero()
                {
                    let params = book.find("params").expect("values of the rules");
                    let rules =
                        all.contains(&params) && direct.iter().all(|t| *t == params || *t == index);
                    assert!(rules, "{at} says {number} and leads nowhere: {expr:?}");
                    to_rules += 1;
                }
            }
        }
    }
    println!("{walked} figures walked: {to_entries} to entries, {to_rules} to values of rules");
    assert!(walked > 2_500, "only {walked} figures");
    assert!(to_entries > 1_500, "only {to_entries} lead to entries");
}

/// A cell of a returned file, read by calamine alone.
#[derive(Default)]
struct Files(HashMap<String, HashMap<String, calamine::Range<Data>>>);

impl Files {
    fn cell(&mut self, file: &str, sheet: &str, cell: &str) -> Option<Data> {
        let sheets = self.0.entry(file.to_owned()).or_insert_with(|| {
            let bytes = std::fs::read(sample().join("回收").join(file)).expect("the file");
            let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).expect("a workbook");
            let names = book.sheet_names();
            let ranges = names.into_iter().map(|name| {
                let range = book.worksheet_range(&name).expect("a sheet");
                (name, range)
            });
            ranges.collect()
        });
        let letters: String = cell.chars().filter(char::is_ascii_alphabetic).collect();
        let row: u32 = cell[letters.len()..].parse().expect("a row");
        let column = letters
            .bytes()
            .fold(0, |n, b| n * 26 + u32::from(b - b'A') + 1);
        sheets[sheet].get_value((row - 1, column - 1)).cloned()
    }
}

#[test]
fn every_entry_names_the_cells_that_hold_it() {
    let folder = tempfile::tempdir().expect("temporary folder");
    copy(&sample(), folder.path());
    assess(folder.path());
    let book = open(&std::fs::read(report(folder.path())).expect("workbook")).expect("opens");
    let mut files = Files::default();
    let (mut entries, mut amounts) = (0, 0);
    let details = book.sheets.iter().filter(|s| s.name.starts_with("明细-"));
    for sheet in details.filter(|sheet| sheet.name != REPLACED) {
        let mut rows: BTreeMap<u32, BTreeMap<u16, &Found>> = BTreeMap::new();
        for (cell, found) in &sheet.cells {
            rows.entry(cell.row).or_default().insert(cell.column, found);
        }
        let text = |found: Option<&&Found>| match found {
            Some(Found::Text(text)) => text.to_string(),
            _ => String::new(),
        };
        let header = rows
            .iter()
            .find(|(_, row)| row.values().any(|found| text(Some(found)) == "来源单元格"));
        let (header, names) = header.expect("the header");
        let column = |name: &str| {
            names
                .iter()
                .find(|(_, f)| text(Some(f)) == name)
                .map(|(c, _)| *c)
        };
        let of = |name: &str| column(name).expect("the column");
        let (file, on, at, ruled) = (
            of("来源文件"),
            column("来源工作表"),
            of("来源单元格"),
            column("裁定改数"),
        );
        // The first money column stands where 裁定改数 speaks of it.
        let money = names.iter().find(|(_, found)| {
            let name = text(Some(found));
            ruled.is_some() && name.contains("元）") && !name.contains("裁定")
        });
        for row in rows.range(header + 1..).map(|(_, row)| row) {
            if text(row.get(&file)).is_empty() {
                continue;
            }
            entries += 1;
            let place = text(row.get(&at));
            // The form's own sheet is not named in each row.
            let own = sheet.name.trim_start_matches("明细-").to_owned();
            let on = on.map(|on| text(row.get(&on))).filter(|on| !on.is_empty());
            let (file, on) = (text(row.get(&file)), on.unwrap_or(own));
            let (amount, whole) = match place.split_once(" 在 ") {
                Some((amount, whole)) => (Some(amount), whole),
                None => (None, place.as_str()),
            };
            let first = whole.split(':').next().expect("a cell");
            let found = files.cell(&file, &on, first);
            assert!(
                found.is_some_and(|data| data != Data::Empty),
                "{}: {file} {on} {first} is empty",
                sheet.name
            );
            let (Some(amount), Some((money, _))) = (amount, money) else {
                continue;
            };
            let Some(Found::Number(shown)) = row.get(money) else {
                continue;
            };
            let change = ruled.and_then(|ruled| match row.get(&ruled) {
                Some(Found::Number(change)) => Some(*change),
                _ => None,
            });
            let Some(Data::Float(typed)) = files.cell(&file, &on, amount) else {
                continue;
            };
            let typed: Decimal = typed.to_string().parse().expect("a number");
            assert_eq!(
                typed,
                *shown - change.unwrap_or_default(),
                "{file} {on} {amount}"
            );
            amounts += 1;
        }
    }
    println!("{entries} entries lead to cells, {amounts} amounts compared");
    assert_eq!(entries, 657, "every entry");
    assert!(amounts > 200, "only {amounts} amounts");
}

/// The sheet of returns that later ones have replaced.
const REPLACED: &str = "明细-被替代的报表";

#[test]
fn every_line_of_a_replaced_return_names_its_rows() {
    let folder = tempfile::tempdir().expect("temporary folder");
    copy(&sample(), folder.path());
    assess(folder.path());
    let book = open(&std::fs::read(report(folder.path())).expect("workbook")).expect("opens");
    let sheet = book.sheets.iter().find(|sheet| sheet.name == REPLACED);
    let cells = &sheet.expect("the sheet").cells;
    let text = |row: u32, column: u16| match cells.get(&Cell::new(row, column)) {
        Some(Found::Text(text)) => text.to_string(),
        Some(Found::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let header = (0..10).find(|row| text(*row, 0) == "来源文件");
    let first = header.expect("a header") + 1;
    let lines = (first..).take_while(|row| !text(*row, 0).is_empty());
    let mut files = Files::default();
    let mut all = 0;
    for line in lines {
        let (file, sheet) = (text(line, 0), text(line, 3));
        // 第6行, or 第6至8行; a card is one entry, wherever its answers stand.
        let span = text(line, 4);
        let rows: Vec<u32> = span
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        let (from, to) = (rows[0], *rows.last().expect("a row"));
        let count: u32 = text(line, 5).parse().expect("a count");
        assert!(count <= to - from + 1, "{file} {sheet} {span}");
        all += count;
        for row in [from, to] {
            let mut found =
                ('A'..='Z').filter_map(|c| files.cell(&file, &sheet, &format!("{c}{row}")));
            assert!(
                found.any(|data| data != Data::Empty),
                "{file} {sheet} {row} is empty"
            );
        }
    }
    assert_eq!(all, 14, "every row of the replaced return");
}

/// Links of a sheet's XML: cell and where it leads.
fn links(xml: &str) -> Vec<(String, String)> {
    let value = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    let tags = xml.split("<hyperlink ").skip(1);
    let links = tags.filter_map(|tag| {
        let tag = tag.split('>').next()?;
        Some((value(tag, "ref")?, value(tag, "location")?))
    });
    links.collect()
}

#[test]
fn one_click_leads_from_points_to_entries() {
    let folder = tempfile::tempdir().expect("temporary folder");
    copy(&sample(), folder.path());
    assess(folder.path());
    let bytes = std::fs::read(report(folder.path())).expect("workbook");
    let book = open(&bytes).expect("opens");
    let pages = std::cell::RefCell::new(BTreeMap::new());
    crate::common::with_parts(&bytes, |name, text| {
        if let Some(number) = name.strip_prefix("xl/worksheets/sheet") {
            let number: usize = number.trim_end_matches(".xml").parse().expect("a number");
            pages.borrow_mut().insert(number, links(text));
        }
        None
    });
    let mut by_sheet = HashMap::new();
    for (number, links) in pages.into_inner() {
        by_sheet.insert(book.sheets[number - 1].name.clone(), links);
    }
    // Every link leads to a sheet that is there.
    for (sheet, to) in by_sheet
        .iter()
        .flat_map(|(s, links)| links.iter().map(move |l| (s, &l.1)))
    {
        let name = to.rsplit_once('!').expect("a place").0.trim_matches('\'');
        let there = book.sheets.iter().any(|s| s.name == name);
        assert!(there, "{sheet} leads to {to}");
    }
    let leading = [
        "总览",
        "考核评分-",
        "实绩-",
        "一票否决",
        "评优资格",
        "资金-",
    ];
    for page in &book.sheets {
        let sheet = page.name.as_str();
        if !leading.iter().any(|prefix| sheet.starts_with(prefix)) {
            continue;
        }
        let linked: BTreeSet<&str> = by_sheet[sheet].iter().map(|l| l.0.as_str()).collect();
        let figures = page
            .formulas
            .iter()
            .filter(|cell| matches!(page.cells.get(cell), Some(Found::Number(n)) if !n.is_zero()));
        let bare: Vec<String> = figures
            .map(|cell: &Cell| cell.name())
            .filter(|name| !linked.contains(name.as_str()))
            .collect();
        let all = page.formulas.len();
        // Ranks and the sums of a table's own rows and columns lead to themselves.
        assert!(
            bare.len() * 5 <= all,
            "{sheet}: {} of {all} figures lead nowhere: {bare:?}",
            bare.len()
        );
    }
    let points = by_sheet
        .iter()
        .filter(|(sheet, _)| sheet.starts_with("实绩-"));
    let entries = points
        .flat_map(|(_, links)| links)
        .filter(|(_, to)| to.starts_with("'明细-"))
        .count();
    assert!(entries > 200, "only {entries} cells lead to entries");
}

/// Rows may be sorted: a formula in a row of entries refers to single cells of
/// its own row only, and to the values of the rules.
#[test]
fn rows_may_be_sorted() {
    let (Assessment { book, .. }, _) = assessed();
    let fixed: Vec<usize> = ["params", "sides:summary"]
        .iter()
        .filter_map(|id| book.find(id))
        .collect();
    let mut looked = 0;
    // A card is a page, and no list.
    let is_list = |table: &&Table| !table.id.starts_with("card:");
    let tables = book.tables.iter().enumerate();
    for (index, table) in tables.filter(|(_, table)| is_list(table)) {
        let entries = table.height() - table.totals;
        for row in 0..entries {
            for column in 0..table.columns.len() {
                let Some(View::Figure(expr, _)) = table.view(row, column) else {
                    continue;
                };
                expr.clone().for_each_cell(&mut |cell| {
                    looked += 1;
                    let own = cell.table == index && cell.seen_from(row).row == row;
                    assert!(
                        own || fixed.contains(&cell.table),
                        "{} row {row} refers to row {} of {}",
                        table.id,
                        cell.row,
                        book.tables[cell.table].id
                    );
                });
            }
        }
    }
    assert!(looked > 10_000, "only {looked} references");
}

#[test]
fn every_clause_has_what_serves_it_and_every_rule_its_clause() {
    let (Assessment { book, .. }, policy) = assessed();
    let table = book.table("clauses").expect("clauses");
    let text = |slot: &Slot| match slot {
        Slot::Fact(Scalar::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let column = |id: &str| table.find(id).expect("the column");
    let (clause, sort, name) = (column("clause"), column("sort"), column("name"));
    let mut served: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &table.rows {
        let of = served.entry(text(&row[clause])).or_default();
        if text(&row[sort]) != "要点" {
            of.push(text(&row[name]));
        }
    }
    let clauses: BTreeSet<&String> = policy.clauses.keys().collect();
    assert_eq!(
        clauses,
        served.keys().collect(),
        "every clause, and no other"
    );
    for (clause, by) in &served {
        assert!(!by.is_empty(), "nothing serves {clause}");
    }
    // The plan has seven parts with 29 numbered or named points that ask for something.
    assert!(clauses.len() >= 20, "only {} clauses", clauses.len());
    let has = |clause: &str, name: &str| served[clause].iter().any(|by| by.contains(name));
    let mut rules: Vec<(&str, &str)> = Vec::new();
    rules.extend(
        policy
            .scores
            .iter()
            .map(|r| (r.clause.as_str(), r.name.as_str())),
    );
    rules.extend(
        policy
            .vetoes
            .iter()
            .map(|r| (r.clause.as_str(), r.name.as_str())),
    );
    rules.extend(
        policy
            .awards
            .iter()
            .map(|r| (r.clause.as_str(), r.name.as_str())),
    );
    rules.extend(
        policy
            .personal_awards
            .iter()
            .map(|r| (r.clause.as_str(), r.name.as_str())),
    );
    rules.extend(
        policy
            .publicity
            .iter()
            .map(|r| (r.clause.as_str(), r.name.as_str())),
    );
    rules.extend(
        policy
            .fund_tables
            .iter()
            .map(|r| (r.clause.as_str(), r.title.as_str())),
    );
    rules.extend(
        policy
            .goals
            .iter()
            .map(|r| (r.clause.as_str(), r.name.as_str())),
    );
    rules.extend(
        policy
            .metrics
            .values()
            .map(|r| (r.clause.as_str(), r.name.as_str())),
    );
    for form in policy.forms.values() {
        rules.extend(
            form.clauses
                .iter()
                .map(|clause| (clause.as_str(), form.sheet.as_str())),
        );
    }
    for (clause, name) in &rules {
        assert!(has(clause, name), "{name} does not stand beneath {clause}");
    }
    assert!(rules.len() > 70, "only {} rules", rules.len());
}
