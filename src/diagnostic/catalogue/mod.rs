//! The catalogue of codes. A code is never reused; severity, title, help,
//! example and the usual way to mend belong to the code. The table below gives
//! number, severity and the file beside this one in which the words stand.
//! Messages, `kaohe explain` and the README's table all come from here.

mod intake_cell;
mod intake_file;
mod ledger;
mod policy;
mod reconcile;
mod roster;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// What it speaks of is not counted.
    Error,
    /// Counted, but look again.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// All severities, gravest first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Note => "提示",
        }
    }
}

/// The words of a code.
struct Entry {
    title: &'static str,
    mend: &'static str,
    help: &'static str,
    example: &'static str,
}

/// The words of the codes of one stage, each as a constant with the name of
/// its code.
macro_rules! entries {
    ($($name:ident $title:literal { mend: $mend:literal help: $help:literal example: $example:literal })*) => {
        $(
            #[allow(non_upper_case_globals)]
            pub(super) const $name: super::Entry = super::Entry {
                title: $title,
                mend: $mend,
                help: $help,
                example: $example,
            };
        )*
    };
}
use entries;

macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $stage:ident;)*) => {
        /// A code of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $code] $name,)*
        }

        impl Code {
            /// All codes in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as printed, for example `IN-204`.
            pub fn code(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// Severity.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            fn entry(self) -> &'static Entry {
                match self { $(Code::$name => &$stage::$name,)* }
            }
        }
    };
}

codes! {
    // PO: the policy pack.
    PackFile "PO-101" Error policy;
    PackSyntax "PO-102" Error policy;
    PackShape "PO-103" Error policy;
    PackUnknownId "PO-104" Error policy;
    PackUnknownClause "PO-105" Error policy;
    PackClauseUnused "PO-106" Error policy;
    PackPoints "PO-107" Error policy;
    PackBands "PO-108" Error policy;
    PackAward "PO-109" Error policy;
    PackTooLong "PO-110" Error policy;
    PackDuplicateId "PO-111" Error policy;
    PackValue "PO-112" Error policy;
    PackMismatch "PO-113" Error policy;
    PackName "PO-114" Error policy;
    PackUnit "PO-115" Error policy;
    PackShare "PO-116" Error policy;

    // RO: the roster.
    RosterMissing "RO-151" Error roster;
    RosterDuplicate "RO-152" Error roster;
    RosterUnknownUnit "RO-153" Error roster;
    RosterNamesakes "RO-154" Note roster;
    RosterCodeMisread "RO-158" Error roster;
    RosterNameTooLong "RO-159" Error roster;

    // IN: intake.
    Unreadable "IN-201" Error intake_file;
    NotOurs "IN-202" Error intake_file;
    HeaderMissing "IN-203" Error intake_file;
    MoneyText "IN-204" Error intake_cell;
    MoneyDecimals "IN-205" Error intake_cell;
    RequiredEmpty "IN-206" Error intake_cell;
    NumberText "IN-207" Error intake_cell;
    OutOfBounds "IN-208" Error intake_cell;
    DateText "IN-209" Error intake_cell;
    ChoiceUnknown "IN-210" Error intake_cell;
    YesNoText "IN-211" Error intake_cell;
    NameUnknown "IN-212" Error intake_cell;
    ErrorCell "IN-213" Error intake_cell;
    PhoneText "IN-214" Error intake_cell;
    OptionalIgnored "IN-215" Warning intake_cell;
    MoneyScaled "IN-216" Warning intake_cell;
    Interpreted "IN-217" Note intake_cell;
    YesNoEmpty "IN-218" Warning intake_cell;
    SheetMissing "IN-219" Error intake_file;
    ExtraContent "IN-220" Warning intake_file;
    StampMismatch "IN-221" Error intake_file;
    UnitUnknown "IN-222" Error intake_file;
    OutsidePeriod "IN-223" Error intake_cell;
    NothingReceived "IN-224" Warning intake_file;
    NothingFilled "IN-225" Error intake_file;
    RequiredIfEmpty "IN-226" Warning intake_cell;
    CodeText "IN-227" Error intake_cell;
    FormsDiffer "IN-228" Note intake_file;
    StampMissing "IN-229" Warning intake_file;
    TextTooLong "IN-230" Error intake_cell;
    WrongMeasure "IN-231" Error intake_file;
    CoverDiffers "IN-232" Error intake_file;
    RowUntouched "IN-233" Warning intake_file;
    MacrosIgnored "IN-234" Note intake_file;
    FileNameDiffers "IN-236" Warning intake_file;
    RoundDiffers "IN-237" Warning intake_file;
    SheetTwice "IN-238" Error intake_file;
    SheetCopied "IN-239" Note intake_file;
    HiddenRead "IN-240" Note intake_file;
    TotalRow "IN-241" Note intake_file;
    TotalRowDiffers "IN-242" Warning intake_file;
    NoteRow "IN-243" Warning intake_file;
    MergedFilled "IN-244" Warning intake_file;
    MergedHidden "IN-245" Warning intake_file;
    MergedNumber "IN-246" Error intake_file;
    FormulaTaken "IN-247" Note intake_file;
    NumeralTaken "IN-248" Warning intake_cell;
    YearAssumed "IN-249" Warning intake_cell;
    SeveralNames "IN-251" Error intake_cell;
    NumberDamaged "IN-252" Warning intake_cell;
    NameNear "IN-253" Warning intake_cell;
    TooManyRows "IN-254" Error intake_file;
    AnswerEmpty "IN-255" Warning intake_cell;
    VillageUnlisted "IN-256" Warning intake_cell;
    NameUnreadable "IN-258" Warning intake_cell;
    NotOnRoster "IN-259" Warning intake_cell;
    DittoTaken "IN-260" Warning intake_cell;
    Ditto "IN-261" Error intake_cell;
    Placeholder "IN-263" Error intake_cell;
    ExampleRow "IN-264" Warning intake_file;
    DateFar "IN-265" Error intake_cell;
    DayInText "IN-266" Warning intake_cell;
    DraggedDown "IN-267" Error intake_file;
    FormatMeasure "IN-270" Error intake_cell;
    StruckThrough "IN-271" Warning intake_cell;
    NotPlain "IN-272" Error intake_cell;
    StruckWords "IN-273" Warning intake_cell;
    Attached "IN-274" Warning intake_cell;
    PictureCell "IN-275" Error intake_cell;
    TwoReadings "IN-281" Error intake_file;
    UnknownWriting "IN-282" Error intake_file;
    Late "IN-283" Warning intake_file;

    // LG: the ledger.
    SameName "LG-301" Warning ledger;
    VillageElsewhere "LG-302" Warning ledger;
    KindContradicts "LG-303" Warning ledger;

    // RC: reconciliation.
    Superseded "RC-401" Note ledger;
    DuplicateEntry "RC-402" Warning ledger;
    DeclaredDiffers "RC-403" Warning ledger;
    NotReporter "RC-404" Warning ledger;
    FormNotExpected "RC-405" Warning ledger;
    NotReturned "RC-406" Warning ledger;
    VersionUnclear "RC-407" Error ledger;
    MeasureSuspect "RC-408" Warning ledger;
    RowsLost "RC-409" Warning reconcile;
    LikelySame "RC-410" Warning reconcile;
    SidesDiffer "RC-411" Warning reconcile;
    GivenOnly "RC-412" Note reconcile;
    ReceivedOnly "RC-413" Note reconcile;
    FactsDiffer "RC-414" Warning reconcile;
    AmountOutlier "RC-415" Warning reconcile;
    EvidenceMissing "RC-416" Warning reconcile;
    NotAnswered "RC-417" Warning reconcile;
    ToldTogether "RC-420" Note reconcile;
    NotAllCompared "RC-421" Note reconcile;
    TargetsTwice "RC-422" Warning reconcile;
    RulingUnusable "RC-451" Error reconcile;
    RulingReopened "RC-452" Warning reconcile;
    RulingGone "RC-453" Note reconcile;
    RulingIdle "RC-454" Warning reconcile;
    RulingForeign "RC-455" Error reconcile;
}

