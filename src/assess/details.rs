//! The tables of entries, one per form, and the table of units: the facts on
//! which everything else stands.

use std::collections::{BTreeSet, HashMap};

use super::book::{Book, Format, Slot, Table};
use super::evaluate::Overlay;
use super::expr::{Arithmetic, CellRef, Expr};
use super::metrics::detail;
use super::pairings::Keys;
use crate::diagnostic::Severity;
use crate::form::{LONGEST_TEXT, shown};
use crate::ledger::LedgerEntry;
use crate::policy::{CPPCC_MEMBER, Credit, Dimension, Field, Form, Kind, Pairing, Policy};
use crate::reconcile::{Class, Reconciled};
use crate::roster::Roster;
use crate::sheet::{Cell, Scalar};
use crate::value::{Value, masked};

/// In the column of the village: none is named.
pub const NO_VILLAGE: &str = "无";
/// In the column of the role: not a CPPCC member, or the role is not known.
pub const NO_ROLE: &str = "非委员或未注明";

/// In the column by which entries are grouped: nothing was chosen.
pub const NO_CHOICE: &str = "未注明";

/// The column by which entries are grouped where a choice may be left open.
fn open_choice(field: &str) -> String {
    format!("@choice:{field}")
}

/// The column of a form's entries that groups them by a choice: the field's
/// own, or one that says `NO_CHOICE` where nothing was chosen.
pub fn choice_column(field: &Field) -> String {
    if field.required {
        return field.id.clone();
    }
    open_choice(&field.id)
}

/// The choices that may be left open and by which some table groups entries.
fn open_choices<'a>(form: &'a Form, policy: &'a Policy) -> impl Iterator<Item = &'a Field> {
    let tables = policy
        .fund_tables
        .iter()
        .filter(|table| table.form == form.id);
    let dimensions: Vec<&Dimension> = tables.flat_map(|t| [&t.rows, &t.columns]).collect();
    form.fields.values().filter(move |field| {
        let of = Dimension::Choice(field.id.clone());
        !field.required && dimensions.contains(&&of)
    })
}

/// A value as it stands in a cell.
pub fn scalar(value: &Value) -> Scalar {
    match value {
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Number(number) => Scalar::Number(*number),
        Value::Date(date) => Scalar::Date(*date),
    }
}

/// What was returned, without telephone and identity numbers.
fn without_numbers(value: Scalar) -> Scalar {
    match value {
        Scalar::Text(text) => Scalar::Text(masked(&text)),
        other => other,
    }
}

fn format(kind: &Kind) -> Format {
    match kind {
        Kind::Money => Format::Money,
        Kind::Integer => Format::Integer,
        Kind::Number => Format::Number,
        Kind::Percent => Format::Percent,
        Kind::Date => Format::Date,
        Kind::YesNo => Format::Centre,
        _ => Format::Text,
    }
}

/// Adds the table `units`.
pub fn add_units(
    book: &mut Book,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    findings: &[crate::diagnostic::Finding],
) {
    let mut table = Table::new("units");
    table.column("code", "编号", Format::Centre);
    table.column("name", "单位", Format::Text);
    table.column("kind", "类型", Format::Text);
    table.column("block", "板块", Format::Text);
    table.column("returned", "是否报送", Format::Centre);
    table.column("file", "采用的文件", Format::Text);
    table.column("filled_by", "填报人", Format::Text);
    table.column("filled_on", "填报日期", Format::Date);
    table.column("errors", "错误", Format::Integer);
    table.column("warnings", "警告", Format::Integer);
    let mut counts: HashMap<(&str, Severity), usize> = HashMap::new();
    for finding in findings {
        let file = finding.place.file.as_deref().unwrap_or("");
        *counts.entry((file, finding.severity())).or_default() += 1;
    }
    for unit in roster.units() {
        let kind = policy.unit_kinds.get(&unit.kind);
        let block = kind.and_then(|kind| policy.blocks.get(&kind.block));
        let file = reconciled.accepted(&unit.code);
        let returned = file.and_then(|index| reconciled.ledger().files.get(index));
        let cover = |id: &str| {
            let crate::intake::State::Read(submission) = &returned?.state else {
                return None;
            };
            submission.cover.get(id).map(scalar).map(without_numbers)
        };
        let name = returned.map_or("", |file| file.name.as_str());
        let count = |severity| match name {
            "" => 0,
            name => counts.get(&(name, severity)).copied().unwrap_or(0),
        };
        table.rows.push(vec![
            Slot::text(&unit.code),
            Slot::text(&unit.name),
            Slot::text(kind.map_or("", |k| &k.name)),
            Slot::text(block.map_or("", |b| &b.name)),
            Slot::text(if returned.is_some() { "是" } else { "否" }),
            Slot::text(name),
            Slot::Fact(cover("filled_by").unwrap_or(Scalar::Empty)),
            Slot::Fact(cover("filled_on").unwrap_or(Scalar::Empty)),
            Slot::whole(count(Severity::Error)),
            Slot::whole(count(Severity::Warning)),
        ]);
    }
    book.add(table);
}

