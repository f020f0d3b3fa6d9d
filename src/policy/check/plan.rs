//! Head, clauses, blocks, kinds of units and lists of choices.

use std::collections::HashMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::known::{Known, Once};
use super::{Pool, text};
use crate::diagnostic::Code;
use crate::policy::log::{Log, Mark, Text};
use crate::policy::parse::{PLAN, Written};
use crate::policy::written::{self, PlanFile};
use crate::policy::{Block, CPPCC_MEMBER, Choice, Clause, Pack, UnitKind};

/// Most decimals of a score.
const MOST_DECIMALS: u32 = 4;

/// Checks `plan.toml`.
pub(super) fn check(written: &Written, log: &mut Log<'_>) -> Pool {
    let plan = written.plan.as_ref();
    let mut pool = Pool {
        clauses: Known::of(plan.map(|p| &p.clause)),
        blocks: Known::of(plan.map(|p| &p.block)),
        kinds: Known::of(plan.map(|p| &p.unit_kind)),
        choices: Known::of(plan.map(|p| &p.choice)),
        forms: Known::default(),
        metrics: Known::default(),
        pack: None,
    };
    let Some(plan) = plan else {
        return pool;
    };
    for clause in &plan.clause.items {
        text::clause_id(log, &clause.id);
        text::line(log, &clause.heading, "条款标题");
        text::short(log, &clause.gist, "条款摘要");
        let checked = Clause {
            id: clause.id.value.clone(),
            heading: clause.heading.value.clone(),
            gist: clause.gist.value.clone(),
        };
        pool.clauses.add(log, &clause.id, "条款", Some(checked));
    }
    pool.pack = plan.pack.0.as_ref().and_then(|p| pack(p, &pool, log));
    blocks(plan, &mut pool, log);
    kinds(plan, &mut pool, log);
    for choice in &plan.choice.items {
        let checked = self::choice(choice, plan, &pool, log);
        pool.choices.add(log, &choice.id, "选项", Some(checked));
    }
    needed_choices(&pool, plan, log);
    pool
}

fn pack(pack: &written::Pack, pool: &Pool, log: &mut Log<'_>) -> Option<Pack> {
    if pack.id.is_empty()
        || !pack
            .id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    {
        let message = "方案代号只能用英文字母、数字和短横线，如 anhua-2018。";
        log.add(Code::PackName, pack.id.at, message);
    }
    for (field, what) in [
        (&pack.version, "方案版本"),
        (&pack.title, "考核标题"),
        (&pack.document, "文号"),
        (&pack.office, "考核办公室名称"),
    ] {
        text::line(log, field, what);
    }
    let full_mark_clause = pool.cite(log, &pack.full_mark_clause);
    let year = i16::try_from(pack.year.value)
        .ok()
        .filter(|year| (1900..=9999).contains(year));
    if year.is_none() {
        log.add(
            Code::PackValue,
            pack.year.at,
            "考核年度应是四位数的年份，如 2018。",
        );
    }
    period(pack, year, log);
    if pack.round.value == 0 {
        log.add(Code::PackValue, pack.round.at, "报送轮次从1起。");
    }
    if pack.full_mark.value <= Decimal::ZERO {
        log.add(Code::PackValue, pack.full_mark.at, "总分应大于0。");
    }
    if pack.score_decimals.value > MOST_DECIMALS {
        let message = format!("得分的小数位数应在0到{MOST_DECIMALS}之间。");
        log.add(Code::PackValue, pack.score_decimals.at, message);
    }
    Some(Pack {
        id: pack.id.value.clone(),
        version: pack.version.value.clone(),
        title: pack.title.value.clone(),
        document: pack.document.value.clone(),
        office: pack.office.value.clone(),
        year: year?,
        period_from: pack.period_from.value,
        period_to: pack.period_to.value,
        round: pack.round.value,
        full_mark: pack.full_mark.value,
        full_mark_clause,
        score_decimals: pack.score_decimals.value,
        front_money: pack.front_money.unwrap_or_default(),
    })
}

fn period(pack: &written::Pack, year: Option<i16>, log: &mut Log<'_>) {
    if pack.period_from.value > pack.period_to.value {
        let message = "考核期的起始日期晚于截止日期。";
        log.add(Code::PackValue, pack.period_from.at, message);
    }
    let Some(year) = year else {
        return;
    };
    let ends: [(&Mark<Date>, &str); 2] = [(&pack.period_from, "起始"), (&pack.period_to, "截止")];
    for (date, what) in ends {
        if date.year() != year {
            let message = format!("考核期的{what}日期 {} 不在考核年度{year}年内。", date.value);
            log.add(Code::PackValue, date.at, message);
        }
    }
}

