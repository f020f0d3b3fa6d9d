//! The pack as written: what may stand in each file. `check` turns it into
//! the types that the other stages use.

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::DeValue;

use super::log::{At, Mark, Text};
use super::read::{Many, One, Read, Reader, Value, written};
use super::words::KindWord;
use super::{Basis, FrontMoney, Missing, Prefill, RosterPart, Shape, Subject};

/// A number as written.
pub(super) type Number = Mark<Decimal>;

/// What a figure is held against: a number, or a percentage such as `"80%"`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Threshold {
    /// As a number: 0.8.
    pub value: Decimal,
    /// Written with a percent sign.
    pub is_percent: bool,
}

written! {
    /// `plan.toml`
    PlanFile {
        pack: One<Pack>,
        clause: Many<Clause>,
        block: Many<Block>,
        unit_kind: Many<UnitKind>,
        choice: Many<Choice>,
    }
    Pack {
        id: Text,
        version: Text,
        title: Text,
        document: Text,
        office: Text,
        year: Mark<u32>,
        period_from: Mark<Date>,
        period_to: Mark<Date>,
        round: Mark<u32>,
        full_mark: Number,
        full_mark_clause: Text,
        score_decimals: Mark<u32>,
        front_money: Option<FrontMoney>,
    }
    Clause {
        id: Text,
        heading: Text,
        gist: Text,
    }
    Block {
        id: Text,
        name: Text,
        lead: Text,
        clause: Text,
    }
    UnitKind {
        id: Text,
        name: Text,
        block: Text,
        clauses: Vec<Text>,
    }
    Choice {
        id: Text,
        name: Text,
        clauses: Vec<Text>,
        items: Mark<Vec<Text>>,
        aliases: Option<Vec<Mark<Vec<Text>>>>,
        on_roster: Option<Vec<Text>>,
    }
    /// The part of a form's file that is not its fields.
    FormHead {
        id: Text,
        order: Mark<u32>,
        sheet: Text,
        title: Text,
        clauses: Mark<Vec<Text>>,
        kinds: Option<Mark<Vec<Text>>>,
        roster: Option<Mark<RosterPart>>,
        shape: Mark<Shape>,
        prefill: Mark<Prefill>,
        spare_rows: Option<Mark<u32>>,
        credit: Option<Text>,
        complete: Option<Mark<Vec<Text>>>,
        guide: Text,
        _field: Skip as "field",
    }
    Field {
        id: Text,
        header: Text,
        aliases: Option<Vec<Text>>,
        kind: Mark<KindWord>,
        choice: Option<Text>,
        required: Option<bool>,
        required_if: Option<RequiredIf>,
        prefilled: Option<bool>,
        open: Option<Mark<bool>>,
        total: Option<Mark<bool>>,
        any_year: Option<Mark<bool>>,
        in_period: Option<Mark<bool>>,
        min: Option<Number>,
        max: Option<Number>,
        more_than: Option<Number>,
        measure: Option<Text>,
        width: Option<Mark<u32>>,
        help: Text,
        example: Option<Text>,
    }
    RequiredIf {
        field: Text,
        is: Text,
    }
    /// `metrics.toml`
    MetricsFile {
        metric: Many<Metric>,
    }
    Metric {
        id: Text,
        name: Text,
        measure: Text,
        clause: Text,
        count: Option<Text>,
        sum: Option<Text>,
        total: Option<Mark<Vec<Text>>>,
        members: Option<Members>,
        ratio: Option<Mark<Vec<Text>>>,
        conditions: Option<Mark<Vec<Condition>>> as "where",
    }
    Members {
        metric: Option<Text>,
        at_least: Option<Number>,
    }
    Condition {
        field: Option<Text>,
        complete: Option<Mark<bool>>,
        is: Option<Text>,
        equals: Option<Number>,
        at_least: Option<Number>,
        more_than: Option<Number>,
        at_most: Option<Number>,
        less_than: Option<Number>,
    }
    /// `rules/scores.toml`
    ScoresFile {
        score: Many<Score>,
    }
    Score {
        id: Text,
        kind: Text,
        name: Text,
        metric: Text,
        points: Number,
        linear: Option<Linear>,
        bands: Option<Mark<Vec<Band>>>,
        at_least: Option<Mark<Threshold>>,
        clause: Text,
        basis: Basis,
        missing_return: Missing,
        missing_value: Missing,
    }
    Linear {
        full_at: Mark<Threshold>,
    }
    Band {
        from: Mark<Threshold>,
        points: Number,
    }
    /// `rules/decisions.toml`
    DecisionsFile {
        veto: Many<Veto>,
        award: Many<Award>,
        personal_award: Many<PersonalAward>,
        publicity: Many<Publicity>,
    }
    Veto {
        id: Text,
        name: Text,
        subject: Mark<Subject>,
        kind: Option<Text>,
        metric: Text,
        less_than: Mark<Threshold>,
        clause: Text,
        basis: Basis,
        missing_return: Missing,
        missing_value: Option<Mark<Missing>>,
    }
    Award {
        id: Text,
        name: Text,
        kinds: Mark<Vec<Text>>,
        metric: Text,
        at_least: Mark<Threshold>,
        clause: Text,
        basis: Basis,
        excluded_by_veto: bool,
        missing_return: Missing,
        missing_value: Option<Mark<Missing>>,
    }
    PersonalAward {
        id: Text,
        name: Text,
        category: Text,
        clause: Text,
        basis: Basis,
        excluded_by_veto: bool,
    }
    Publicity {
        id: Text,
        name: Text,
        sum: Text,
        at_least: Number,
        clause: Text,
        basis: Basis,
    }
    /// `rules/funds.toml`
    FundsFile {
        fund_table: Many<FundTable>,
    }
    FundTable {
        id: Text,
        title: Text,
        sum: Option<Text>,
        count: Option<Text>,
        rows: Text,
        columns: Text,
        clause: Text,
    }
    /// `rules/goals.toml`
    GoalsFile {
        scope: One<Scope>,
        goal: Many<Goal>,
    }
    Scope {
        classes: Mark<Vec<Text>>,
    }
    Goal {
        id: Text,
        name: Text,
        value: Text,
        at_least: Option<Number>,
        is: Option<Text>,
        clause: Text,
        basis: Basis,
    }
    /// `reconcile.toml`
    ReconcileFile {
        duplicate: Many<Duplicate>,
        declared: Many<Declared>,
        gift: Many<Gift>,
        apart: One<Option<Apart>>,
        conflict: Many<Conflict>,
        outlier: Many<Outlier>,
        evidence: Many<Evidence>,
        pairing: One<Option<Pairing>>,
    }
    Gift {
        form: Text,
        side: Text,
        giver: Text,
        village: Text,
        sort: Text,
        amount: Text,
        date: Text,
    }
    Apart {
        days: Mark<u32>,
        receipt_days: Mark<u32>,
        instalment_days: Mark<u32>,
        parts: Mark<u32>,
        unreceived: Option<Number>,
    }
    Conflict {
        form: Text,
        name: Text,
        same: Mark<Vec<Text>>,
        facts: Mark<Vec<Text>>,
    }
    Outlier {
        form: Text,
        amount: Text,
        at_least: Number,
        times: Number,
    }
    Evidence {
        form: Text,
        field: Text,
        conditions: Option<Mark<Vec<Condition>>> as "where",
    }
    Pairing {
        form: Text,
        helper: Text,
        village: Text,
        household: Text,
        measures: Text,
        result: Text,
    }
    Duplicate {
        form: Text,
        fields: Mark<Vec<Text>>,
        two_units: Option<Text>,
    }
    Declared {
        field: Text,
        sum: Text,
        conditions: Option<Mark<Vec<Condition>>> as "where",
        tolerance: Number,
    }
    /// `roster.toml`
    RosterFile {
        unit: Many<Row>,
        member: Many<Row>,
        village: Many<Row>,
    }
}