/// Adds a table `detail:<form>` for each form of the units. Gives what makes
/// their rows.
pub fn add_details<'a>(
    book: &mut Book,
    reconciled: &Reconciled,
    policy: &'a Policy,
    roster: &'a Roster,
    keys: &'a Keys,
) -> Rows<'a> {
    let mut rows = Rows {
        policy,
        roster,
        keys,
        tables: HashMap::new(),
    };
    for form in policy.intake_forms() {
        let empty = columns(form, policy);
        let index = book.next();
        rows.tables.insert(form.id.clone(), (index, empty.clone()));
        let mut table = empty;
        let entries = reconciled.entries();
        for (entry, class, why) in entries.filter(|(entry, ..)| entry.form == form.id) {
            let row = rows.row(form, table.rows.len(), reconciled, (entry, class, why));
            table.rows.extend(row);
        }
        book.add(table);
    }
    rows
}

/// Makes the rows of the tables of entries.
pub struct Rows<'a> {
    policy: &'a Policy,
    roster: &'a Roster,
    keys: &'a Keys,
    /// Index of each form's table, and the table without rows.
    tables: HashMap<String, (usize, Table)>,
}

impl Rows<'_> {
    fn row(
        &self,
        form: &Form,
        number: usize,
        reconciled: &Reconciled,
        (entry, class, why): (&LedgerEntry, Class, &str),
    ) -> Option<Vec<Slot>> {
        let (index, table) = self.tables.get(&form.id)?;
        let source = Source {
            reconciled,
            policy: self.policy,
            roster: self.roster,
            keys: self.keys,
        };
        Some(row(table, *index, number, form, entry, class, why, &source))
    }

    /// The rows of entries whose class or amount is otherwise in another
    /// reconciliation of the same ledger, and the units that they concern.
    pub fn differing(
        &self,
        before: &Reconciled,
        after: &Reconciled,
    ) -> (Overlay, BTreeSet<String>) {
        let mut overlay = Overlay::new();
        let mut units = BTreeSet::new();
        let mut next: HashMap<&str, usize> = HashMap::new();
        for (old, new) in before.entries().zip(after.entries()) {
            let at = next.entry(&new.0.form).or_insert(0);
            let number = *at;
            *at += 1;
            let Some(form) = self.policy.forms.get(&new.0.form) else {
                continue;
            };
            if old.1 == new.1 && old.0.amount(form) == new.0.amount(form) {
                continue;
            }
            let member = new.0.member.as_deref().and_then(|m| self.roster.member(m));
            units.extend(member.map(|member| member.unit.clone()));
            units.insert(new.0.credited.clone());
            if let (Some(row), Some((table, _))) = (
                self.row(form, number, after, new),
                self.tables.get(&form.id),
            ) {
                overlay.insert((*table, number), row);
            }
        }
        (overlay, units)
    }
}

/// Number by which an entry is known on the sheets: the form's, then its own.
fn entry_number(form: &Form, row: usize) -> String {
    format!("{}-{:04}", form.order, row + 1)
}

/// The numbers of all entries, in the order of the ledger.
pub fn entry_numbers(reconciled: &Reconciled, policy: &Policy) -> Vec<String> {
    let mut next: HashMap<&str, usize> = HashMap::new();
    let numbers = reconciled.ledger().entries.iter().map(|entry| {
        let row = next.entry(&entry.form).or_insert(0);
        *row += 1;
        let form = policy.forms.get(&entry.form);
        form.map_or_else(String::new, |form| entry_number(form, *row - 1))
    });
    numbers.collect()
}

