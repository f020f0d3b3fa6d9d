//! What is said about a cell of a form: how it was understood, or why it
//! could not be.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::fault::Fault;
use super::page::Context;
use super::words::Resolved;
use crate::diagnostic::{Code, Finding, Place, some};
use crate::policy::{Field, Form, Kind, Policy};
use crate::value::{Meaning, NoAmount, NoDay, Reading, Value, parse_date_within};

pub(super) fn empty_required(form: &Form, field: &Field, place: Place) -> Finding {
    if field.kind == Kind::YesNo && form.lists_subjects() {
        let message = format!("“{}”空着，不知道是“是”还是“否”", field.header);
        return Finding::new(Code::AnswerEmpty, place, message);
    }
    if field.kind == Kind::YesNo {
        let message = format!("“{}”空着，按“否”计", field.header);
        return Finding::new(Code::YesNoEmpty, place, message).taken("否");
    }
    let message = format!("“{}”是必填栏，没有填", field.header);
    let finding = Finding::new(Code::RequiredEmpty, place, message);
    if field.example.is_empty() {
        finding
    } else {
        finding.mend(format!("补填这一格，例如 {}", field.example))
    }
}

/// A required field that was filled with what says nothing.
pub(super) fn placeholder(field: &Field, place: Place, typed: &str) -> Finding {
    let message = format!("“{}”是必填栏，写的“{typed}”等于没有填", field.header);
    let finding = Finding::new(Code::Placeholder, place, message).typed(typed);
    let example = &field.example;
    // XX村 is just what must not be written.
    if example.is_empty() || example.contains("XX") {
        return finding;
    }
    finding.mend(format!(
        "照实填写这一格，例如 {example}；没有这件事的，清空这一行。"
    ))
}

pub(super) fn interpretation(
    field: &Field,
    place: Place,
    typed: &str,
    reading: &Reading<Value>,
    context: &Context<'_>,
) -> Finding {
    let Reading { value, meaning } = reading;
    let taken = match (&field.kind, value) {
        (Kind::Money, Value::Number(n)) => format!("{}元", crate::value::money(*n)),
        (Kind::Percent, Value::Number(n)) => {
            format!("{}%", (n * rust_decimal::Decimal::ONE_HUNDRED).normalize())
        }
        _ => value.to_string(),
    };
    let code = match meaning {
        Meaning::Scaled => Code::MoneyScaled,
        Meaning::Numeral => Code::NumeralTaken,
        Meaning::YearAssumed => Code::YearAssumed,
        Meaning::Damaged => Code::NumberDamaged,
        Meaning::NearName => Code::NameNear,
        Meaning::Unreadable => Code::NameUnreadable,
        Meaning::Ditto => Code::DittoTaken,
        Meaning::Unlisted => Code::VillageUnlisted,
        Meaning::DayInText => return day_in_text(place, typed, value),
        Meaning::Plain | Meaning::Spelling => Code::Interpreted,
    };
    let finding = Finding::new(code, place, code.title());
    let finding = finding.typed(typed).taken(taken);
    let near = match (meaning, context.names) {
        (Meaning::NearName, Some(names)) => match field.kind {
            Kind::Village => names.village(&value.to_string()),
            _ => names.member(&value.to_string()),
        },
        _ => return finding,
    };
    match near {
        Resolved::Unknown(near) => {
            let mut finding = finding.mend(asks(&near));
            finding.message = format!("{}；现在按名册以外的计，没有记到它名下", code.title());
            finding
        }
        _ => finding,
    }
}

/// A day in a cell for text, with what was probably typed.
fn day_in_text(place: Place, typed: &str, value: &Value) -> Finding {
    let code = Code::DayInText;
    let day: Option<Date> = value.text().and_then(|text| text.parse().ok());
    let finding = Finding::new(code, place, code.title());
    let finding = finding.typed(typed).taken(value.to_string());
    let Some(day) = day else {
        return finding;
    };
    let (year, month) = (day.year(), day.month());
    let likely = match day.day() {
        // A year and a month are taken for their first day.
        1 => format!("“{year}-{month}”或“{month}-1”"),
        day => format!("“{month}-{day}”"),
    };
    finding.mend(format!(
        "像是写了{likely}，被表格软件变成了日期。把格子设成文本格式，重新填写；本来就要写日期的，不用改。"
    ))
}