/// A form's file.
#[derive(Debug, Clone)]
pub(super) struct FormFile {
    /// What is not its fields; nothing if it is spoilt.
    pub head: Option<FormHead>,
    /// Its fields.
    pub fields: Many<Field>,
}

impl Read for FormFile {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let head = FormHead::read(value, reader);
        let fields = match value.get_ref().get("field") {
            Some(fields) => Many::read(fields, reader)?,
            None => Many::default(),
        };
        Some(FormFile { head, fields })
    }
}

/// An item that is read elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Skip;

impl Read for Skip {
    fn read(_: &Value<'_>, _: &mut Reader<'_, '_>) -> Option<Self> {
        Some(Skip)
    }

    fn stand_in() -> Option<Self> {
        Some(Skip)
    }
}

/// A row of the roster: any keys; whether they are fields is checked later.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Where the row stands.
    pub at: At,
    /// Keys and texts.
    pub cells: Vec<(Text, Text)>,
    /// Whether a cell was spoilt.
    pub is_broken: bool,
}

impl Read for Row {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let DeValue::Table(items) = value.get_ref() else {
            return reader.wrong_type(value, "一组项目（名称 = 内容）");
        };
        let mut cells = Vec::new();
        let mut is_broken = false;
        for (key, cell) in items {
            let key = Mark {
                value: key.get_ref().to_string(),
                at: reader.at(key.span()),
            };
            let at = reader.at(cell.span());
            let value = match cell.get_ref() {
                DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().into()),
                DeValue::Float(number) => Some(number.as_str().into()),
                DeValue::Datetime(date) => Some(date.to_string()),
                _ if reader.is_faulty(cell) => None,
                _ => String::read(cell, reader),
            };
            is_broken |= value.is_none();
            cells.extend(value.map(|value| (key, Mark { value, at })));
        }
        Some(Row {
            at: reader.at(value.span()),
            cells,
            is_broken,
        })
    }
}
