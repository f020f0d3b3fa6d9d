//! The columns of a table of entries: the fields of the form, and beside them
//! what became of the entry, to whom it is credited, where it was read, and by
//! what other tables group it.

use std::borrow::Cow;

use super::entry_keys::{self, GIVER, REACHED, asked, conditions, counting, fund, is_long};
use crate::book::{Arithmetic, CellRef, Column, Comparison, Expr, Format};
use crate::policy::{
    Credit, Dimension, Field, Form, FundTable, Kind, Metric, Policy, Side, forms_of,
};

/// In the column by which entries are grouped: nothing was chosen.
pub const NO_CHOICE: &str = "未注明";
/// In the columns of month and quarter: the day is not of the year of the assessment.
/// A gift of 2017-12 is none of 2018-12.
pub const OTHER_YEAR: &str = "其他年度";

/// The column that says how an entry's gift agrees with what the other side reports.
pub const AGREEMENT: &str = "@agreement";

/// What a column of a table of entries is. Those of the last kind say in one cell what
/// other tables would have to ask of several columns, which a large county cannot
/// afford: the key is there only if the entry counts.
#[derive(Debug, Clone, Copy)]
pub enum EntryColumn<'a> {
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
    /// The sheet, where it is not that of the form.
    Sheet,
    /// The cells.
    Cell,
    /// Code of the credited unit.
    Unit,
    /// Kind of the credited unit.
    UnitKind,
    /// Block of the credited unit.
    Block,
    /// Name of the unit that reported it, where that is another.
    Reporter,
    /// What a ruling has added to its amount, in 元.
    Ruled,
    /// What was chosen in a field that may be left open.
    Chosen(&'a Field),
    /// Month of its day, if that is of the year of the assessment.
    Month,
    /// Quarter of its day, likewise.
    Quarter,
    /// Code of the person.
    Member,
    /// Role of the person.
    Role,
    /// Code of the village.
    Village,
    /// Code of the donor.
    Donor,
    /// How its gift agrees with what the other side reports.
    Agreement,
    /// Code of the donor.
    Giver,
    /// Code of the person, if the entry meets the conditions of a metric of persons.
    Counting(&'a Metric),
    /// Code of the village, on a form of goals.
    Reached,
    /// Codes of the row and the column of a long table of funds.
    Fund(&'a FundTable),
}

/// What stands otherwise than usual in some entry of a form; only then there is a
/// column for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Places {
    /// One stands on a sheet that has not the form's name.
    pub other_sheet: bool,
    /// One is credited to another unit than that which reported it.
    pub other_reporter: bool,
}

impl<'a> EntryColumn<'a> {
    /// The columns of a form's table, from left to right. What no formula asks of its
    /// entries and no reader looks for has no column.
    pub fn of(form: &'a Form, policy: &'a Policy, places: Places) -> Vec<EntryColumn<'a>> {
        let has = |kind| form.field_of_kind(&kind).is_some();
        let groups =
            |by: &[Dimension]| by.iter().any(|one| grouped(form, policy).any(|d| d == one));
        let gift = matches!(form.credit, Credit::Donor(_));
        let complete = (!form.complete.is_empty()).then_some(EntryColumn::Complete);
        let ruled = form.money_fields().next().map(|_| EntryColumn::Ruled);
        let chosen = open_choices(form, policy).map(EntryColumn::Chosen);
        let quarter = has(Kind::Date) && groups(&[Dimension::Quarter]);
        let month = quarter || (has(Kind::Date) && groups(&[Dimension::Month]));
        let mut parts = vec![
            EntryColumn::Entry,
            EntryColumn::Counted,
            EntryColumn::Class,
            EntryColumn::UnitName,
        ];
        parts.extend(form.fields.values().map(EntryColumn::Field));
        parts.extend(complete);
        parts.extend([EntryColumn::Reason, EntryColumn::File]);
        parts.extend(places.other_sheet.then_some(EntryColumn::Sheet));
        parts.push(EntryColumn::Cell);
        let rests = |id: &str| forms_of(policy, id).contains(&form.id.as_str());
        let is_asked = policy.metrics.keys().any(|id| rests(id));
        let of_unit = gift || is_asked || groups(&[Dimension::Unit]);
        parts.extend(of_unit.then_some(EntryColumn::Unit));
        parts.extend(groups(&[Dimension::UnitKind]).then_some(EntryColumn::UnitKind));
        // The overview shows gifts by block, whatever tables there are.
        parts.extend((gift || groups(&[Dimension::Block])).then_some(EntryColumn::Block));
        parts.extend(places.other_reporter.then_some(EntryColumn::Reporter));
        parts.extend(ruled);
        parts.extend(chosen);
        parts.extend(month.then_some(EntryColumn::Month));
        parts.extend(quarter.then_some(EntryColumn::Quarter));
        let of_member = has(Kind::Member) && asked(policy).into_iter().any(rests);
        parts.extend(of_member.then_some(EntryColumn::Member));
        let of_role = has(Kind::Member) && groups(&[Dimension::Role]);
        parts.extend(of_role.then_some(EntryColumn::Role));
        let is_goal = policy.goals.iter().any(|goal| goal.form == form.id);
        let of_village = has(Kind::Village) && (is_goal || groups(&[Dimension::Village]));
        parts.extend(of_village.then_some(EntryColumn::Village));
        parts.extend(gift.then_some(EntryColumn::Donor));
        let sides = [Side::Given, Side::Received].map(|side| policy.gift(side));
        if let [Some(given), Some(received)] = sides
            && [given, received].iter().any(|gift| gift.form == form.id)
        {
            parts.push(EntryColumn::Agreement);
        }
        parts.extend(gift.then_some(EntryColumn::Giver));
        if has(Kind::Member) {
            let metrics = asked(policy).into_iter();
            let metrics = metrics.filter_map(|id| policy.metrics.get(id));
            let own = metrics.filter(|metric| conditions(metric).is_some_and(|of| of.0 == form.id));
            parts.extend(own.map(EntryColumn::Counting));
        }
        parts.extend((is_goal && has(Kind::Village)).then_some(EntryColumn::Reached));
        let funds = policy.fund_tables.iter();
        let long = funds.filter(|table| table.form == form.id && is_long(table));
        parts.extend(long.map(EntryColumn::Fund));
        parts
    }

    /// How many of the columns print; those after them serve formulas only.
    pub fn printed(parts: &[EntryColumn<'_>]) -> usize {
        let last = parts
            .iter()
            .position(|part| matches!(part, EntryColumn::Cell));
        last.map_or(parts.len(), |at| at + 1)
    }

    /// By what the column is known.
    pub fn id(&self) -> Cow<'a, str> {
        Cow::Borrowed(match self {
            EntryColumn::Entry => "@entry",
            EntryColumn::Counted => "@counted",
            EntryColumn::Class => "@class",
            EntryColumn::UnitName => "@unit_name",
            EntryColumn::Field(field) => &field.id,
            EntryColumn::Complete => "@complete",
            EntryColumn::Reason => "@reason",
            EntryColumn::File => "@file",
            EntryColumn::Sheet => "@sheet",
            EntryColumn::Cell => "@cell",
            EntryColumn::Unit => "@unit",
            EntryColumn::UnitKind => "@kind",
            EntryColumn::Block => "@block",
            EntryColumn::Reporter => "@reporter",
            EntryColumn::Ruled => "@ruled",
            EntryColumn::Chosen(field) => return Cow::Owned(open_choice(&field.id)),
            EntryColumn::Month => "@month",
            EntryColumn::Quarter => "@quarter",
            EntryColumn::Member => "@member",
            EntryColumn::Role => "@role",
            EntryColumn::Village => "@village",
            EntryColumn::Donor => "@donor",
            EntryColumn::Agreement => AGREEMENT,
            EntryColumn::Giver => GIVER,
            EntryColumn::Reached => REACHED,
            EntryColumn::Counting(metric) => return Cow::Owned(counting(&metric.id)),
            EntryColumn::Fund(table) => return Cow::Owned(fund(&table.id)),
        })
    }

    /// The column.
    pub fn column(&self) -> Column {
        let (header, format) = match self {
            EntryColumn::Field(field) => {
                return Column {
                    id: field.id.clone(),
                    header: field.heading(),
                    format: format(&field.kind),
                };
            }
            EntryColumn::Entry => ("编号", Format::Centre),
            EntryColumn::Counted => ("计入", Format::Centre),
            EntryColumn::Class => ("去向", Format::Centre),
            EntryColumn::UnitName => ("归属单位", Format::Text),
            EntryColumn::Complete => ("要素齐全", Format::Centre),
            EntryColumn::Reason => ("不计入的原因或裁定", Format::Text),
            EntryColumn::File => ("来源文件", Format::Text),
            EntryColumn::Sheet => ("来源工作表", Format::Text),
            EntryColumn::Cell => ("来源单元格", Format::Centre),
            EntryColumn::Unit => ("归属单位编号", Format::Centre),
            EntryColumn::UnitKind => ("单位类型", Format::Text),
            EntryColumn::Block => ("板块", Format::Text),
            EntryColumn::Reporter => ("由别的单位填报", Format::Text),
            EntryColumn::Ruled => ("裁定改数", Format::Money),
            EntryColumn::Chosen(field) => (field.header.as_str(), Format::Text),
            EntryColumn::Month => ("月份", Format::Integer),
            EntryColumn::Quarter => ("季度", Format::Integer),
            EntryColumn::Member => ("人员编号", Format::Centre),
            EntryColumn::Role => ("委员身份", Format::Text),
            EntryColumn::Village => ("村编号", Format::Centre),
            EntryColumn::Donor => ("捐助者编号", Format::Centre),
            EntryColumn::Agreement => ("捐受核对", Format::Centre),
            EntryColumn::Giver => ("计入的捐助者", Format::Centre),
            EntryColumn::Counting(metric) => (metric.name.as_str(), Format::Centre),
            EntryColumn::Reached => ("计入的村", Format::Centre),
            EntryColumn::Fund(table) => (table.title.as_str(), Format::Text),
        };
        Column {
            id: self.id().into_owned(),
            header: header.to_owned(),
            format,
        }
    }

    /// The figure that stands in the column, as in the row of the cells that `own`
    /// gives by their ids; none where a fact stands.
    pub fn figure(
        &self,
        form: &Form,
        year: i16,
        own: &dyn Fn(&str) -> Option<CellRef>,
    ) -> Option<Expr> {
        match self {
            EntryColumn::Complete => {
                let filled = form.complete.iter().filter_map(|id| own(id));
                let all = Expr::And(filled.map(Expr::Filled).collect());
                Some(Expr::when(all, Expr::text("是"), Expr::text("否")))
            }
            EntryColumn::Month => {
                let date = own(&form.field_of_kind(&Kind::Date)?.id)?;
                let date = || Box::new(Expr::Cell(date));
                let of_year = Expr::compare(
                    Comparison::Equal,
                    Expr::Year(date()),
                    Expr::whole(year.into()),
                );
                Some(Expr::when(
                    Expr::IsNumber(date()),
                    Expr::when(of_year, Expr::Month(date()), Expr::text(OTHER_YEAR)),
                    Expr::text(""),
                ))
            }
            EntryColumn::Quarter => {
                let month = own(&EntryColumn::Month.id())?;
                Some(Expr::when(
                    Expr::IsNumber(Box::new(Expr::Cell(month))),
                    quarter(Expr::Cell(month)),
                    Expr::Cell(month),
                ))
            }
            EntryColumn::Chosen(field) => {
                let cell = own(&field.id)?;
                let filled = Expr::Filled(cell);
                Some(Expr::when(filled, Expr::Cell(cell), Expr::text(NO_CHOICE)))
            }
            EntryColumn::Giver => entry_keys::of_giver(own),
            EntryColumn::Counting(metric) => entry_keys::of_metric(metric, own),
            EntryColumn::Reached => entry_keys::of_village(own),
            EntryColumn::Fund(table) => {
                let codes = [&table.rows, &table.columns].map(|by| grouping(by, form));
                entry_keys::of_funds(codes, own)
            }
            _ => None,
        }
    }
}

/// The column of a form's entries by which they are grouped.
pub fn grouping(by: &Dimension, form: &Form) -> String {
    match by {
        Dimension::Unit => EntryColumn::Unit.id().into_owned(),
        Dimension::UnitKind => EntryColumn::UnitKind.id().into_owned(),
        Dimension::Block => EntryColumn::Block.id().into_owned(),
        Dimension::Village => EntryColumn::Village.id().into_owned(),
        Dimension::Month => EntryColumn::Month.id().into_owned(),
        Dimension::Quarter => EntryColumn::Quarter.id().into_owned(),
        Dimension::Role => EntryColumn::Role.id().into_owned(),
        Dimension::Choice(field) => form
            .fields
            .get(field)
            .map(choice_column)
            .unwrap_or_default(),
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

/// The quarter of a month: a third of the next month's number, rounded.
fn quarter(month: Expr) -> Expr {
    let next = Expr::Sum(vec![month, Expr::whole(1)]);
    Expr::arithmetic(Arithmetic::Divide, next, Expr::whole(3)).rounded(0)
}
