//! How a cell looks, by its role; the writer turns roles into formats.

/// The role of a cell, which decides font, fill, border and number format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Look {
    /// Title of a sheet: large, bold, centred, no border.
    Title,
    /// Line below the title: small, no border.
    Subtitle,
    /// The same, at the right edge (单位:元).
    SubtitleRight,
    /// Heading of a section: bold, no border.
    Section,
    /// Explanation: wrapped, no border.
    Note,
    /// Header of a column: bold, filled, centred, wrapped, bordered.
    Header,
    /// Header of a column that must be filled in.
    HeaderRequired,
    /// Label of a line: bold, filled lightly, bordered.
    Label,
    /// Text, bordered, wrapped.
    Text,
    /// Text in small letters, bordered, wrapped.
    Fine,
    /// Text, bordered, centred.
    Centre,
    /// Whole number with thousands separators.
    Integer,
    /// Number with up to four decimals.
    Number,
    /// Amount in 元 with two decimals.
    Money,
    /// The same; a dash for none.
    MoneyOrNone,
    /// Share as a percentage with up to two decimals.
    Percent,
    /// Points with two decimals.
    Score,
    /// Day as year-month-day.
    Date,
    /// Text that leads elsewhere: underlined, blue, bordered.
    Link,
    /// Large figure on the first page.
    Figure,
    /// Conditional format: reached; green and bold.
    Good,
    /// Conditional format: veto or failure; red and bold.
    Bad,
    /// Conditional format: open or short; amber, italic.
    Caution,
    /// Conditional format: as it should be; grey.
    Faint,
    /// Conditional format: lines around cells that need not be there.
    Lined,
    /// Nothing.
    Plain,
}

impl Look {
    /// Whether text of this role goes on in a further line.
    pub fn wraps(self) -> bool {
        !matches!(
            self,
            Look::Integer
                | Look::Number
                | Look::Money
                | Look::MoneyOrNone
                | Look::Percent
                | Look::Score
                | Look::Date
                | Look::SubtitleRight
                | Look::Plain
        )
    }
}

/// Role plus variations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Style {
    /// Role.
    pub look: Look,
    /// Input cell: unlocked and lightly tinted.
    pub input: bool,
    /// Unlocked, and no more.
    pub open: bool,
    /// Bold with a light fill, for totals.
    pub total: bool,
    /// Something is wrong with what the cell says.
    pub mark: Mark,
    /// Struck through.
    pub struck: bool,
    /// Without lines around it.
    pub bare: bool,
}

/// What is wrong with what a cell says. A border tells it too, for black print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// Counted, but look again.
    Doubt,
    /// Not counted.
    Fault,
}

impl Style {
    /// A role without variation.
    pub const fn new(look: Look) -> Self {
        Style {
            look,
            input: false,
            open: false,
            total: false,
            mark: Mark::None,
            struck: false,
            bare: false,
        }
    }

    /// The same, as an input cell.
    pub const fn input(self) -> Self {
        Style {
            input: true,
            ..self
        }
    }

    /// The same, unlocked.
    pub const fn open(self) -> Self {
        Style { open: true, ..self }
    }

    /// The same, marked.
    pub const fn marked(self, mark: Mark) -> Self {
        Style { mark, ..self }
    }

    /// The same, as a total.
    pub const fn total(self) -> Self {
        Style {
            total: true,
            ..self
        }
    }
}

impl From<Look> for Style {
    fn from(look: Look) -> Self {
        Style::new(look)
    }
}
