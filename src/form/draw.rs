//! An empty or prefilled form as a sheet: titles, headers, totals, drop-downs
//! and checks with words for the clerk.

use indexmap::IndexMap;
use rust_decimal::prelude::ToPrimitive;

use super::layout::Layout;
use super::lists::Lists;
use crate::policy::{Condition, Declared, Field, Form, Kind, Policy, Shape, Test};
use crate::sheet::{Area, Content, Look, Rule, Scalar, Sheet, Style, Validation};
use crate::value::Value;

/// What a form is drawn with.
#[derive(Debug, Clone, Default)]
pub struct Prefilled {
    /// Left part of the line below the title.
    pub subtitle: String,
    /// Right part of the line below the title.
    pub subtitle_right: String,
    /// Entries that stand in it already: field id to value.
    pub rows: Vec<IndexMap<String, Value>>,
    /// Empty rows below them.
    pub spare_rows: u32,
    /// Lines below a card.
    pub closing: Vec<String>,
    /// The roster is edited freely; a unit's form is locked but for its input.
    pub free: bool,
}

/// Draws a list that the office itself keeps; the footer says to what it belongs.
pub fn draw_own(
    form: &Form,
    rows: Vec<IndexMap<String, Value>>,
    lists: &Lists,
    policy: &Policy,
    belongs_to: &str,
) -> Sheet {
    let filled = Prefilled {
        subtitle: policy.pack.office.clone(),
        subtitle_right: format!("{}年度", policy.pack.year),
        rows,
        spare_rows: form.spare_rows,
        closing: Vec::new(),
        free: true,
    };
    let mut sheet = draw(form, &filled, lists, policy);
    sheet.page.footer_left = belongs_to.to_owned();
    sheet.page.footer_right = form.sheet.clone();
    sheet
}

/// Draws a form.
pub fn draw(form: &Form, filled: &Prefilled, lists: &Lists, policy: &Policy) -> Sheet {
    let layout = Layout::new(form, filled.rows.len() as u32 + filled.spare_rows);
    let mut sheet = Sheet::new(&form.sheet);
    sheet.protected = !filled.free;
    sheet.banner(layout.title(), &form.title, Look::Title.into());
    sheet.banner(layout.subtitle(), &filled.subtitle, Look::Subtitle.into());
    let right = layout.subtitle_right();
    sheet.banner(right, &filled.subtitle_right, Look::SubtitleRight.into());
    sheet.banner(layout.guide(), guide(form), Look::Note.into());
    for (row, height) in layout.heights() {
        sheet.heights.insert(row, height);
    }
    sheet.freeze = Some(layout.freeze());
    sheet.page.repeat_rows = layout.repeat_rows();
    sheet.page.footer_left = "填报人：          审核人：".to_owned();
    sheet.page.footer_right = "填报日期：        （单位盖章）".to_owned();
    match form.shape {
        Shape::Table => draw_table(&mut sheet, form, &layout, filled, policy),
        Shape::Card => draw_card(&mut sheet, form, &layout, filled),
    }
    for field in form.fields.values() {
        let area = match filled.free {
            true => layout.area(field),
            false => layout.reach(field),
        };
        sheet
            .validations
            .extend(validation(field, area, lists, policy, filled.free));
    }
    sheet
}

fn guide(form: &Form) -> String {
    format!("{}（带*的为必填）", form.guide)
}

fn heading(field: &Field) -> String {
    let mark = if field.required { "*" } else { "" };
    format!("{}{mark}", field.heading())
}

fn draw_table(
    sheet: &mut Sheet,
    form: &Form,
    layout: &Layout<'_>,
    filled: &Prefilled,
    policy: &Policy,
) {
    sheet.text(layout.number_header(), "序号", Look::Header.into());
    sheet.widths.insert(layout.number_header().column, 6.0);
    if !filled.free {
        below(sheet, form, layout);
    }
    let first_total = form.fields.values().find(|field| field.total);
    if let Some(field) = first_total {
        sheet.text(
            layout.total_label(field),
            "合计",
            Style::new(Look::Centre).total(),
        );
    }
    for field in form.fields.values() {
        let header = layout.header(field);
        let look = if field.required {
            Look::HeaderRequired
        } else {
            Look::Header
        };
        sheet.text(header, heading(field), look.into());
        sheet.widths.insert(header.column, f64::from(field.width));
        if field.total {
            let text = format!("SUM({})", layout.reach(field).name());
            sheet.put(
                layout.total(field),
                sum(text, field, &[], filled),
                Style::new(Look::Money).total(),
            );
        }
    }
    parts_of_totals(sheet, form, layout, filled, policy);
    // In their order, which is the quickest. The rows of a unit's form are there when
    // they are filled in: blank ones would print.
    let rows = match filled.free {
        true => layout.rows(),
        false => filled.rows.len() as u32,
    };
    for entry in 0..rows {
        let number = Content::Number((entry + 1).into());
        sheet.put(layout.number(entry), number, Look::Centre.into());
        let row = filled.rows.get(entry as usize);
        for (field, cell) in layout.entry(entry) {
            let value = row.and_then(|row| row.get(&field.id));
            let style = cell_style(field, filled.free, value.is_some());
            sheet.put(cell, content(value), style);
        }
    }
}

