//! The policy pack: the plan as data. What stands here has been checked, so
//! the later stages may index by id without asking again.

mod check;
mod form;
mod load;
mod log;
mod metric;
mod parse;
mod problem;
mod read;
mod reconciliation;
mod rule;
mod scalar;
mod show;
mod source;
mod syntax;
mod words;
mod written;

pub use form::{Choice, Credit, Field, Form, Kind, Prefill, RosterPart, Shape};
pub use load::load;
pub use metric::{Condition, Measure, MeasureUnit, Metric, Operator, Sort, Test, forms_of};
pub use problem::Problem;
pub use reconciliation::{
    Apart, Conflict, Declared, Duplicate, Evidence, Gift, Outlier, Pairing, Reconciliation, Side,
    TwoUnits,
};
pub use rule::{
    Award, Basis, Dimension, FundTable, Goal, Method, Missing, PersonalAward, Publicity, Score,
    Subject, Target, Veto,
};
pub use show::render;
pub use source::PackSource;

use indexmap::IndexMap;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// The category of persons (choice list `member_category`) that the plan means
/// by a member: who counts for 三个一 and can be vetoed.
pub const CPPCC_MEMBER: &str = "政协委员";

/// A whole policy pack, checked. Every id that one part uses for another
/// exists; points add up; every clause is cited.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Head of the pack.
    pub pack: Pack,
    /// Clauses of the plan by id, in the plan's order.
    pub clauses: IndexMap<String, Clause>,
    /// The three blocks of clause 3, by id.
    pub blocks: IndexMap<String, Block>,
    /// Kinds of units by id, in order of precedence.
    pub unit_kinds: IndexMap<String, UnitKind>,
    /// Lists of choices by id.
    pub choices: IndexMap<String, Choice>,
    /// All forms by id, in their order: intake forms, then those of the roster.
    pub forms: IndexMap<String, Form>,
    /// Metrics by id.
    pub metrics: IndexMap<String, Metric>,
    /// Score items in the order in which they are shown.
    pub scores: Vec<Score>,
    /// One-vote vetoes.
    pub vetoes: Vec<Veto>,
    /// Awards of units.
    pub awards: Vec<Award>,
    /// Awards of persons, decided by nomination.
    pub personal_awards: Vec<PersonalAward>,
    /// Who is proposed for publicity.
    pub publicity: Vec<Publicity>,
    /// Tables of funds.
    pub fund_tables: Vec<FundTable>,
    /// Targets of the villages.
    pub goals: Vec<Goal>,
    /// The classes of villages that the goals bind (names of the choice list
    /// `village_class`).
    pub goal_classes: Vec<String>,
    /// What is reconciled.
    pub reconcile: Reconciliation,
    /// Rows with which `init` fills the roster: form id, then rows of
    /// field id to text.
    pub roster_rows: IndexMap<String, Vec<IndexMap<String, String>>>,
    /// SHA-256 over all files of the pack, in hexadecimal.
    pub hash: String,
    /// The texts from which it was made.
    pub source: PackSource,
}

/// Head of the pack.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Identifier, for example `anhua-2018`.
    pub id: String,
    /// Version of the pack.
    pub version: String,
    /// Title of the assessment.
    pub title: String,
    /// Number of the document.
    pub document: String,
    /// The office that assesses.
    pub office: String,
    /// The assessment year.
    pub year: i16,
    /// First day of the assessment period.
    pub period_from: Date,
    /// Last day of the assessment period.
    pub period_to: Date,
    /// Round of reporting, from 1.
    pub round: u32,
    /// Full mark of all score items of a kind together.
    pub full_mark: Decimal,
    /// The clause that sets the full mark.
    pub full_mark_clause: String,
    /// Decimals of a score, 0 to 4.
    pub score_decimals: u32,
    /// In what the first page shows money; 万元 unless the pack says 元.
    pub front_money: FrontMoney,
}

/// In what the first page shows money. All other sheets show 元.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrontMoney {
    /// 元
    Yuan,
    /// 万元
    #[default]
    TenThousand,
}

impl FrontMoney {
    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            FrontMoney::Yuan => "元",
            FrontMoney::TenThousand => "万元",
        }
    }

    /// How many 元 one of it is.
    pub fn yuan(self) -> i64 {
        match self {
            FrontMoney::Yuan => 1,
            FrontMoney::TenThousand => 10_000,
        }
    }
}

/// A clause of the plan.
#[derive(Debug, Clone)]
pub struct Clause {
    /// For example `4.2`.
    pub id: String,
    /// Heading in the plan.
    pub heading: String,
    /// Short gist.
    pub gist: String,
}

/// One of the three blocks of the work (clause 3).
#[derive(Debug, Clone)]
pub struct Block {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// The leader, or a word that the office fills it in.
    pub lead: String,
    /// Clause.
    pub clause: String,
}

/// A kind of unit.
#[derive(Debug, Clone)]
pub struct UnitKind {
    /// Identifier, for example `township`.
    pub id: String,
    /// Name, for example 乡镇联工委.
    pub name: String,
    /// Block id.
    pub block: String,
    /// Clauses.
    pub clauses: Vec<String>,
}

impl Policy {
    /// The field of a form that says of what sort somebody is, and the choices of which
    /// some are those of the roster.
    pub fn category<'f>(&self, form: &'f Form) -> Option<(&'f Field, &Choice)> {
        form.fields.values().find_map(|field| match &field.kind {
            Kind::Choice(id) => {
                let choice = self.choices.get(id).filter(|c| !c.on_roster.is_empty());
                Some((field, choice?))
            }
            _ => None,
        })
    }

    /// The forms that a kind of unit fills in, in order.
    pub fn forms_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Form> {
        self.intake_forms()
            .filter(move |form| form.kinds.iter().any(|k| k == kind))
    }

    /// All forms that units fill in, in order.
    pub fn intake_forms(&self) -> impl Iterator<Item = &Form> {
        self.forms.values().filter(|form| form.roster.is_none())
    }

    /// The form of one part of the roster.
    pub fn roster_form(&self, part: RosterPart) -> Option<&Form> {
        self.forms.values().find(|form| form.roster == Some(part))
    }

    /// Whether a field names what an entry is about: a text or a name that must be
    /// there, and that tells one entry from another.
    pub fn is_naming(&self, form: &Form, field: &Field) -> bool {
        let kinds = [Kind::Text, Kind::Member, Kind::Village, Kind::Unit];
        let mut rules = self
            .reconcile
            .duplicates
            .iter()
            .filter(|rule| rule.form == form.id);
        field.required
            && kinds.contains(&field.kind)
            && rules.any(|rule| rule.fields.contains(&field.id))
    }

    /// The form that tells of one side of gifts, if the pack has one.
    pub fn gift(&self, side: Side) -> Option<&Gift> {
        self.reconcile.gifts.iter().find(|gift| gift.side == side)
    }

    /// The cover, on which the unit signs. Loading makes sure that there is
    /// exactly one form of this shape.
    pub fn cover(&self) -> Option<&Form> {
        self.forms.values().find(|form| form.shape == Shape::Card)
    }
}
