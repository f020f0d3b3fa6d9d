//! What a matter that the office rules may be about: one table.

use crate::diagnostic::Code;

macro_rules! topics {
    ($($(#[$doc:meta])* $name:ident: $letters:ident $key:literal $word:literal $code:ident,)*) => {
        /// What a matter is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Topic {
            $($(#[$doc])* $name,)*
        }

        impl Topic {
            /// In the user's words.
            pub fn word(self) -> &'static str {
                match self { $(Topic::$name => $word,)* }
            }

            /// As a key in JSON.
            pub fn key(self) -> &'static str {
                match self { $(Topic::$name => $key,)* }
            }

            /// The letters with which the identity of a matter begins.
            pub(super) fn letters(self) -> &'static str {
                match self { $(Topic::$name => stringify!($letters),)* }
            }

            /// The code of the finding about it.
            pub fn code(self) -> Code {
                match self { $(Topic::$name => Code::$code,)* }
            }
        }
    };
}

topics! {
    /// Several returns of a unit, none of which is plainly the latest.
    Version: BB "version" "版本不明" VersionUnclear,
    /// Amounts that look like 万元.
    Measure: JL "measure" "计量单位" MeasureSuspect,
    /// Two reports that may be one gift.
    LikelySame: YS "likely_same" "疑似重复" LikelySame,
    /// What was given and what was received do not agree.
    SidesDiffer: JE "sides_differ" "捐受不一致" SidesDiffer,
    /// One thing reported by two units, or with facts that contradict each other.
    FactsDiffer: SF "facts_differ" "说法不一" FactsDiffer,
    /// An amount far out of line.
    Outlier: YC "outlier" "金额异常" AmountOutlier,
    /// Given, and nobody received it.
    GivenOnly: JZ "given_only" "受援方未报" GivenOnly,
    /// Received, and nobody gave it.
    ReceivedOnly: SY "received_only" "捐助方未报" ReceivedOnly,
    /// The same entry twice, of which one counts by rule.
    SameEntry: CF "same_entry" "相同记录" DuplicateEntry,
    /// An entry that is struck through.
    Struck: SC "struck" "删除线" StruckThrough,
    /// A giver who bears a name of the roster, though he is said not to be on it.
    Giver: JR "giver" "捐助人不明" KindContradicts,
    /// An entry whose day lies outside the assessment period.
    OutsidePeriod: QW "outside_period" "考核期外" OutsidePeriod,
    /// Somebody of whom the list that asks for him says nothing. Last: there may
    /// be many, and no money hangs on them.
    Unanswered: WT "unanswered" "没有填报" NotAnswered,
}