/// The rows of a unit's form that are not filled in yet, however many: columns that
/// look like them. What stands above keeps a look of its own, and stays locked.
fn below(sheet: &mut Sheet, form: &Form, layout: &Layout<'_>) {
    for cell in layout.totals() {
        sheet.put(cell, Content::Blank, Look::Note.into());
    }
    let number = layout.number_header().column;
    sheet
        .columns
        .insert(number, Style::new(Look::Centre).open());
    for field in form.fields.values() {
        let style = cell_style(field, false, false);
        sheet.columns.insert(layout.header(field).column, style);
    }
    sheet.filter = layout.filter();
}

/// Beside the total of all rows those that the cover asks for, each by itself.
fn parts_of_totals(
    sheet: &mut Sheet,
    form: &Form,
    layout: &Layout<'_>,
    filled: &Prefilled,
    policy: &Policy,
) {
    let own = |rule: &&Declared| rule.form == form.id && !rule.conditions.is_empty();
    for (number, rule) in (0..).zip(policy.reconcile.declared.iter().filter(own)) {
        let Some((label, at)) = layout.part_of_total(number) else {
            return;
        };
        let (Some(field), Some(criteria)) = (
            form.fields.get(&rule.amount),
            criteria(&rule.conditions, form, layout),
        ) else {
            continue;
        };
        let name = part_name(rule, policy);
        sheet.text(label, name, Style::new(Look::Centre).total());
        let text = format!("SUMIFS({},{criteria})", layout.reach(field).name());
        let style = Style::new(Look::Money).total();
        sheet.put(at, sum(text, field, &rule.conditions, filled), style);
    }
}

/// What a part of a total is called: by what was chosen in its rows, else as on the
/// cover.
pub fn part_name(rule: &Declared, policy: &Policy) -> String {
    let chosen = |condition: &Condition| match &condition.test {
        Test::Is { text, .. } => Some(text.clone()),
        _ => None,
    };
    let chosen: Option<Vec<String>> = rule.conditions.iter().map(chosen).collect();
    let on_cover = || {
        let field = policy.cover()?.fields.get(&rule.field)?;
        Some(field.header.clone())
    };
    match chosen {
        Some(chosen) if !chosen.is_empty() => format!("{}合计", chosen.join("、")),
        _ => on_cover().unwrap_or_default(),
    }
}

/// Conditions as criteria of SUMIFS.
fn criteria(conditions: &[Condition], form: &Form, layout: &Layout<'_>) -> Option<String> {
    let criterion = |condition: &Condition| {
        let (id, criterion) = match &condition.test {
            Test::Is { field, text } => (field, text.replace('"', "\"\"")),
            Test::Number {
                field,
                operator,
                value,
            } => (field, format!("{}{}", operator.sign(), value.normalize())),
            Test::Complete => return None,
        };
        let area = layout.reach(form.fields.get(id)?).name();
        Some(format!("{area},\"{criterion}\""))
    };
    let criteria: Option<Vec<String>> = conditions.iter().map(criterion).collect();
    Some(criteria?.join(","))
}

/// The sum of a field over the rows for which conditions hold.
fn sum(text: String, field: &Field, conditions: &[Condition], filled: &Prefilled) -> Content {
    let holds = |row: &&IndexMap<String, Value>| {
        let mut conditions = conditions.iter();
        conditions.all(|condition| condition.holds(&[], |id| row.get(id)))
    };
    let rows = filled.rows.iter().filter(holds);
    let result = rows.filter_map(|row| row.get(&field.id)?.number()).sum();
    Content::Formula {
        text,
        result: Scalar::Number(result),
    }
}

