//! Who is eligible for an award, and whom the office may nominate.

use std::collections::{HashMap, HashSet};

use super::held::{Cells, Held, common_header, format_of, is_diluted, part_columns, unanswered};
use super::lookups::{OWN, own_key, returned, said, vetoed};
use super::metrics::{For, format, lacking, rejected, sure, waiting, zero};
use super::params::Params;
use super::scores::MAY_MOVE;
use super::trial::{CONCLUSION, POINTS, Trials};
use super::words::{NOT_APPLICABLE, PENDING, VETOED};
use crate::book::{
    Book, CellRef, ColumnRef, Comparison, Criterion, Expr, Format, Reader, RowOf, Slot, Table,
};
use crate::policy::{Award, Metric, Missing, Policy, Sort};
use crate::reconcile::Reconciled;
use crate::roster::Roster;
use crate::sheet::Scalar;

/// Shown for a unit that meets the standard.
pub const ELIGIBLE: &str = "符合";

/// Adds the table `award:units`, each award's units by amount. Where several awards are
/// for a unit, its first row says whether it is eligible for any.
pub fn add_units(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    let mut table = units_table(policy);
    let amount = table.find("amount").unwrap_or_default();
    let result = table.find("result").unwrap_or_default();
    let index = book.next();
    let mut order = Vec::new();
    let mut known = HashSet::new();
    for (position, award) in policy.awards.iter().enumerate() {
        for unit in roster.units().filter(|u| award.kinds.contains(&u.kind)) {
            let here = |id: &str| table.coming(index, id);
            let kind = policy.unit_kinds.get(&unit.kind).map_or("", |k| &k.name);
            let subject = For::Unit(here("code"));
            let held = Held::new(policy, &award.metric, here("amount"), here);
            let cells = Cells::new(book, policy, &award.metric, subject, &held);
            let format = format_of(policy, &award.metric);
            // Where a score rests on the same figure, the entries are not gone through again.
            let scored = format!("score:{}", unit.kind);
            let operand = format!("op:{}", award.metric);
            let scored = said(book, &scored, "code", Expr::Cell(here("code")), &operand);
            let amount = match scored {
                Some(scored) => Slot::Formatted(scored, format),
                None => cells.figure,
            };
            let first = known.insert(unit.code.as_str());
            let Open {
                more,
                unknown,
                unread,
            } = Open::of(book, policy, award, here("code"));
            let open = Open {
                more: Expr::Cell(here("@more")),
                unknown: Expr::Cell(here("@unknown")),
                unread,
            };
            let unit_of = policy.metrics.get(&award.metric).map(|metric| metric.unit);
            let mut own: HashMap<&str, Slot> = [
                ("award", Slot::text(&award.name)),
                ("code", Slot::text(&unit.code)),
                ("name", Slot::text(&unit.name)),
                ("kind", Slot::text(kind)),
                ("amount", amount),
                ("part", cells.part),
                ("whole", cells.whole),
                (
                    "limit",
                    Slot::Formatted(params.get(&award.id, "at_least"), format),
                ),
                (
                    "short",
                    Slot::Formatted(held.short_of(Expr::Cell(here("limit"))), format),
                ),
                (
                    "measure",
                    Slot::text(unit_of.map_or("", |unit| unit.word())),
                ),
                ("veto", Slot::Figure(sure(vetoed(book, here("code"))))),
                ("returned", Slot::Figure(sure(returned(book, here("code"))))),
                (
                    "result",
                    Slot::Figure(judged(policy, award, &held, &open, &here, Told::result)),
                ),
                (
                    "why",
                    Slot::Figure(judged(policy, award, &held, &open, &here, Told::why)),
                ),
                ("clause", Slot::text(&award.clause)),
                ("@rule", Slot::text(&award.id)),
                ("@more", Slot::Figure(more)),
                ("@unknown", Slot::Figure(unknown)),
                ("@at:number", Slot::whole(table.rows.len() + 1)),
                (PLACE, Slot::Figure(place(&table, index, award, &here))),
                (OWN, Slot::text(own_key(&unit.code, &award.id))),
                (
                    "@unit",
                    match first {
                        true => Slot::Figure(is_eligible(&table, index, here("code"))),
                        false => Slot::text(""),
                    },
                ),
            ]
            .into();
            let columns = table.columns.iter();
            let slots = columns.map(|column| own.remove(column.id.as_str()));
            let slots = slots.map(|slot| slot.unwrap_or(Slot::text(""))).collect();
            table.rows.push(slots);
            order.push(position);
        }
    }
    book.add(table);
    book.sort_by(index, |row, cell| {
        // Who is eligible, who may yet be, whom a veto keeps out, and who is short.
        let group = match cell(result) {
            Scalar::Text(word) if word == ELIGIBLE => 0,
            Scalar::Text(word) if word == PENDING => 1,
            Scalar::Text(word) if word.contains(VETOED) => 2,
            _ => 3,
        };
        let amount = -cell(amount).number().unwrap_or_default();
        (order[row], group, amount, row)
    });
}