impl Code {
    /// Title.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// The usual way to mend it.
    pub fn mend(self) -> &'static str {
        self.entry().mend
    }

    /// When it appears, what it costs and what was done with the value.
    pub fn help(self) -> &'static str {
        self.entry().help
    }

    /// Examples, one a line: what was typed, an arrow, what to write.
    pub fn example(self) -> &'static str {
        self.entry().example
    }

    /// The stage that it belongs to, in the user's words.
    pub fn stage(self) -> &'static str {
        match self.code().get(..2) {
            Some("PO") => "方案",
            Some("RO") => "名册",
            Some("IN") => "收到的表",
            Some("LG") => "台账",
            _ => "核对",
        }
    }

    /// The code that a person means, however it is spelt.
    ///
    /// ```
    /// use kaohe::diagnostic::Code;
    /// assert_eq!(Code::parse("in204"), Some(Code::MoneyText));
    /// assert_eq!(Code::parse("IN 204"), Some(Code::MoneyText));
    /// assert_eq!(Code::parse("IN-999"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Code> {
        let wanted = letters(text);
        let mut codes = Code::ALL.iter().copied();
        codes.find(|code| letters(code.code()) == wanted)
    }
}

/// Only letters and digits, half-width and in capitals.
fn letters(text: &str) -> String {
    crate::value::squeeze(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'d> Deserialize<'d> for Code {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        let known = Code::ALL.iter().find(|known| known.code() == code);
        known
            .copied()
            .ok_or_else(|| D::Error::custom("no such code"))
    }
}