fn blocks(plan: &PlanFile, pool: &mut Pool, log: &mut Log<'_>) {
    let mut names = Once::default();
    for block in &plan.block.items {
        text::id(log, &block.id, "板块");
        if text::criterion(log, &block.name, "板块名称") {
            names.note(log, &block.name, &block.name, "板块名称");
        }
        text::line(log, &block.lead, "牵头领导");
        let checked = Block {
            id: block.id.value.clone(),
            name: block.name.value.clone(),
            lead: block.lead.value.clone(),
            clause: pool.cite(log, &block.clause),
        };
        pool.blocks.add(log, &block.id, "板块", Some(checked));
    }
}

fn kinds(plan: &PlanFile, pool: &mut Pool, log: &mut Log<'_>) {
    let mut names = Once::default();
    for kind in &plan.unit_kind.items {
        text::id(log, &kind.id, "单位类型");
        if text::criterion(log, &kind.name, "单位类型名称") {
            names.note(log, &kind.name, &kind.name, "单位类型名称");
        }
        pool.blocks.find(log, &kind.block, "板块");
        let checked = UnitKind {
            id: kind.id.value.clone(),
            name: kind.name.value.clone(),
            block: kind.block.value.clone(),
            clauses: pool.cite_all(log, &kind.clauses),
        };
        pool.kinds.add(log, &kind.id, "单位类型", Some(checked));
    }
}

fn choice(choice: &written::Choice, plan: &PlanFile, pool: &Pool, log: &mut Log<'_>) -> Choice {
    text::id(log, &choice.id, "选项");
    text::line(log, &choice.name, "选项名称");
    let mut items = Once::default();
    for item in &choice.items.value {
        if text::criterion(log, item, "选项") {
            items.note(log, item, item, "选项");
        }
    }
    if choice.items.is_empty() {
        log.add(Code::PackValue, choice.items.at, "至少要有一个选项。");
    }
    let standard: Vec<&str> = choice.items.iter().map(|i| i.as_str()).collect();
    let has_no = format!("选项“{}”里没有", choice.name.value);
    let mut seen: HashMap<&str, &Text> = HashMap::new();
    let mut aliases = Vec::new();
    for pair in choice.aliases.iter().flatten() {
        let [typed, meant] = pair.value.as_slice() else {
            let message = "每一对应写成 [\"别的写法\", \"标准写法\"]。";
            log.add(Code::PackShape, pair.at, message);
            continue;
        };
        text::line(log, typed, "别的写法");
        if !standard.contains(&meant.as_str()) {
            log.unknown(meant, standard.iter().copied(), &has_no, "");
        }
        if standard.contains(&typed.as_str()) && typed.value != meant.value {
            let message = format!("“{}”本身就是选项，不能再当作别的写法。", typed.value);
            log.add(Code::PackDuplicateId, typed.at, message);
        } else if let Some(first) = seen.get(typed.as_str()) {
            super::known::twice(log, typed, "别的写法", first.at);
        }
        seen.insert(typed, typed);
        aliases.push((typed.value.clone(), meant.value.clone()));
    }
    // Where it is not said, the roster's own categories.
    let categories = plan
        .choice
        .items
        .iter()
        .find(|c| c.id.value == "member_category");
    let categories = categories.map_or(&[][..], |c| c.items.value.as_slice());
    let is_category = |item: &&&str| categories.iter().any(|own| own.value == **item);
    let on_roster: Vec<String> = match &choice.on_roster {
        None => standard
            .iter()
            .filter(is_category)
            .map(|item| (*item).to_owned())
            .collect(),
        Some(items) => items.iter().map(|item| item.value.clone()).collect(),
    };
    for item in choice.on_roster.iter().flatten() {
        if !standard.contains(&item.as_str()) {
            log.unknown(item, standard.iter().copied(), &has_no, "");
        }
    }
    Choice {
        id: choice.id.value.clone(),
        name: choice.name.value.clone(),
        clauses: pool.cite_all(log, &choice.clauses),
        items: choice.items.iter().map(|item| item.value.clone()).collect(),
        aliases,
        on_roster,
    }
}

/// The lists that the program itself relies on.
fn needed_choices(pool: &Pool, plan: &PlanFile, log: &mut Log<'_>) {
    for id in ["member_category", "village_class"] {
        if !pool.choices.may_have(id) {
            let message = format!("缺少代号为“{id}”的选项，名册要用它。");
            log.add_file(Code::PackUnknownId, PLAN, message);
        }
    }
    let category = plan
        .choice
        .items
        .iter()
        .find(|choice| choice.id.value == "member_category");
    if let Some(category) = category
        && !category.items.iter().any(|item| item.value == CPPCC_MEMBER)
    {
        let message = format!("人员类别里必须有“{CPPCC_MEMBER}”，委员的考核要用它。");
        log.add(Code::PackValue, category.items.at, message);
    }
}