/// The first cell of each entry's row, in the order of the ledger.
pub fn entry_cells(book: &Book, reconciled: &Reconciled) -> Vec<Option<CellRef>> {
    let mut next: HashMap<&str, usize> = HashMap::new();
    let entries = reconciled.ledger().entries.iter();
    let cells = entries.map(|entry| {
        let row = next.entry(&entry.form).or_insert(0);
        *row += 1;
        Some(CellRef {
            table: book.find(&detail(&entry.form))?,
            row: *row - 1,
            column: 0,
        })
    });
    cells.collect()
}

fn columns(form: &Form, policy: &Policy) -> Table {
    let mut table = Table::new(detail(&form.id));
    table.column("@entry", "编号", Format::Centre);
    table.column("@counted", "计入", Format::Centre);
    table.column("@class", "去向", Format::Centre);
    table.column("@unit_name", "归属单位", Format::Text);
    for field in form.fields.values() {
        table.column(&field.id, field.heading(), format(&field.kind));
    }
    if !form.complete.is_empty() {
        table.column("@complete", "要素齐全", Format::Centre);
    }
    table.column("@reason", "不计入的原因或裁定", Format::Text);
    table.column("@file", "来源文件", Format::Text);
    table.column("@sheet", "来源工作表", Format::Text);
    table.column("@cell", "来源单元格", Format::Centre);
    table.printed = Some(table.columns.len());
    table.column("@unit", "归属单位编号", Format::Centre);
    table.column("@kind", "单位类型", Format::Text);
    table.column("@block", "板块", Format::Text);
    table.column("@reporter", "填报单位", Format::Text);
    if form.money_fields().next().is_some() {
        table.column("@ruled", "裁定改数", Format::Money);
    }
    for field in open_choices(form, policy) {
        table.column(open_choice(&field.id), &field.header, Format::Text);
    }
    if form.field_of_kind(&Kind::Date).is_some() {
        table.column("@month", "月份", Format::Integer);
        table.column("@quarter", "季度", Format::Integer);
    }
    if form.field_of_kind(&Kind::Member).is_some() {
        table.column("@member", "人员编号", Format::Centre);
        table.column("@role", "委员身份", Format::Text);
    }
    if form.field_of_kind(&Kind::Village).is_some() {
        table.column("@village", "村编号", Format::Centre);
    }
    if matches!(form.credit, Credit::Donor(_)) {
        table.column("@donor", "捐助者编号", Format::Centre);
    }
    if pairing(form, policy).is_some() {
        table.column("@household", "户编号", Format::Centre);
        table.column("@helper", "人编号", Format::Centre);
    }
    table
}

/// The cells that an entry was read from: that of its amount, if it has one,
/// and all from the first to the last.
fn cells(form: &Form, entry: &LedgerEntry) -> String {
    let found = || entry.raw.cells.values().map(|raw| raw.cell);
    let (Some(first), Some(last)) = (found().min(), found().max()) else {
        return Cell::new(entry.row, 0).name();
    };
    let whole = if first == last {
        first.name()
    } else {
        format!("{}:{}", first.name(), last.name())
    };
    let amount = form.money_fields().next();
    match amount.and_then(|field| entry.raw.cells.get(&field.id)) {
        Some(raw) => format!("{} 在 {whole}", raw.cell.name()),
        None => whole,
    }
}

/// The quarter of a month: a third of the next month's number, rounded.
fn quarter(month: Expr) -> Expr {
    let next = Expr::Sum(vec![month, Expr::whole(1)]);
    Expr::arithmetic(Arithmetic::Divide, next, Expr::whole(3)).rounded(0)
}

fn pairing<'a>(form: &Form, policy: &'a Policy) -> Option<&'a Pairing> {
    policy.pairing.as_ref().filter(|rule| rule.form == form.id)
}

struct Source<'a> {
    reconciled: &'a Reconciled,
    policy: &'a Policy,
    roster: &'a Roster,
    keys: &'a Keys,
}

