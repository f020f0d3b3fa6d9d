//! The words that may be written where only certain ones make sense.

use super::read::words;
use super::{Basis, FrontMoney, Missing, Prefill, RosterPart, Shape, Subject};

/// The word for the kind of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KindWord {
    Text,
    Code,
    Integer,
    Number,
    Money,
    Percent,
    Date,
    Choice,
    YesNo,
    Member,
    Village,
    Unit,
    UnitKind,
    Phone,
}

words! {
    KindWord {
        "text" => KindWord::Text,
        "code" => KindWord::Code,
        "integer" => KindWord::Integer,
        "number" => KindWord::Number,
        "money" => KindWord::Money,
        "percent" => KindWord::Percent,
        "date" => KindWord::Date,
        "choice" => KindWord::Choice,
        "yesno" => KindWord::YesNo,
        "member" => KindWord::Member,
        "village" => KindWord::Village,
        "unit" => KindWord::Unit,
        "unit_kind" => KindWord::UnitKind,
        "phone" => KindWord::Phone,
    }
    Basis {
        "plan" => Basis::Plan,
        "office-default" => Basis::OfficeDefault,
    }
    "每条规则都要写明依据：plan（方案原文）或 office-default（本办默认、待确认）。"
    FrontMoney {
        "元" => FrontMoney::Yuan,
        "万元" => FrontMoney::TenThousand,
    }
    Missing {
        "zero" => Missing::Zero,
        "not_applicable" => Missing::NotApplicable,
        "pending" => Missing::Pending,
        "none" => Missing::NotApplicable,
    }
    "单位没有报送、或算不出来时怎么办，每条规则都要写明：zero（按零）、not_applicable（不适用）或 pending（待定）；没有写明的规则不采用。"
    Shape {
        "table" => Shape::Table,
        "card" => Shape::Card,
    }
    Prefill {
        "blank" => Prefill::Blank,
        "unit" => Prefill::Unit,
        "members" => Prefill::Members,
        "villages" => Prefill::Villages,
    }
    RosterPart {
        "units" => RosterPart::Units,
        "members" => RosterPart::Members,
        "villages" => RosterPart::Villages,
    }
    Subject {
        "unit" => Subject::Unit,
        "member" => Subject::Member,
    }
}
