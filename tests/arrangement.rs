//! For any arrangement of columns, rows and headers, every value that was
//! typed is read under its own field, or is left over and spoken of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::common::world::TODAY;
use jiff::civil::date;
use kaohe::flow::{Scope, read_files};
use kaohe::form::{Layout, shown};
use kaohe::intake::{Here, ReturnedFile, State, Submission, Use};
use kaohe::policy::Policy;
use kaohe::roster::Roster;
use kaohe::sheet::{Cell, Content, Look, Sheet, open, write};
use kaohe::template::unit_workbook;
use proptest::prelude::*;

const UNIT: &str = "G01";
/// Headers that mean nothing to the form.
const GARBAGE: [&str; 4] = ["甲乙丙", "见附件", "领导意见", "Column"];

fn world() -> &'static (Policy, Roster) {
    static WORLD: OnceLock<(Policy, Roster)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let world = crate::common::world::world();
        (world.policy, world.roster)
    })
}

/// What the clerk did to the sheet 资金物资.
#[derive(Debug, Clone)]
struct Changes {
    /// Order of the columns: sorted by these keys.
    columns: Vec<u16>,
    /// Columns put in, each with its header (blank for none).
    put_in: Vec<String>,
    /// Fields whose header was replaced by garbage or deleted.
    lost: BTreeMap<usize, String>,
    /// Rows put in above the header, with or without text.
    above: Vec<bool>,
    /// Before each entry: blank rows put in, a note, a total, the headers again.
    between: Vec<u8>,
}

const ENTRIES: usize = 6;
/// The value of a field in an entry: unlike that of any other entry.
fn typed(field: &str, entry: usize) -> Content {
    let text = |text: &str| Content::Text(text.to_owned());
    match field {
        "donor" => text("委员107"),
        "donor_kind" => text("政协委员"),
        "channel" => text("社会募资"),
        "fund_form" => text("物资"),
        "amount" => Content::Number((1000 + 7 * entry as i64).into()),
        "way" => text("资金扶持"),
        "village" => text("三星村"),
        "date" => Content::Date(date(2018, 1 + entry as i8, 11)),
        other => Content::Text(format!("{other}第{entry}件")),
    }
}

fn plain(content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::Number(number) => number.to_string(),
        Content::Date(date) => date.to_string(),
        _ => String::new(),
    }
}

fn changes(fields: usize) -> impl Strategy<Value = Changes> {
    let header = prop_oneof![Just(String::new()), Just("本单位备查".to_owned())];
    let lost = (
        0..fields,
        prop_oneof![
            Just(String::new()),
            (0..GARBAGE.len()).prop_map(|i| GARBAGE[i].to_owned())
        ],
    );
    (
        prop::collection::vec(any::<u16>(), fields + 1),
        prop::collection::vec(header, 0..3),
        prop::collection::vec(lost, 0..3),
        prop::collection::vec(any::<bool>(), 0..5),
        prop::collection::vec(0u8..6, ENTRIES),
    )
        .prop_map(|(columns, put_in, lost, above, between)| Changes {
            columns,
            put_in,
            lost: lost.into_iter().collect(),
            above,
            between,
        })
}

/// The sheet as the clerk left it: cells only, in their new places.
fn changed(sheet: &Sheet, changes: &Changes) -> Sheet {
    let (policy, _) = world();
    let form = &policy.forms["funds"];
    let layout = Layout::new(form, 1);
    let header = layout.number_header().row;
    let mut order: Vec<u16> = (0..=form.fields.len() as u16).collect();
    order.sort_by_key(|column| (changes.columns[usize::from(*column)], *column));
    let column = |old: u16| {
        let at = order.iter().position(|c| *c == old);
        at.map_or(old, |at| at as u16)
    };
    let shift = changes.above.len() as u32;
    let mut made = Sheet::new(&sheet.name);
    let style = Look::Plain.into();
    for (cell, (content, _)) in &sheet.cells {
        if cell.row <= header {
            let row = cell.row + if cell.row == header { shift } else { 0 };
            made.put(Cell::new(row, column(cell.column)), content.clone(), style);
        }
    }
    for (index, text) in &changes.lost {
        let field = &form.fields[*index];
        let at = Cell::new(header + shift, column(layout.header(field).column));
        made.put(at, Content::Text(text.clone()), style);
    }
    for (index, with_text) in changes.above.iter().enumerate() {
        if *with_text {
            let at = Cell::new(header + index as u32, 0);
            made.text(at, "加盖单位公章后连同佐证材料一并报送", style);
        }
    }
    let mut row = header + shift + 1;
    for entry in 0..ENTRIES {
        let number = column(0);
        match changes.between[entry] {
            1 => row += 2,
            2 => {
                made.text(Cell::new(row, column(3)), "注：以下为下半年的", style);
                row += 1;
            }
            3 => {
                made.text(Cell::new(row, column(1)), "小 计", style);
                let amount = layout.header(&form.fields["amount"]).column;
                let at = Cell::new(row, column(amount));
                made.put(at, Content::Number(17.into()), style);
                row += 1;
            }
            4 => {
                for field in form.fields.values() {
                    let at = Cell::new(row, column(layout.header(field).column));
                    made.text(at, field.heading(), style);
                }
                row += 1;
            }
            _ => {}
        }
        made.put(
            Cell::new(row, number),
            Content::Number((entry as i64).into()),
            style,
        );
        for field in form.fields.values() {
            let at = Cell::new(row, column(layout.header(field).column));
            made.put(at, typed(&field.id, entry), style);
        }
        for (index, text) in changes.put_in.iter().enumerate() {
            let at = form.fields.len() as u16 + 1 + index as u16;
            made.text(Cell::new(header + shift, at), text.clone(), style);
            made.text(Cell::new(row, at), format!("备查{index}之{entry}"), style);
        }
        row += 1;
    }
    made
}