/// Notes in the tables of scores and awards which open matters may change what they say
/// of a unit: until they are ruled everything counts as reported.
pub fn note_open(book: &mut Book, reconciled: &Reconciled, trials: &Trials) {
    let reader = Reader::new(book);
    let mut noted = Vec::new();
    let awards = reader.tables("award:units").map(|(at, _)| (at, true));
    let scores = reader.tables("score:").map(|(at, _)| (at, false));
    for (at, is_award) in awards.chain(scores).collect::<Vec<_>>() {
        let open = |row: RowOf<'_, '_>| {
            let (name, code) = (row.text("name"), row.text("code"));
            let whats = match is_award {
                true => vec![row.text("award")],
                false => vec![POINTS.to_owned(), CONCLUSION.to_owned()],
            };
            let matters = trials.may_move(reconciled, &name, &whats, &code);
            matters.collect::<Vec<_>>().join("、")
        };
        noted.push((at, reader.rows_at(at).map(open).collect::<Vec<_>>()));
    }
    for (at, open) in noted {
        let Some(table) = book.tables.get_mut(at) else {
            continue;
        };
        let Some(column) = table.find(MAY_MOVE) else {
            continue;
        };
        for (row, open) in table.rows.iter_mut().zip(open) {
            if let Some(slot) = row.get_mut(column) {
                *slot = Slot::text(open);
            }
        }
    }
}

