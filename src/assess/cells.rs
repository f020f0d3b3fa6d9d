//! What stands in the columns of a table of entries: the fields of the form,
//! and beside them what became of the entry, to whom it is credited, where it
//! was read, and by what other tables group it.

use std::borrow::Cow;

use super::book::{Column, Format};
use super::expr::{Arithmetic, CellRef, Expr};
use super::packed::Cells;
use super::pairings::Keys;
use crate::form::{LONGEST_TEXT, shown};
use crate::ledger::LedgerEntry;
use crate::policy::{CPPCC_MEMBER, Credit, Dimension, Field, Form, Kind, Pairing, Policy};
use crate::reconcile::{Class, Reconciled};
use crate::roster::{Member, Roster, Unit};
use crate::sheet::{Cell, Scalar};
use crate::value::{Value, masked};

/// In the column of the village: none is named.
pub const NO_VILLAGE: &str = "无";
/// In the column of the role: not a CPPCC member, or the role is not known.
pub const NO_ROLE: &str = "非委员或未注明";
/// In the column by which entries are grouped: nothing was chosen.
pub const NO_CHOICE: &str = "未注明";

/// What a column of a table of entries is.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// Number by which the entry is known on the sheets.
    Entry,
    /// Whether it counts.
    Counted,
    /// What became of it.
    Class,
    /// Name of the credited unit.
    UnitName,
    /// A field of the form.
    Field(&'a Field),
    /// Whether all that makes it complete is filled in.
    Complete,
    /// Why it does not count, or by what ruling it does.
    Reason,
    /// The file in which it was read.
    File,
    /// The sheet.
    Sheet,
    /// The cells.
    Cell,
    /// Code of the credited unit.
    Unit,
    /// Kind of the credited unit.
    UnitKind,
    /// Block of the credited unit.
    Block,
    /// Name of the unit that reported it.
    Reporter,
    /// What a ruling has added to its amount, in 元.
    Ruled,
    /// What was chosen in a field that may be left open.
    Chosen(&'a Field),
    /// Month of its day.
    Month,
    /// Quarter of its day.
    Quarter,
    /// Code of the person.
    Member,
    /// Role of the person.
    Role,
    /// Code of the village.
    Village,
    /// Code of the donor.
    Donor,
    /// Code of the household.
    Household,
    /// Code of the helper.
    Helper,
}

impl<'a> Part<'a> {
    /// The columns of a form's table, from left to right. By what no table groups
    /// its entries there is no column.
    pub fn of(form: &'a Form, policy: &'a Policy) -> Vec<Part<'a>> {
        let has = |kind| form.field_of_kind(&kind).is_some();
        let groups =
            |by: &[Dimension]| by.iter().any(|one| grouped(form, policy).any(|d| d == one));
        let gift = matches!(form.credit, Credit::Donor(_));
        let complete = (!form.complete.is_empty()).then_some(Part::Complete);
        let ruled = form.money_fields().next().map(|_| Part::Ruled);
        let chosen = open_choices(form, policy).map(Part::Chosen);
        let quarter = has(Kind::Date) && groups(&[Dimension::Quarter]);
        let month = quarter || (has(Kind::Date) && groups(&[Dimension::Month]));
        let paired = pairing(form, policy).is_some();
        let mut parts = vec![Part::Entry, Part::Counted, Part::Class, Part::UnitName];
        parts.extend(form.fields.values().map(Part::Field));
        parts.extend(complete);
        parts.extend([
            Part::Reason,
            Part::File,
            Part::Sheet,
            Part::Cell,
            Part::Unit,
        ]);
        parts.extend(groups(&[Dimension::UnitKind]).then_some(Part::UnitKind));
        // The overview shows gifts by block, whatever tables there are.
        parts.extend((gift || groups(&[Dimension::Block])).then_some(Part::Block));
        parts.push(Part::Reporter);
        parts.extend(ruled);
        parts.extend(chosen);
        parts.extend(month.then_some(Part::Month));
        parts.extend(quarter.then_some(Part::Quarter));
        if has(Kind::Member) {
            parts.extend([Part::Member, Part::Role]);
        }
        parts.extend(has(Kind::Village).then_some(Part::Village));
        parts.extend(gift.then_some(Part::Donor));
        if paired {
            parts.extend([Part::Household, Part::Helper]);
        }
        parts
    }

    /// How many of the columns print; those after them serve formulas only.
    pub fn printed(parts: &[Part<'_>]) -> usize {
        let last = parts.iter().position(|part| matches!(part, Part::Cell));
        last.map_or(parts.len(), |at| at + 1)
    }

    /// By what the column is known.
    pub fn id(&self) -> Cow<'a, str> {
        Cow::Borrowed(match self {
            Part::Entry => "@entry",
            Part::Counted => "@counted",
            Part::Class => "@class",
            Part::UnitName => "@unit_name",
            Part::Field(field) => &field.id,
            Part::Complete => "@complete",
            Part::Reason => "@reason",
            Part::File => "@file",
            Part::Sheet => "@sheet",
            Part::Cell => "@cell",
            Part::Unit => "@unit",
            Part::UnitKind => "@kind",
            Part::Block => "@block",
            Part::Reporter => "@reporter",
            Part::Ruled => "@ruled",
            Part::Chosen(field) => return Cow::Owned(open_choice(&field.id)),
            Part::Month => "@month",
            Part::Quarter => "@quarter",
            Part::Member => "@member",
            Part::Role => "@role",
            Part::Village => "@village",
            Part::Donor => "@donor",
            Part::Household => "@household",
            Part::Helper => "@helper",
        })
    }

    /// The column.
    pub fn column(&self) -> Column {
        let (header, format) = match self {
            Part::Field(field) => {
                return Column {
                    id: field.id.clone(),
                    header: field.heading(),
                    format: format(&field.kind),
                };
            }
            Part::Entry => ("编号", Format::Centre),
            Part::Counted => ("计入", Format::Centre),
            Part::Class => ("去向", Format::Centre),
            Part::UnitName => ("归属单位", Format::Text),
            Part::Complete => ("要素齐全", Format::Centre),
            Part::Reason => ("不计入的原因或裁定", Format::Text),
            Part::File => ("来源文件", Format::Text),
            Part::Sheet => ("来源工作表", Format::Text),
            Part::Cell => ("来源单元格", Format::Centre),
            Part::Unit => ("归属单位编号", Format::Centre),
            Part::UnitKind => ("单位类型", Format::Text),
            Part::Block => ("板块", Format::Text),
            Part::Reporter => ("填报单位", Format::Text),
            Part::Ruled => ("裁定改数", Format::Money),
            Part::Chosen(field) => (field.header.as_str(), Format::Text),
            Part::Month => ("月份", Format::Integer),
            Part::Quarter => ("季度", Format::Integer),
            Part::Member => ("人员编号", Format::Centre),
            Part::Role => ("委员身份", Format::Text),
            Part::Village => ("村编号", Format::Centre),
            Part::Donor => ("捐助者编号", Format::Centre),
            Part::Household => ("户编号", Format::Centre),
            Part::Helper => ("人编号", Format::Centre),
        };
        Column {
            id: self.id().into_owned(),
            header: header.to_owned(),
            format,
        }
    }

    /// The figure that stands in the column, as in the row of the cells that `own`
    /// gives by their ids; none where a fact stands.
    pub fn figure(&self, form: &Form, own: &dyn Fn(&str) -> Option<CellRef>) -> Option<Expr> {
        match self {
            Part::Complete => {
                let filled = form.complete.iter().filter_map(|id| own(id));
                let all = Expr::And(filled.map(Expr::Filled).collect());
                Some(Expr::when(all, Expr::text("是"), Expr::text("否")))
            }
            Part::Month => {
                let date = own(&form.field_of_kind(&Kind::Date)?.id)?;
                Some(Expr::when(
                    Expr::IsNumber(Box::new(Expr::Cell(date))),
                    Expr::Month(Box::new(Expr::Cell(date))),
                    Expr::text(""),
                ))
            }
            Part::Quarter => {
                let month = own(&Part::Month.id())?;
                Some(Expr::when(
                    Expr::IsNumber(Box::new(Expr::Cell(month))),
                    quarter(Expr::Cell(month)),
                    Expr::text(""),
                ))
            }
            Part::Chosen(field) => {
                let cell = own(&field.id)?;
                let filled = Expr::Filled(cell);
                Some(Expr::when(filled, Expr::Cell(cell), Expr::text(NO_CHOICE)))
            }
            _ => None,
        }
    }
}