fn draw_card(sheet: &mut Sheet, form: &Form, layout: &Layout<'_>, filled: &Prefilled) {
    let row = filled.rows.first();
    for field in form.fields.values() {
        let header = layout.header(field);
        sheet.text(header, heading(field), Look::Label.into());
        sheet.heights.insert(header.row, 30.0);
        let value = row.and_then(|row| row.get(&field.id));
        let style = cell_style(field, filled.free, value.is_some());
        sheet.put(layout.cell(field, 0), content(value), style);
        let help = layout.help(field);
        sheet.text(help, &field.help, Look::Note.into());
        sheet.widths.insert(header.column, 26.0);
        sheet.widths.insert(layout.cell(field, 0).column, 36.0);
        sheet.widths.insert(help.column, 60.0);
    }
    for (line, text) in filled.closing.iter().enumerate() {
        let area = layout.below(line as u32);
        sheet.banner(area, text, Look::Subtitle.into());
        sheet.heights.insert(area.first.row, 26.0);
    }
}

fn content(value: Option<&Value>) -> Content {
    match value {
        None => Content::Blank,
        Some(Value::Text(text)) => Content::Text(text.to_string()),
        Some(Value::Number(number)) => Content::Number(*number),
        Some(Value::Date(date)) => Content::Date(*date),
    }
}

fn cell_style(field: &Field, free: bool, has_value: bool) -> Style {
    let look = match field.kind {
        Kind::Money => Look::Money,
        Kind::Integer => Look::Integer,
        Kind::Number => Look::Number,
        Kind::Percent => Look::Percent,
        Kind::Date => Look::Date,
        Kind::YesNo => Look::Centre,
        _ => Look::Text,
    };
    let locked = field.prefilled && has_value && !free;
    if locked {
        // A year bears no thousands separator.
        Style::new(match look {
            Look::Integer => Look::Text,
            look => look,
        })
    } else {
        Style::new(look).input()
    }
}

/// The check on a field's cells. A cell that the roster knows only in part
/// (an open name) warns and lets pass.
fn validation(
    field: &Field,
    area: Area,
    lists: &Lists,
    policy: &Policy,
    free: bool,
) -> Option<Validation> {
    let rule = match &field.kind {
        Kind::Choice(_)
        | Kind::YesNo
        | Kind::UnitKind
        | Kind::Village
        | Kind::Member
        | Kind::Unit => match lists.area(field) {
            Some((sheet, area)) => Rule::ListRange { sheet, area },
            None => Rule::Any,
        },
        Kind::Money | Kind::Number | Kind::Percent => Rule::Decimal {
            min: field.min.or(field.more_than),
            max: field.max,
        },
        Kind::Integer => Rule::Whole {
            min: field.min.and_then(|n| n.to_i64()),
            max: field.max.and_then(|n| n.to_i64()),
        },
        Kind::Date if !field.in_period => {
            let (from, to) = field.possible_days(&policy.pack);
            Rule::Date { from, to }
        }
        Kind::Date => Rule::Date {
            from: policy.pack.period_from,
            to: policy.pack.period_to,
        },
        Kind::Text | Kind::Code | Kind::Phone => Rule::Any,
    };
    let example = if field.example.is_empty() {
        String::new()
    } else {
        format!("\n例：{}", field.example)
    };
    let named = matches!(field.kind, Kind::Member | Kind::Village | Kind::Unit);
    let warn_only = named || free;
    let error = match (&field.kind, warn_only) {
        (Kind::Date, _) => format!("请填日期，写成年-月-日。{example}"),
        (Kind::Money, _) => format!("请只填一个数，单位是元，不写“万”。{example}"),
        (Kind::Percent, _) => format!("请填百分数，在0%到100%之间。{example}"),
        (Kind::Integer, _) => format!("请填整数，不写文字。{example}"),
        (Kind::Number, _) => format!("请只填一个数，不写文字。{example}"),
        (Kind::Village, _) if field.open => {
            "帮扶村名册上没有这个村。不是帮扶村的，核对村名后可以继续。".to_owned()
        }
        _ if named => "名册上没有这个名称。请核对写法；确认无误可以继续。".to_owned(),
        (Kind::Choice(_) | Kind::YesNo | Kind::UnitKind, _) => {
            "请从下拉列表里选择一项。".to_owned()
        }
        _ => format!("填写的内容不合要求。{}{example}", field.help),
    };
    Some(Validation {
        area,
        rule,
        prompt_title: field.heading(),
        prompt: format!("{}{example}", field.help),
        error_title: "填写有误".to_owned(),
        error,
        warn_only,
    })
}