/// The columns of the table of units: headers say the unit where all awards have the
/// same; else it stands in a column of its own.
fn units_table(policy: &Policy) -> Table {
    let metrics = policy.awards.iter();
    let metrics: Vec<&Metric> = metrics
        .filter_map(|award| policy.metrics.get(&award.metric))
        .collect();
    let same = metrics.split_first().and_then(|(first, rest)| {
        let all = rest.iter().all(|one| one.unit == first.unit);
        all.then(|| (first.unit.word(), format(first)))
    });
    let (limit, short, shown) = match same {
        Some((unit, format)) => (
            format!("标准\u{FF08}{unit}，含\u{FF09}"),
            format!("还差\u{FF08}{unit}\u{FF09}"),
            format,
        ),
        None => ("标准（含）".to_owned(), "还差".to_owned(), Format::Number),
    };
    let mut table = Table::new("award:units");
    table.column("award", "奖项", Format::Text);
    table.column("name", "单位", Format::Text);
    table.column("amount", common_header(&metrics), shown);
    table.column("limit", limit, shown);
    table.column("short", short, shown);
    let shows_unit = same.is_none() && !policy.awards.is_empty();
    if shows_unit {
        table.column("measure", "计量单位", Format::Centre);
    }
    table.column("result", "结果", Format::Text);
    table.column("why", "待定原因", Format::Text);
    table.column(MAY_MOVE, "可能改变结果的待裁定事项", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("code", "编号", Format::Centre);
    table.column("veto", "一票否决", Format::Centre);
    table.column("kind", "类型", Format::Text);
    let metrics = policy.awards.iter().map(|award| &award.metric);
    part_columns(&mut table, policy, metrics);
    table.column("returned", "报送", Format::Centre);
    table.column("clause", "条款", Format::Centre);
    if !shows_unit {
        table.column("measure", "计量单位", Format::Centre);
    }
    table.column("@rule", "规则代号", Format::Text);
    table.column("@unit", "单位评优", Format::Centre);
    table.column("@more", "待定的记录最多再加", shown);
    table.column("@unknown", "读不出数的记录和没收到的表", Format::Integer);
    table.column("@at:number", "序号", Format::Integer);
    table.column(PLACE, "名单次序", Format::Centre);
    table.column(OWN, "单位内次序", Format::Text);
    table
}

/// The column that says the how-manieth of an award's eligible units a row is, by
/// amount: `名单<award>:<place>`.
pub const PLACE: &str = "@at:place";

/// What stands there for the n-th of an award.
pub fn place_of(award: &str, place: Expr) -> Expr {
    Expr::Joined(vec![Expr::text(format!("名单{award}:")), place])
}

/// The place of a row among the eligible units of its award.
fn place(table: &Table, index: usize, award: &Award, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let column = |id: &str| ColumnRef {
        table: index,
        column: table.own(index, id).column,
    };
    let ahead = |id: &str, comparison, more: Option<Criterion>| {
        let mut criteria = vec![
            Criterion::equal(column("@rule"), Expr::text(&award.id)),
            Criterion::equal(column("result"), Expr::text(ELIGIBLE)),
            Criterion {
                column: column(id),
                comparison,
                with: Expr::Cell(here(id)),
            },
        ];
        criteria.extend(more);
        Expr::CountIfs(criteria)
    };
    let same = Criterion::equal(column("amount"), Expr::Cell(here("amount")));
    let place = Expr::Sum(vec![
        ahead("amount", Comparison::MoreThan, None),
        ahead("@at:number", Comparison::LessThan, Some(same)),
        Expr::whole(1),
    ]);
    Expr::when(
        Expr::is(Expr::Cell(here("result")), ELIGIBLE),
        place_of(&award.id, place),
        Expr::text(""),
    )
}

/// Whether a unit is eligible for any award, as its rows say: 是 or 否.
pub fn eligible(book: &Book, code: CellRef) -> Option<Expr> {
    let count = Expr::CountIfs(vec![
        Criterion::equal(book.column("award:units", "code")?, Expr::Cell(code)),
        Criterion::equal(book.column("award:units", "@unit")?, Expr::text("是")),
    ]);
    let any = Expr::compare(Comparison::MoreThan, count, zero());
    Some(Expr::when(any, Expr::text("是"), Expr::text("否")))
}

/// Whether a unit is eligible for any award; said in its first row only, so that units
/// are counted once.
fn is_eligible(table: &Table, index: usize, code: CellRef) -> Expr {
    let column = |id: &str| ColumnRef {
        table: index,
        column: table.own(index, id).column,
    };
    let count = Expr::CountIfs(vec![
        Criterion::equal(column("code"), Expr::Cell(code)),
        Criterion::equal(column("result"), Expr::text(ELIGIBLE)),
    ]);
    let any = Expr::compare(Comparison::MoreThan, count, zero());
    Expr::when(any, Expr::text("是"), Expr::text("否"))
}

/// What may be added to the figure of a unit.
struct Open {
    /// The most that it would be.
    more: Expr,
    /// Things of which it is not known how much they are: entries without a readable
    /// amount, and sheets that did not come.
    unknown: Expr,
    /// Entries that could not be read, and sheets that did not come.
    unread: Expr,
}

impl Open {
    fn of(book: &Book, policy: &Policy, award: &Award, unit: CellRef) -> Open {
        let (waiting, unsaid) = waiting(book, policy, &award.metric, unit)
            .map_or((None, None), |(more, unsaid)| (Some(more), Some(unsaid)));
        let more = [
            Some(sure(waiting)),
            unanswered(book, policy, &award.metric, unit),
        ];
        let lacking = sure(lacking(book, policy, &award.metric, unit));
        let rejected = rejected(book, policy, &award.metric, For::Unit(unit));
        Open {
            more: Expr::Sum(more.into_iter().flatten().collect()),
            unknown: Expr::Sum(vec![sure(unsaid), lacking.clone()]),
            unread: Expr::Sum(vec![sure(rejected), lacking]),
        }
    }
}

/// What is told of a unit: its result, or why that is not known yet.
struct Told {
    result: &'static str,
    why: &'static str,
}

impl Told {
    /// It is known.
    fn known(result: &'static str) -> Self {
        Told { result, why: "" }
    }

    /// It is not known yet.
    fn pending(why: &'static str) -> Self {
        Told {
            result: PENDING,
            why,
        }
    }

    fn result(self) -> Expr {
        Expr::text(self.result)
    }

    fn why(self) -> Expr {
        Expr::text(self.why)
    }
}

/// How a unit is judged, in the words of `say`.
fn judged(
    policy: &Policy,
    award: &Award,
    held: &Held,
    open: &Open,
    here: &dyn Fn(&str) -> CellRef,
    say: impl Fn(Told) -> Expr,
) -> Expr {
    let sort = policy
        .metrics
        .get(&award.metric)
        .map(|metric| metric.unit.sort());
    let short = match sort {
        Some(Sort::Money) => "不符合（金额不足）",
        Some(Sort::Share) => "不符合（占比不足）",
        _ => "不符合（数量不足）",
    };
    let limit = || Expr::Cell(here("limit"));
    // What waits for the office or was not read, and whom nothing is known of, may be
    // what is short.
    let may_reach = held.would_reach(limit(), open.more.clone());
    let unknown = Expr::compare(Comparison::MoreThan, open.unknown.clone(), zero());
    let eligible = match is_diluted(policy, &award.metric) {
        // What was not read may make the share less.
        true => {
            let unread = Expr::compare(Comparison::MoreThan, open.unread.clone(), zero());
            Expr::when(
                unread,
                say(Told::pending("有记录读不出或有表没收到，占比可能变小")),
                say(Told::known(ELIGIBLE)),
            )
        }
        false => say(Told::known(ELIGIBLE)),
    };
    let mut judged = Expr::when(
        held.reaches(limit()),
        eligible,
        Expr::when(
            may_reach,
            say(Told::pending("有待定的记录")),
            Expr::when(
                unknown,
                say(Told::pending("有表没收到，或有记录的数读不出")),
                say(Told::known(short)),
            ),
        ),
    );
    if let Some(known) = held.is_known() {
        let unknown = match award.missing_value {
            Missing::NotApplicable => Told::known(NOT_APPLICABLE),
            Missing::Pending | Missing::Zero => Told::pending("占比算不出"),
        };
        judged = Expr::when(known, judged, say(unknown));
    }
    if award.excluded_by_veto {
        let open = Expr::is(Expr::Cell(here("veto")), PENDING);
        judged = Expr::when(open, say(Told::pending("一票否决待定")), judged);
    }
    let missing = Expr::is(Expr::Cell(here("returned")), "否");
    judged = match award.missing_return {
        Missing::Pending => Expr::when(missing, say(Told::pending("没有报送")), judged),
        Missing::NotApplicable => Expr::when(missing, say(Told::known("不符合（未报送）")), judged),
        Missing::Zero => judged,
    };
    if award.excluded_by_veto {
        let vetoed = Expr::is(Expr::Cell(here("veto")), "是");
        judged = Expr::when(vetoed, say(Told::known("不符合（一票否决）")), judged);
    }
    judged
}