/// What is known of an entry, as it stands in the cells of its row.
pub struct Of<'s> {
    source: &'s Source<'s>,
    form: &'s Form,
    entry: &'s LedgerEntry,
    class: Class,
    why: &'s str,
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
    /// Keys of households and helpers.
    pub keys: &'s Keys,
}

impl<'s> Of<'s> {
    /// Of an entry of a form.
    pub fn new(
        source: &'s Source<'s>,
        form: &'s Form,
        entry: &'s LedgerEntry,
        class: Class,
        why: &'s str,
    ) -> Self {
        let member = entry.member.as_deref();
        Of {
            source,
            form,
            entry,
            class,
            why,
            unit: source.roster.unit(&entry.credited),
            member: member.and_then(|code| source.roster.member(code)),
        }
    }

    /// What stands in a column. Nothing where a figure stands.
    pub fn cell(&self, part: Option<&Part<'_>>) -> Cells<'s> {
        let (entry, source) = (self.entry, self.source);
        let kind = || {
            let unit = self.unit?;
            source.policy.unit_kinds.get(&unit.kind)
        };
        let text: &'s str = match part {
            Some(Part::Field(field)) => return self.field(field),
            Some(Part::Cell) => return Cells::Text(Cow::Owned(cells(self.form, entry))),
            Some(Part::Ruled) => return self.ruled(),
            Some(Part::Counted) => match self.class {
                Class::Counted => "是",
                _ => "否",
            },
            Some(Part::Class) => self.class.word(),
            Some(Part::Unit) => &entry.credited,
            Some(Part::UnitName) => self.unit.map_or("", |unit| &unit.name),
            Some(Part::UnitKind) => kind().map_or("", |kind| &kind.name),
            Some(Part::Block) => {
                let block = kind().and_then(|kind| source.policy.blocks.get(&kind.block));
                block.map_or("", |block| &block.name)
            }
            Some(Part::Reporter) => {
                let unit = source.roster.unit(&entry.reporter);
                unit.map_or("", |unit| &unit.name)
            }
            Some(Part::Member) => entry.member.as_deref().unwrap_or(""),
            Some(Part::Role) => self
                .member
                .filter(|m| m.category == CPPCC_MEMBER && !m.role.is_empty())
                .map_or(NO_ROLE, |m| &m.role),
            Some(Part::Village) => entry.village.as_deref().unwrap_or(NO_VILLAGE),
            Some(Part::Donor) => entry.donor.as_ref().map_or("", |donor| &donor.key),
            Some(Part::Household) => pairing(self.form, source.policy)
                .map_or("", |rule| source.keys.household(rule, source.roster, entry)),
            Some(Part::Helper) => pairing(self.form, source.policy)
                .map_or("", |rule| source.keys.helper(rule, source.roster, entry)),
            Some(Part::Reason) => self.why,
            Some(Part::File) => {
                let file = source.reconciled.ledger().files.get(entry.file);
                file.map_or("", |file| &file.name)
            }
            Some(Part::Sheet) => &entry.sheet,
            Some(Part::Entry | Part::Complete | Part::Month | Part::Quarter | Part::Chosen(_))
            | None => "",
        };
        Cells::Text(Cow::Borrowed(text))
    }

