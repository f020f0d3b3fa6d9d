//! Rules: scores, vetoes, awards, publicity, tables of funds and goals. Each
//! cites a clause or says that it is the office's default.

use rust_decimal::Decimal;

/// Whence a rule comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The plan says so.
    Plan,
    /// The plan leaves it open: 本办默认、待确认.
    OfficeDefault,
}

/// What a missing return or value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Counts as zero.
    Zero,
    /// The item falls away; its points are shared out over the others.
    NotApplicable,
    /// Waits for the office.
    Pending,
}

/// A score item.
#[derive(Debug, Clone)]
pub struct Score {
    /// Identifier.
    pub id: String,
    /// Kind of unit.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Metric id.
    pub metric: String,
    /// Full mark.
    pub points: Decimal,
    /// How the operand becomes points.
    pub method: Method,
    /// Clause.
    pub clause: String,
    /// Basis.
    pub basis: Basis,
    /// What it means that the unit sent no return.
    pub missing_return: Missing,
    /// What it means that the operand cannot be worked out.
    pub missing_value: Missing,
}

/// How an operand becomes points.
#[derive(Debug, Clone)]
pub enum Method {
    /// In proportion, full at this value.
    Linear {
        /// Value that earns the full mark; greater than zero.
        full_at: Decimal,
    },
    /// By bands: (from, points), ascending; below the first, zero.
    Bands(Vec<(Decimal, Decimal)>),
    /// Full mark from this value on, else nothing.
    AllOrNothing {
        /// The value.
        at_least: Decimal,
    },
}

/// Whom a rule speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A unit.
    Unit,
    /// A CPPCC member.
    Member,
}

/// A one-vote veto.
#[derive(Debug, Clone)]
pub struct Veto {
    /// Identifier.
    pub id: String,
    /// The reason as shown.
    pub name: String,
    /// Whom it strikes.
    pub subject: Subject,
    /// Kind of unit (subject unit); empty for members.
    pub kind: String,
    /// Metric id.
    pub metric: String,
    /// The veto falls if the metric is less than this.
    pub less_than: Decimal,
    /// Clause.
    pub clause: String,
    /// Basis.
    pub basis: Basis,
    /// Zero: a missing return counts as none done. Pending: it waits.
    /// Not applicable: no veto.
    pub missing_return: Missing,
    /// What it means that a ratio cannot be worked out: it waits, or no veto.
    pub missing_value: Missing,
}

/// An award of units.
#[derive(Debug, Clone)]
pub struct Award {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kinds of units.
    pub kinds: Vec<String>,
    /// Metric id.
    pub metric: String,
    /// Least value, itself included (以上).
    pub at_least: Decimal,
    /// Clause.
    pub clause: String,
    /// Basis.
    pub basis: Basis,
    /// A vetoed unit is not eligible.
    pub excluded_by_veto: bool,
    /// Zero: judged on what is known. Pending: waits. Not applicable: no.
    pub missing_return: Missing,
    /// What it means that a ratio cannot be worked out: it waits, or no award.
    pub missing_value: Missing,
}

/// An award of persons, decided by nomination.
#[derive(Debug, Clone)]
pub struct PersonalAward {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Category of person (choice list `member_category`).
    pub category: String,
    /// Clause.
    pub clause: String,
    /// Basis.
    pub basis: Basis,
    /// A vetoed member may not be nominated.
    pub excluded_by_veto: bool,
}

/// Who is proposed for publicity: donors whose sum reaches a value.
#[derive(Debug, Clone)]
pub struct Publicity {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Form id.
    pub form: String,
    /// Field id of the amount.
    pub field: String,
    /// Least value, itself included.
    pub at_least: Decimal,
    /// Clause.
    pub clause: String,
    /// Basis.
    pub basis: Basis,
}

/// What a table of funds is broken down by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dimension {
    /// Credited unit.
    Unit,
    /// Kind of the credited unit.
    UnitKind,
    /// Block of the credited unit.
    Block,
    /// Village of the entry.
    Village,
    /// Month of the entry's first date field.
    Month,
    /// Quarter of the entry's first date field.
    Quarter,
    /// Role of the member who gave.
    Role,
    /// A choice field of the form (field id).
    Choice(String),
}

/// A table of funds or of how often something was done.
#[derive(Debug, Clone)]
pub struct FundTable {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Form id.
    pub form: String,
    /// Field id of the amount that is added up; entries are counted without.
    pub field: Option<String>,
    /// Rows.
    pub rows: Dimension,
    /// Columns.
    pub columns: Dimension,
    /// Clause.
    pub clause: String,
}

/// What a goal demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// At least this number.
    AtLeast(Decimal),
    /// This text.
    Is(String),
}

/// A target of a village.
#[derive(Debug, Clone)]
pub struct Goal {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Form id.
    pub form: String,
    /// Field id of the value.
    pub field: String,
    /// What it must reach.
    pub target: Target,
    /// Clause.
    pub clause: String,
    /// Basis.
    pub basis: Basis,
}