#[expect(clippy::too_many_arguments, reason = "one cell needs all of them")]
fn row(
    table: &Table,
    index: usize,
    number: usize,
    form: &Form,
    entry: &LedgerEntry,
    class: Class,
    why: &str,
    source: &Source<'_>,
) -> Vec<Slot> {
    let own = |id: &str| {
        table.find(id).map(|column| CellRef {
            table: index,
            row: number,
            column,
        })
    };
    let unit = source.roster.unit(&entry.credited);
    let kind = unit.and_then(|u| source.policy.unit_kinds.get(&u.kind));
    let block = kind.and_then(|k| source.policy.blocks.get(&k.block));
    let reporter = source.roster.unit(&entry.reporter);
    let member = entry
        .member
        .as_deref()
        .and_then(|m| source.roster.member(m));
    let role = member
        .filter(|m| m.category == CPPCC_MEMBER && !m.role.is_empty())
        .map_or(NO_ROLE, |m| m.role.as_str());
    let file = source.reconciled.ledger().files.get(entry.file);
    let slot = |id: &str| match id {
        "@entry" => Slot::text(entry_number(form, number)),
        "@counted" => Slot::text(if class == Class::Counted {
            "是"
        } else {
            "否"
        }),
        "@class" => Slot::text(class.word()),
        "@unit" => Slot::text(&entry.credited),
        "@unit_name" => Slot::text(unit.map_or("", |u| &u.name)),
        "@kind" => Slot::text(kind.map_or("", |k| &k.name)),
        "@block" => Slot::text(block.map_or("", |b| &b.name)),
        "@reporter" => Slot::text(reporter.map_or("", |u| &u.name)),
        "@member" => Slot::text(entry.member.as_deref().unwrap_or("")),
        "@role" => Slot::text(role),
        "@village" => Slot::text(entry.village.as_deref().unwrap_or(NO_VILLAGE)),
        "@donor" => Slot::text(entry.donor.as_ref().map_or("", |d| &d.key)),
        "@household" => Slot::text(
            pairing(form, source.policy)
                .map_or("", |rule| source.keys.household(rule, source.roster, entry)),
        ),
        "@helper" => Slot::text(
            pairing(form, source.policy)
                .map_or("", |rule| source.keys.helper(rule, source.roster, entry)),
        ),
        "@reason" => Slot::text(why),
        // What a ruling has added to the amount that was reported.
        "@ruled" => match (entry.amount(form), entry.reported) {
            (Some(now), Some(before)) => Slot::Fact(Scalar::Number(now - before)),
            _ => Slot::Fact(Scalar::Empty),
        },
        "@file" => Slot::text(file.map_or("", |f| &f.name)),
        "@sheet" => Slot::text(&entry.sheet),
        "@cell" => Slot::text(cells(form, entry)),
        "@complete" => {
            let filled = form
                .complete
                .iter()
                .filter_map(|id| own(id))
                .map(Expr::Filled);
            let all = Expr::And(filled.collect());
            Slot::Figure(Expr::when(all, Expr::text("是"), Expr::text("否")))
        }
        "@month" => match form.field_of_kind(&Kind::Date).and_then(|f| own(&f.id)) {
            Some(date) => Slot::Figure(Expr::when(
                Expr::IsNumber(Box::new(Expr::Cell(date))),
                Expr::Month(Box::new(Expr::Cell(date))),
                Expr::text(""),
            )),
            None => Slot::text(""),
        },
        "@quarter" => match own("@month") {
            Some(month) => Slot::Figure(Expr::when(
                Expr::IsNumber(Box::new(Expr::Cell(month))),
                quarter(Expr::Cell(month)),
                Expr::text(""),
            )),
            None => Slot::text(""),
        },
        field if field.starts_with("@choice:") => {
            let of = field.strip_prefix("@choice:").and_then(own);
            let none = Slot::text(NO_CHOICE);
            of.map_or(none, |cell| {
                let filled = Expr::Filled(cell);
                let chosen = Expr::when(filled, Expr::Cell(cell), Expr::text(NO_CHOICE));
                Slot::Figure(chosen)
            })
        }
        field => match (entry.values.get(field), entry.raw.cells.get(field)) {
            (Some(value), _) => Slot::Fact(without_numbers(scalar(value))),
            // What could not be read stands as it was typed, as text; a finding
            // says so where it is too long to stand whole.
            (None, Some(raw)) => {
                let typed = masked(&shown(&raw.found));
                let typed = typed.chars().take(LONGEST_TEXT).collect();
                Slot::FormattedFact(Scalar::Text(typed), Format::Text)
            }
            (None, None) => Slot::Fact(Scalar::Empty),
        },
    };
    table
        .columns
        .iter()
        .map(|column| slot(&column.id))
        .collect()
}