    /// What was returned, without telephone and identity numbers.
    fn field(&self, field: &Field) -> Cells<'s> {
        let (value, raw) = (
            self.entry.values.get(&field.id),
            self.entry.raw.cells.get(&field.id),
        );
        match (value, raw) {
            (Some(Value::Text(text)), _) => Cells::Text(Cow::Owned(masked(text))),
            (Some(value), _) => Cells::Scalar(scalar(value)),
            // What could not be read stands as it was typed, as text; a finding
            // says so where it is too long to stand whole.
            (None, Some(raw)) => {
                let typed = masked(&shown(&raw.found));
                Cells::Typed(typed.chars().take(LONGEST_TEXT).collect())
            }
            (None, None) => Cells::Empty,
        }
    }

    /// What a ruling has added to the amount that was reported.
    fn ruled(&self) -> Cells<'s> {
        match (self.entry.amount(self.form), self.entry.reported) {
            (Some(now), Some(before)) => Cells::Scalar(Scalar::Number(now - before)),
            _ => Cells::Empty,
        }
    }
}

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

/// By what tables group the entries of a form.
fn grouped<'a>(form: &'a Form, policy: &'a Policy) -> impl Iterator<Item = &'a Dimension> {
    let tables = policy.fund_tables.iter();
    let own = tables.filter(move |table| table.form == form.id);
    own.flat_map(|table| [&table.rows, &table.columns])
}

/// The choices that may be left open and by which some table groups entries.
fn open_choices<'a>(form: &'a Form, policy: &'a Policy) -> impl Iterator<Item = &'a Field> {
    form.fields.values().filter(move |field| {
        let of = Dimension::Choice(field.id.clone());
        !field.required && grouped(form, policy).any(|one| *one == of)
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
pub fn without_numbers(value: Scalar) -> Scalar {
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