fn returned(changes: &Changes) -> Vec<u8> {
    let (policy, roster) = world();
    let unit = roster.unit(UNIT).expect("unit");
    let mut book = unit_workbook(policy, roster, unit, TODAY);
    let form = &policy.forms["cover"];
    let layout = Layout::new(form, 1);
    let signed = [
        ("filled_by", "填报人"),
        ("checked_by", "审核人"),
        ("phone", "0737-7222222"),
    ];
    for sheet in &mut book.sheets {
        if sheet.name == form.sheet {
            for (id, text) in signed {
                let at = layout.cell(&form.fields[id], 0);
                sheet.text(at, text, Look::Plain.into());
            }
        } else if sheet.name == policy.forms["funds"].sheet {
            *sheet = changed(sheet, changes);
        }
    }
    write(&book).expect("return is written")
}

fn check(changes: &Changes) -> Result<(), TestCaseError> {
    let (policy, roster) = world();
    let bytes = returned(changes);
    let workbook = open(&bytes).expect("opens");
    let file = ReturnedFile::new("甲.xlsx", bytes);
    let read = read_files(
        &[file],
        policy,
        roster,
        &kaohe::ruling::Rulings::default(),
        Scope::Files,
        &Here,
    );
    let State::Read(submission) = &read.value.ledger().files[0].state else {
        panic!("not read: {:?}", read.findings);
    };
    let form = &policy.forms["funds"];
    let entries: Vec<_> = submission
        .entries
        .iter()
        .filter(|e| e.form == "funds")
        .collect();
    prop_assert_eq!(entries.len(), ENTRIES);
    let placed = submission.placed.get("funds").expect("the form is found");
    for (index, field) in form.fields.values().enumerate() {
        let lost = changes.lost.contains_key(&index);
        prop_assert_eq!(
            placed.headers.contains_key(&field.id),
            !lost,
            "{}",
            field.id
        );
        for (entry, read) in entries.iter().enumerate() {
            let content = typed(&field.id, entry);
            if lost {
                // A column without header is kept, and the header is missed once.
                let text = plain(&content);
                let kept = submission
                    .leftovers
                    .iter()
                    .filter(|l| shown(&l.found) == text);
                prop_assert!(kept.count() >= 1, "{} of {} is lost", text, field.id);
            } else {
                let raw = read.row.raw.cells.get(&field.id);
                let raw = raw.map(|raw| shown(raw.found()));
                prop_assert_eq!(raw, Some(plain(&content)), "{} of {}", field.id, entry);
            }
        }
    }
    let count = |code: &str| {
        let all = read
            .findings
            .iter()
            .filter(|f| f.place.sheet.as_deref() == Some(&form.sheet));
        all.filter(|f| f.code.code() == code).count()
    };
    prop_assert_eq!(count("IN-203"), changes.lost.len());
    let notes = changes.between.iter().filter(|b| **b == 2).count();
    prop_assert_eq!(count("IN-243"), notes);
    let totals = changes.between.iter().filter(|b| **b == 3).count();
    prop_assert_eq!(count("IN-241") + count("IN-242"), totals);
    accounted(submission, &workbook, &read.findings)
}

/// Nothing is in two places or in none, and what is set aside is spoken of.
fn accounted(
    submission: &Submission,
    workbook: &kaohe::sheet::FoundWorkbook,
    findings: &[kaohe::diagnostic::Finding],
) -> Result<(), TestCaseError> {
    let (policy, roster) = world();
    let unit = roster.unit(UNIT).expect("unit");
    let form = &policy.forms["funds"];
    let printed = kaohe::template::printed_texts(form, policy, unit);
    let spoken: BTreeSet<&str> = findings
        .iter()
        .filter_map(|finding| finding.place.sheet.as_deref())
        .collect();
    let mut taken = BTreeSet::new();
    for entry in &submission.entries {
        for raw in entry.row.raw.cells.values() {
            prop_assert!(
                taken.insert((entry.sheet.to_string(), raw.cell())),
                "taken twice"
            );
        }
    }
    for left in &submission.leftovers {
        let key = (left.sheet.clone(), left.cell);
        prop_assert!(taken.insert(key), "set aside twice or taken: {:?}", left);
        prop_assert!(spoken.contains(left.sheet.as_str()), "not said: {:?}", left);
    }
    let sheet = workbook
        .sheets
        .iter()
        .find(|sheet| sheet.name == form.sheet)
        .expect("sheet");
    for ((name, cell), what) in submission.account(workbook) {
        if what != Use::Office || name != form.sheet {
            continue;
        }
        let text = shown(&sheet.cells[&cell]);
        let number = text.chars().all(|c| c.is_ascii_digit());
        let own = printed.contains(&kaohe::value::squeeze(&text))
            || form.fields.values().any(|field| field.heading() == text);
        prop_assert!(
            number || own,
            "{} is taken for the office's: {text}",
            cell.name()
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_arrangement_is_read_or_named(changes in changes(world().0.forms["funds"].fields.len())) {
        check(&changes)?;
    }
}