/// Whether one of the names that look alike was meant.
fn asks(near: &[String]) -> String {
    let names: Vec<String> = near.iter().map(|name| format!("“{name}”")).collect();
    format!(
        "是不是{}？从下拉列表选择，或与名册核对写法。",
        names.join("、")
    )
}

pub(super) fn faulty(field: &Field, fault: &Fault, place: Place, policy: &Policy) -> Finding {
    let code = match fault {
        Fault::Money(_) => Code::MoneyText,
        Fault::TooManyDecimals => Code::MoneyDecimals,
        Fault::Number(_) | Fault::Fraction => Code::NumberText,
        Fault::Bounds => Code::OutOfBounds,
        Fault::Date(_) => Code::DateText,
        Fault::FarDay { .. } => Code::DateFar,
        Fault::Choice(_) => Code::ChoiceUnknown,
        Fault::YesNo => Code::YesNoText,
        Fault::Name(_) | Fault::SameName | Fault::Namesakes(_) | Fault::NoName => Code::NameUnknown,
        Fault::Ditto => Code::Ditto,
        Fault::Several(_) => Code::SeveralNames,
        Fault::Code => Code::CodeText,
        Fault::ErrorCell | Fault::NoResult => Code::ErrorCell,
        Fault::Picture => Code::PictureCell,
        Fault::NotPlain => Code::NotPlain,
        Fault::Format(_) => Code::FormatMeasure,
        Fault::Phone | Fault::PhoneLost => Code::PhoneText,
        Fault::TooLong => Code::TextTooLong,
    };
    let message = message(code, field, fault);
    let mend = mend(field, fault, policy);
    // What a field that may stay empty says wrongly costs that cell, not the row.
    let (code, message) = if field.required {
        (code, message)
    } else {
        (Code::OptionalIgnored, format!("{message}，此格未采用"))
    };
    let finding = Finding::new(code, place, message);
    match mend {
        Some(mend) => finding.mend(mend),
        None => finding,
    }
}

/// What is wrong, in one sentence.
fn message(code: Code, field: &Field, fault: &Fault) -> String {
    let title = code.title();
    let why = match fault {
        Fault::Bounds => return format!("{title}{}", bounds_text(field)),
        Fault::Fraction => "要填整数，写的却有小数",
        Fault::SameName => "名册上有几个人叫这个名字，分不清是谁",
        Fault::Namesakes(_) => return "几个乡镇都有叫这个名字的村，分不清是哪一个".to_owned(),
        Fault::NoName => {
            return "这里要写姓名或名称，写的却是一条线、一个点，或“无”一类的字".to_owned();
        }
        Fault::PhoneLost => "号码变成了科学记数，后几位已经看不出",
        Fault::Money(why) | Fault::Number(why) => match why {
            NoAmount::Range => "写的是一个范围",
            NoAmount::Estimate => "写的是大概的数",
            NoAmount::Several => "一格写了几个数，或一个算式",
            NoAmount::Ambiguous => "没有写全，可以有两种理解",
            NoAmount::Grouping => "逗号不在千位上，分不清是一个数还是几个数",
            NoAmount::Scientific => "写成了科学记数，后几位可能已经丢失",
            NoAmount::Words => "不是一个数，或数以外还有文字",
        },
        Fault::Date(why) => match why {
            NoDay::NotInCalendar => "没有这一天",
            NoDay::MonthOnly => "只有年月，没有日",
            NoDay::ShortYear => "年份只写了两位",
            NoDay::NoYear => "没有写年份",
            NoDay::Range => "写的是一段时间，或几个日期",
            NoDay::Words => return title.to_owned(),
        },
        Fault::Format(by) => {
            return format!(
                "数字格式是“{}”，显示的与存的不是一个数，分不清是多少",
                by.format
            );
        }
        Fault::FarDay { day, number } => return far_day(*day, *number),
        Fault::NoResult => return "公式的结果没有存在文件里，读不出数".to_owned(),
        Fault::Several(names) => return format!("{title}：{}", some(names, "、", "个")),
        _ => return title.to_owned(),
    };
    format!("{title}：{why}")
}

/// A day that nobody can have meant, with the number that was typed where it is
/// the number of that day.
fn far_day(day: Date, number: Option<Decimal>) -> String {
    match number {
        Some(number) => {
            format!("像是把“{number}”打进了日期格，表格软件把它当成了 {day}")
        }
        None => format!("{day} 离考核年度太远，像是年份打错了"),
    }
}

