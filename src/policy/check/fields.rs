//! Fields: kinds, defaults, texts, bounds.

use indexmap::IndexMap;

use super::known::Once;
use super::{Pool, text};
use crate::diagnostic::Code;
use crate::policy::log::{At, Log, Text};
use crate::policy::read::Many;
use crate::policy::words::KindWord;
use crate::policy::written;
use crate::policy::{Choice, Field, Kind, Shape};

/// Widest column that Excel can show.
const WIDEST: u32 = 255;

/// The words of a yes/no field.
pub(super) const YES_NO: [&str; 2] = ["是", "否"];

/// Checks the fields of a form.
pub(super) fn check(
    fields: &Many<written::Field>,
    shape: Option<Shape>,
    pool: &Pool,
    log: &mut Log<'_>,
) -> IndexMap<String, Field> {
    let mut checked = IndexMap::new();
    let mut ids = Once::default();
    let mut headers = Headers::default();
    for field in &fields.items {
        text::id(log, &field.id, "栏的");
        headers.note(field, log);
        let read = self::field(field, shape, pool, log);
        if ids.note(log, &field.id, &field.id, "栏的代号") {
            checked.insert(field.id.value.clone(), read);
        }
    }
    checked
}

fn field(field: &written::Field, shape: Option<Shape>, pool: &Pool, log: &mut Log<'_>) -> Field {
    let kind = kind(field, pool, log);
    let measure = match &field.measure {
        Some(measure) => {
            text::short(log, measure, "计量单位");
            measure.value.clone()
        }
        None if kind == Kind::Money => "元".to_owned(),
        None => String::new(),
    };
    let checked = Field {
        id: field.id.value.clone(),
        header: field.header.value.clone(),
        aliases: field
            .aliases
            .iter()
            .flatten()
            .map(|alias| alias.value.clone())
            .collect(),
        required: field.required.unwrap_or_default(),
        required_if: field
            .required_if
            .as_ref()
            .map(|rule| (rule.field.value.clone(), rule.is.value.clone())),
        prefilled: field.prefilled.unwrap_or_default(),
        open: is_set(&field.open),
        total: is_set(&field.total),
        any_year: is_set(&field.any_year),
        in_period: in_period(field, shape, &kind),
        min: field.min.as_ref().map(|n| n.value),
        max: field.max.as_ref().map(|n| n.value),
        more_than: field.more_than.as_ref().map(|n| n.value),
        measure,
        width: width(field, &kind, log),
        help: field.help.value.clone(),
        example: field
            .example
            .as_ref()
            .map(|e| e.value.clone())
            .unwrap_or_default(),
        kind,
    };
    texts(field, &checked, log);
    fitting(field, &checked.kind, log);
    bounds(field, log);
    example(field, &checked.kind, pool, log);
    checked
}

fn is_set(flag: &Option<crate::policy::log::Mark<bool>>) -> bool {
    flag.as_ref().is_some_and(|flag| flag.value)
}

/// Whether the days of a field bind an entry to the assessment period: those of
/// a date field do, unless the pack says otherwise or allows any year. On a card they
/// say when it was filled in, which is after the period as often as not.
fn in_period(field: &written::Field, shape: Option<Shape>, kind: &Kind) -> bool {
    let said = field.in_period.as_ref().map(|flag| flag.value);
    let binds = !is_set(&field.any_year) && shape != Some(Shape::Card);
    *kind == Kind::Date && said.unwrap_or(binds)
}

fn kind(field: &written::Field, pool: &Pool, log: &mut Log<'_>) -> Kind {
    let word = field.kind.value;
    match (&field.choice, word) {
        (Some(choice), KindWord::Choice) => {
            pool.choices.find(log, choice, "选项");
        }
        (Some(choice), _) => {
            let message = "只有 kind = \"choice\" 的栏才能写 choice。";
            log.add(Code::PackMismatch, choice.at, message);
        }
        (None, KindWord::Choice) => {
            let message = "选项栏要用 choice 写明用哪一个选项。";
            log.add(Code::PackShape, field.kind.at, message);
        }
        (None, _) => {}
    }
    match word {
        KindWord::Text => Kind::Text,
        KindWord::Code => Kind::Code,
        KindWord::Integer => Kind::Integer,
        KindWord::Number => Kind::Number,
        KindWord::Money => Kind::Money,
        KindWord::Percent => Kind::Percent,
        KindWord::Date => Kind::Date,
        KindWord::Choice => Kind::Choice(
            field
                .choice
                .as_ref()
                .map(|choice| choice.value.clone())
                .unwrap_or_default(),
        ),
        KindWord::YesNo => Kind::YesNo,
        KindWord::Member => Kind::Member,
        KindWord::Village => Kind::Village,
        KindWord::Unit => Kind::Unit,
        KindWord::UnitKind => Kind::UnitKind,
        KindWord::Phone => Kind::Phone,
    }
}

