//! What became of entries and of files: the words by which they are told.

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// It counts.
    Counted,
    /// The same as another that counts.
    Duplicate,
    /// In a return that a later one replaces.
    Superseded,
    /// Unusable: something required is missing or unreadable, or it lies outside
    /// the period and nobody has ruled that it counts.
    Rejected,
    /// Not the unit's to report.
    SetAside,
}

impl Class {
    /// All classes in the order in which they are shown.
    pub const ALL: [Class; 5] = [
        Class::Counted,
        Class::Duplicate,
        Class::Superseded,
        Class::Rejected,
        Class::SetAside,
    ];

    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            Class::Counted => "计入",
            Class::Duplicate => "重复",
            Class::Superseded => "被替代",
            Class::Rejected => "剔除",
            Class::SetAside => "不予计入",
        }
    }

    /// As a key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Class::Counted => "counted",
            Class::Duplicate => "duplicate",
            Class::Superseded => "superseded",
            Class::Rejected => "rejected",
            Class::SetAside => "set_aside",
        }
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The return of its unit that counts.
    Accepted,
    /// Replaced by a later one of the same unit.
    Superseded,
    /// Not one of ours.
    SetAside,
    /// Could not be opened.
    Unreadable,
    /// Came, or was changed, after the assessment was closed.
    Late,
}

impl Outcome {
    /// All outcomes in the order in which they are shown.
    pub const ALL: [Outcome; 5] = [
        Outcome::Accepted,
        Outcome::Superseded,
        Outcome::SetAside,
        Outcome::Unreadable,
        Outcome::Late,
    ];

    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Accepted => "采用",
            Outcome::Superseded => "被替代",
            Outcome::SetAside => "搁置",
            Outcome::Unreadable => "打不开",
            Outcome::Late => "逾期",
        }
    }

    /// As a key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Superseded => "superseded",
            Outcome::SetAside => "set_aside",
            Outcome::Unreadable => "unreadable",
            Outcome::Late => "late",
        }
    }
}