/// The day of the assessment period that a number such as 3.9 says, where it can
/// be only one: 3.1 may be the first of the month or the tenth.
fn likely_day(number: Decimal, policy: &Policy) -> Option<Date> {
    let text = number.normalize().to_string();
    let (month, day) = text.split_once('.')?;
    if matches!(day, "1" | "2" | "3") {
        return None;
    }
    let text = format!("{month}月{day}日");
    let (from, to) = (policy.pack.period_from, policy.pack.period_to);
    Some(parse_date_within(&text, from, to).ok()?.value)
}

/// How to mend it, where there is more to say than the catalogue does.
fn mend(field: &Field, fault: &Fault, policy: &Policy) -> Option<String> {
    let example = (!field.example.is_empty()).then_some(field.example.as_str());
    Some(match fault {
        Fault::Choice(near) => {
            let items = match &field.kind {
                Kind::Choice(id) => policy.choices.get(id)?.items.join("、"),
                _ => return None,
            };
            match near {
                Some(near) => format!("是不是“{near}”？改为其中一项：{items}"),
                None => format!("改为其中一项：{items}"),
            }
        }
        Fault::Name(near) if !near.is_empty() => asks(near),
        Fault::NoResult => "用 WPS 或 Excel 打开文件，保存一次再报；或者直接填写结果。".to_owned(),
        Fault::FarDay { number, .. } => {
            let (from, to) = field.possible_days(&policy.pack);
            let likely = number.and_then(|number| likely_day(number, policy));
            match likely {
                Some(day) => format!("写全年-月-日；要写的是不是 {day}？"),
                None => format!("写全年-月-日，在 {from} 至 {to} 之间。"),
            }
        }
        Fault::Date(NoDay::MonthOnly) => "写成年-月-日；只记得月份的，填当月1日。".to_owned(),
        Fault::Date(NoDay::Range) => "只填一个日期，写成年-月-日；跨几天的，填第一天。".to_owned(),
        Fault::Money(why) => {
            let first = match why {
                NoAmount::Range | NoAmount::Estimate => "填准确的一个数",
                NoAmount::Several => "算出一个数填这里，或分成几行填",
                NoAmount::Ambiguous | NoAmount::Grouping | NoAmount::Scientific => {
                    "重新填完整的一个数，不写逗号和“万”"
                }
                NoAmount::Words => "只填一个数，说明写到别的栏",
            };
            format!("{first}，单位为元，例如 {}", example.unwrap_or("50000"))
        }
        Fault::Format(_) => {
            let measure = match (&field.kind, field.measure.as_str()) {
                (Kind::Money, _) => "元",
                (_, measure) => measure,
            };
            let by = match measure {
                "" => "填".to_owned(),
                measure => format!("以{measure}为单位填"),
            };
            format!("把单元格格式改成“常规”，{by}实际的数，例如 {}", example?)
        }
        Fault::Number(_) | Fault::Fraction => {
            let measure = match field.measure.as_str() {
                "" => String::new(),
                measure => format!("，单位为{measure}"),
            };
            format!("只填一个数{measure}，例如 {}", example?)
        }
        Fault::SameName => "在姓名后面写明区别，并请县政协办在名册里加上。".to_owned(),
        Fault::Namesakes(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
            format!("在村名后面写明乡镇：{}。", names.join("或"))
        }
        Fault::NoName => match field.required {
            true => format!(
                "写明是谁；说不出姓名的，写清来源{}",
                match example {
                    Some(example) => format!("，例如 {example}"),
                    None => String::new(),
                }
            ),
            false => "没有的，就让这一格空着。".to_owned(),
        },
        Fault::Several(names) => format!("一行只写一个；分成{}行填。", names.len()),
        _ => return None,
    })
}

fn bounds_text(field: &Field) -> String {
    let mut parts = Vec::new();
    if field.kind == Kind::Percent {
        return "（应在0%到100%之间）".to_owned();
    }
    if let Some(min) = field.min {
        parts.push(format!("不小于{min}"));
    }
    if let Some(least) = field.more_than {
        parts.push(format!("大于{least}"));
    }
    if let Some(max) = field.max {
        parts.push(format!("不大于{max}"));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!("（应{}）", parts.join("、"))
    }
}