fn width(field: &written::Field, kind: &Kind, log: &mut Log<'_>) -> u16 {
    let default = match kind {
        Kind::Text | Kind::UnitKind | Kind::Phone => 16,
        Kind::Integer | Kind::Percent | Kind::YesNo | Kind::Code => 9,
        Kind::Number | Kind::Member => 12,
        Kind::Money => 15,
        Kind::Date => 13,
        Kind::Choice(_) | Kind::Village => 14,
        Kind::Unit => 20,
    };
    let Some(width) = &field.width else {
        return default;
    };
    match u16::try_from(width.value) {
        Ok(value) if (1..=WIDEST).contains(&width.value) => value,
        _ => {
            let message = format!("栏宽应在1到{WIDEST}之间。");
            log.add(Code::PackValue, width.at, message);
            default
        }
    }
}

fn texts(field: &written::Field, checked: &Field, log: &mut Log<'_>) {
    text::line(log, &field.header, "栏名");
    let heading = text::length(&checked.heading());
    if text::length(&field.header) <= text::MOST {
        text::limit(log, &field.header, heading, text::MOST, "栏名连同计量单位");
    }
    for alias in field.aliases.iter().flatten() {
        text::line(log, alias, "栏的别名");
    }
    let prompt = text::length(&checked.help) + text::length(&checked.example);
    text::limit(log, &field.help, prompt, text::MOST, "填写提示连同例子");
}

/// Notes properties that the kind of the field cannot have.
fn fitting(field: &written::Field, kind: &Kind, log: &mut Log<'_>) {
    let mut refuse = |at: Option<At>, fits: bool, message: &str| {
        if let Some(at) = at
            && !fits
        {
            log.add(Code::PackMismatch, at, message);
        }
    };
    let set = |flag: &Option<crate::policy::log::Mark<bool>>| {
        flag.as_ref().filter(|flag| flag.value).map(|flag| flag.at)
    };
    let is_named = matches!(kind, Kind::Member | Kind::Village);
    refuse(
        set(&field.open),
        is_named,
        "只有人员栏（member）和村栏（village）才能写 open。",
    );
    let message = "只有数字栏（integer、number、money）才能写 total。";
    refuse(set(&field.total), is_summable(kind), message);
    let is_date = *kind == Kind::Date;
    refuse(
        set(&field.any_year),
        is_date,
        "只有日期栏（date）才能写 any_year。",
    );
    refuse(
        field.in_period.as_ref().map(|flag| flag.at),
        is_date,
        "只有日期栏（date）才能写 in_period。",
    );
    refuse(
        set(&field.in_period),
        !is_set(&field.any_year),
        "in_period = true 与 any_year = true 互相矛盾，只能写一个。",
    );
    for bound in [&field.min, &field.max, &field.more_than] {
        let at = bound.as_ref().map(|bound| bound.at);
        refuse(
            at,
            is_number(kind),
            "只有数字栏才能写 min、max、more_than。",
        );
    }
}

fn bounds(field: &written::Field, log: &mut Log<'_>) {
    let Some(max) = &field.max else {
        return;
    };
    if let Some(min) = &field.min
        && min.value > max.value
    {
        log.add(Code::PackValue, min.at, "最小值 min 大于最大值 max。");
    }
    if let Some(more_than) = &field.more_than
        && more_than.value >= max.value
    {
        let message = "more_than 不小于最大值 max，没有数能填。";
        log.add(Code::PackValue, more_than.at, message);
    }
}

/// The example of a field with a list must be on the list.
fn example(field: &written::Field, kind: &Kind, pool: &Pool, log: &mut Log<'_>) {
    let Some(example) = &field.example else {
        return;
    };
    let items: Option<Vec<&str>> = match kind {
        Kind::YesNo => Some(YES_NO.to_vec()),
        Kind::Choice(id) => pool.choices.get(id).map(choice_items),
        _ => None,
    };
    if let Some(items) = items
        && !items.contains(&example.as_str())
    {
        not_listed(log, example, &items, "例子");
    }
}

/// The items of a list.
pub(super) fn choice_items(choice: &Choice) -> Vec<&str> {
    choice.items.iter().map(String::as_str).collect()
}

/// Notes a text that is not on its list.
pub(super) fn not_listed(log: &mut Log<'_>, text: &Text, items: &[&str], what: &str) {
    let tail = crate::policy::log::hint(text, items.iter().copied());
    let message = format!("{what}“{}”不在这一栏的选项里{tail}", text.value);
    log.add(Code::PackValue, text.at, message);
}

/// Whether a sum over fields of this kind makes sense.
pub(super) fn is_summable(kind: &Kind) -> bool {
    matches!(kind, Kind::Money | Kind::Integer | Kind::Number)
}

/// Whether the values are numbers.
pub(super) fn is_number(kind: &Kind) -> bool {
    is_summable(kind) || *kind == Kind::Percent
}

/// Headers and aliases, by which the reader finds the columns.
#[derive(Default)]
struct Headers {
    seen: std::collections::HashMap<String, (String, At)>,
}

impl Headers {
    fn note(&mut self, field: &written::Field, log: &mut Log<'_>) {
        let aliases = field.aliases.iter().flatten();
        for header in std::iter::once(&field.header).chain(aliases) {
            let bare = text::bare(header);
            match self.seen.get(&bare) {
                Some((id, _)) if *id == field.id.value => {}
                Some((_, first)) => super::known::twice(log, header, "栏名或别名", *first),
                None => {
                    let owner = (field.id.value.clone(), header.at);
                    self.seen.insert(bare, owner);
                }
            }
        }
    }
}
