//! Forms and fields: the one definition from which template, reader, ledger
//! sheet and guide come.

use indexmap::IndexMap;
use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Pack;

/// A form, which is one sheet of a workbook.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Identifier, for example `funds`.
    pub id: String,
    /// Position among the forms.
    pub order: u32,
    /// Name of the sheet.
    pub sheet: String,
    /// Title on the sheet.
    pub title: String,
    /// Clauses that it serves.
    pub clauses: Vec<String>,
    /// Kinds of units that fill it in; empty for the roster.
    pub kinds: Vec<String>,
    /// The part of the roster that it holds, if any.
    pub roster: Option<RosterPart>,
    /// Table or card.
    pub shape: Shape,
    /// What it is prefilled with.
    pub prefill: Prefill,
    /// Empty rows offered below the prefilled ones. A form of the units is open below
    /// its rows whatever this says, and is left out of the workbook of a unit only
    /// where there would be none.
    pub spare_rows: u32,
    /// To whom an entry is credited.
    pub credit: Credit,
    /// Fields that make an entry complete when they are all filled.
    pub complete: Vec<String>,
    /// One or two sentences for the clerk.
    pub guide: String,
    /// Fields by id, in order.
    pub fields: IndexMap<String, Field>,
}

/// A field of a form: a column of a table or a line of a card.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Identifier, for example `amount`.
    pub id: String,
    /// Header that the clerk sees, without unit and mark.
    pub header: String,
    /// Other headers that mean the same.
    pub aliases: Vec<String>,
    /// Kind of the value.
    pub kind: Kind,
    /// Must be filled.
    pub required: bool,
    /// Must be filled if another field of the same form has this value.
    pub required_if: Option<(String, String)>,
    /// Filled by the office and locked.
    pub prefilled: bool,
    /// Names outside the roster are allowed (kinds member and village).
    pub open: bool,
    /// A total of this column stands above the table.
    pub total: bool,
    /// A day of any year may stand here: none can be supposed where it is not said.
    pub any_year: bool,
    /// An entry with a day outside the assessment period does not count until
    /// the office has ruled.
    pub in_period: bool,
    /// Least value.
    pub min: Option<Decimal>,
    /// Greatest value.
    pub max: Option<Decimal>,
    /// The value must be greater than this.
    pub more_than: Option<Decimal>,
    /// Unit of measure shown with the header, for example 元.
    pub measure: String,
    /// Width of the column in half-width characters.
    pub width: u16,
    /// How to fill it in.
    pub help: String,
    /// A correct example; empty if none.
    pub example: String,
}

/// Kind of a field's value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    #[default]
    Text,
    /// A code of ASCII letters and digits that begins with a letter.
    Code,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Number,
    /// An amount in 元 with at most two decimals.
    Money,
    /// A share; 1 is 100%.
    Percent,
    /// A day.
    Date,
    /// One of a list of choices (its id).
    Choice(String),
    /// 是 or 否.
    YesNo,
    /// A person of the roster.
    Member,
    /// A village of the roster.
    Village,
    /// A unit of the roster.
    Unit,
    /// A kind of unit, by its name.
    UnitKind,
    /// A telephone number.
    Phone,
}

/// Shape of a form on its sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// A header row with rows of entries below it.
    #[default]
    Table,
    /// One entry; a field per line.
    Card,
}

/// What a form is prefilled with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Prefill {
    /// Nothing.
    #[default]
    Blank,
    /// The unit, year and round (the cover).
    Unit,
    /// A row for each CPPCC member of the unit.
    Members,
    /// A row for each village that the unit reports on.
    Villages,
}

/// A part of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RosterPart {
    /// Units.
    Units,
    /// Persons.
    Members,
    /// Villages.
    Villages,
}

/// To whom an entry is credited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credit {
    /// To the unit that reports it.
    #[default]
    Reporter,
    /// To the unit of the person or unit named in this field, by the roster;
    /// to the reporting unit where the roster does not know the name.
    Donor(String),
}

/// A list of choices.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Clauses.
    pub clauses: Vec<String>,
    /// The choices in order.
    pub items: Vec<String>,
    /// Other spellings: as typed, as meant.
    pub aliases: Vec<(String, String)>,
    /// Those of the items whose persons and units are all on the roster.
    pub on_roster: Vec<String>,
}

impl Form {
    /// Whether each of some members or villages has a row of its own, listed by
    /// the office: of who has none, nothing is known.
    pub fn lists_subjects(&self) -> bool {
        matches!(self.prefill, Prefill::Members | Prefill::Villages)
    }

    /// The field that names whom a row of such a list is about.
    pub fn subject_field(&self) -> Option<&Field> {
        match self.prefill {
            Prefill::Members => self.field_of_kind(&Kind::Member),
            Prefill::Villages => self.field_of_kind(&Kind::Village),
            Prefill::Blank | Prefill::Unit => None,
        }
    }

    /// The fields that hold money, in order.
    pub fn money_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.values().filter(|f| f.kind == Kind::Money)
    }

    /// The first field of the given kind.
    pub fn field_of_kind(&self, kind: &Kind) -> Option<&Field> {
        self.fields.values().find(|f| f.kind == *kind)
    }
}

/// How many years before the assessment period a day may lie: of what may have
/// begun at any time, and of what should lie in the period.
const YEARS_BEFORE: (i64, i64) = (60, 20);
/// How many years after its end.
const YEARS_AFTER: i64 = 1;

impl Field {
    /// The days that somebody can have meant, whether they lie in the assessment
    /// period or not. Others are slips: 3.9 in a cell for days is 1900-01-03.
    pub fn possible_days(&self, pack: &Pack) -> (Date, Date) {
        let before = match self.in_period {
            true => YEARS_BEFORE.1,
            false => YEARS_BEFORE.0,
        };
        let from = pack.period_from.saturating_sub(Span::new().years(before));
        let to = pack
            .period_to
            .saturating_add(Span::new().years(YEARS_AFTER));
        (from, to)
    }

    /// The header as printed: with 元 or another unit of measure.
    pub fn heading(&self) -> String {
        if self.measure.is_empty() {
            self.header.clone()
        } else {
            format!("{}\u{FF08}{}\u{FF09}", self.header, self.measure)
        }
    }
}
