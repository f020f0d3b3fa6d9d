//! What stands in the cells of a table of entries.

use std::borrow::Cow;

use super::entry_columns::EntryColumn;
use crate::book::CellInput;
use crate::form::{LONGEST_TEXT, may_pass, says_nothing, shown};
use crate::ledger::LedgerEntry;
use crate::policy::{CPPCC_MEMBER, Field, Form, Policy};
use crate::reconcile::{Agreement, Class, Reconciled};
use crate::roster::{Member, Roster, Unit};
use crate::sheet::{Cell, Scalar};
use crate::value::{Value, masked};

/// In the column of the village: none is named.
pub const NO_VILLAGE: &str = "无";
/// In the column of the role: not a CPPCC member, or the role is not known.
pub const NO_ROLE: &str = "非委员或未注明";

/// What is known of an entry, as it stands in the cells of its row.
pub struct EntryCells<'s> {
    source: &'s Source<'s>,
    form: &'s Form,
    entry: &'s LedgerEntry,
    class: Class,
    why: &'s str,
    agreement: &'s str,
    unit: Option<&'s Unit>,
    member: Option<&'s Member>,
}

/// Where what stands in the cells comes from.
pub struct Source<'s> {
    /// The entries.
    pub reconciled: &'s Reconciled,
    /// The plan.
    pub policy: &'s Policy,
    /// The roster.
    pub roster: &'s Roster,
}

impl<'s> EntryCells<'s> {
    /// The cells of an entry of a form.
    pub fn new(
        source: &'s Source<'s>,
        form: &'s Form,
        entry: &'s LedgerEntry,
        class: Class,
        why: &'s str,
    ) -> Self {
        let member = entry.member.as_deref();
        EntryCells {
            source,
            form,
            entry,
            class,
            why,
            agreement: "",
            unit: source.roster.unit(&entry.credited),
            member: member.and_then(|code| source.roster.member(code)),
        }
    }

    /// The same, of a gift that agrees so with what the other side reports.
    pub fn agreeing(self, agreement: Option<Agreement>) -> Self {
        EntryCells {
            agreement: agreement.map_or("", Agreement::word),
            ..self
        }
    }

    /// What stands in a column. Nothing where a figure stands.
    pub fn cell(&self, part: Option<&EntryColumn<'_>>) -> CellInput<'s> {
        let (entry, source) = (self.entry, self.source);
        let kind = || {
            let unit = self.unit?;
            source.policy.unit_kinds.get(&unit.kind)
        };
        let text: &'s str = match part {
            Some(EntryColumn::Field(field)) => return self.field(field),
            Some(EntryColumn::Cell) => {
                return CellInput::Text(Cow::Owned(cells(self.form, entry)));
            }
            Some(EntryColumn::Ruled) => return self.ruled(),
            Some(EntryColumn::Counted) => match self.class {
                Class::Counted => "是",
                _ => "否",
            },
            Some(EntryColumn::Class) => self.class.word(),
            Some(EntryColumn::Unit) => &entry.credited,
            Some(EntryColumn::UnitName) => self.unit.map_or("", |unit| &unit.name),
            Some(EntryColumn::UnitKind) => kind().map_or("", |kind| &kind.name),
            Some(EntryColumn::Block) => {
                let block = kind().and_then(|kind| source.policy.blocks.get(&kind.block));
                block.map_or("", |block| &block.name)
            }
            Some(EntryColumn::Reporter) => {
                let unit = source.roster.unit(&entry.reporter);
                let unit = unit.filter(|unit| unit.code != *entry.credited);
                unit.map_or("", |unit| &unit.name)
            }
            Some(EntryColumn::Member) => entry.member.as_deref().unwrap_or(""),
            Some(EntryColumn::Role) => self
                .member
                .filter(|m| m.category == CPPCC_MEMBER && !m.role.is_empty())
                .map_or(NO_ROLE, |m| &m.role),
            Some(EntryColumn::Village) => entry.village.as_deref().unwrap_or(NO_VILLAGE),
            Some(EntryColumn::Donor) => entry.donor.as_ref().map_or("", |donor| &donor.key),
            Some(EntryColumn::Agreement) => self.agreement,
            Some(EntryColumn::Reason) => self.why,
            Some(EntryColumn::File) => {
                let file = source.reconciled.ledger().files.get(entry.file);
                file.map_or("", |file| &file.name)
            }
            Some(EntryColumn::Sheet) if *entry.sheet == self.form.sheet => "",
            Some(EntryColumn::Sheet) => &entry.sheet,
            Some(
                EntryColumn::Entry
                | EntryColumn::Complete
                | EntryColumn::Month
                | EntryColumn::Quarter
                | EntryColumn::Chosen(_)
                | EntryColumn::Giver
                | EntryColumn::Counting(_)
                | EntryColumn::Reached
                | EntryColumn::Fund(_),
            )
            | None => "",
        };
        CellInput::Text(Cow::Borrowed(text))
    }

    /// What was returned, without telephone and identity numbers.
    fn field(&self, field: &Field) -> CellInput<'s> {
        let (value, raw) = (
            self.entry.values.get(&field.id),
            self.entry.raw.cells.get(&field.id),
        );
        match (value, raw) {
            (Some(Value::Text(text)), _) => CellInput::Text(masked(text)),
            (Some(value), _) => CellInput::Scalar(scalar(value)),
            // What says nothing fills nothing.
            (None, Some(raw))
                if !field.required
                    && says_nothing(field, raw.found())
                    && may_pass(field, raw.found()) =>
            {
                CellInput::Empty
            }
            // What could not be read stands as it was typed, as text; a finding
            // says so where it is too long to stand whole.
            (None, Some(raw)) => {
                let typed = shown(raw.found());
                let typed = masked(&typed);
                CellInput::Typed(typed.chars().take(LONGEST_TEXT).collect())
            }
            (None, None) => CellInput::Empty,
        }
    }

    /// What a ruling has added to the amount that was reported.
    fn ruled(&self) -> CellInput<'s> {
        let (now, before) = (
            self.entry.amount(self.form),
            self.entry.reported_amount(self.form),
        );
        match (&self.entry.reported, now, before) {
            (Some(_), Some(now), Some(before)) => CellInput::Scalar(Scalar::Number(now - before)),
            _ => CellInput::Empty,
        }
    }
}

/// A value as it stands in a cell.
pub fn scalar(value: &Value) -> Scalar {
    match value {
        Value::Text(text) => Scalar::Text(text.to_string()),
        Value::Number(number) => Scalar::Number(*number),
        Value::Date(date) => Scalar::Date(*date),
    }
}

/// What was returned, without telephone and identity numbers.
pub fn without_numbers(value: Scalar) -> Scalar {
    match value {
        Scalar::Text(text) => Scalar::Text(masked(&text).into_owned()),
        other => other,
    }
}

/// The cells that an entry was read from: that of its amount, if it has one,
/// and all from the first to the last.
fn cells(form: &Form, entry: &LedgerEntry) -> String {
    let found = || entry.raw.cells.values().map(|raw| raw.cell());
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
        Some(raw) => format!("{} 在 {whole}", raw.cell().name()),
        None => whole,
    }
}
