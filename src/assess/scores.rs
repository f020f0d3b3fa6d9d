//! Scores: operands, points, totals and ranks of the units of a kind.

use super::answers::{counts_listed, untold};
use super::decided::adjustment;
use super::held::{is_diluted, is_known, share_of};
use super::lookups::{returned, said, vetoed};
use super::mending::{Item, done_column, mend_column, short_column};
use super::metrics::{For, format, header, lacking, metric, operands, rejected, sure, zero};
use super::params::Params;
use super::ranks::{key, order, rank, sort, tie};
use super::words::{NOT_APPLICABLE, NOT_RETURNED, PENDING, VETOED};
use crate::book::{Arithmetic, Book, CellRef, Comparison, Expr, Format, Slot, Table};
use crate::policy::{Method, Missing, Policy, Score};
use crate::roster::{Roster, Unit};
use crate::sheet::Scalar;

/// Adds a table `score:<kind>` for each kind that is scored, ranked.
pub fn add(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    for kind in policy.unit_kinds.keys() {
        let scores: Vec<&Score> = policy.scores.iter().filter(|s| &s.kind == kind).collect();
        if !scores.is_empty() {
            add_kind(book, policy, roster, params, kind, &scores);
        }
    }
}

fn add_kind(
    book: &mut Book,
    policy: &Policy,
    roster: &Roster,
    params: &Params,
    kind: &str,
    scores: &[&Score],
) {
    let mut table = Table::new(format!("score:{kind}"));
    table.column("rank", "名次", Format::Centre);
    table.column("tie", "并列", Format::Centre);
    table.column("code", "编号", Format::Centre);
    table.column("name", "单位", Format::Text);
    table.column("returned", "报送", Format::Centre);
    for score in scores {
        for operand in operands(policy, &score.metric) {
            let id = format!("op:{operand}");
            if table.find(&id).is_none()
                && let Some(metric) = policy.metrics.get(operand)
            {
                table.column(id, header(metric), format(metric));
                // Some may not have answered.
                if counts_listed(policy, operand).is_some() {
                    let header = "没有填报的委员\u{FF08}人\u{FF09}";
                    table.column(format!("untold:{operand}"), header, Format::Integer);
                }
            }
        }
        let header = format!("{}得分", score.name);
        table.column(format!("pt:{}", score.id), header, Format::Score);
    }
    table.column("adjust", "本办加减分", Format::Score);
    table.column("total", "合计得分", Format::Score);
    table.column("applicable", "适用满分", Format::Number);
    table.column("veto", "一票否决", Format::Centre);
    table.column("conclusion", "结论", Format::Centre);
    table.printed = Some(table.columns.len());
    table.column("why", "待定原因", Format::Text);
    table.column("@ranked", "参加排名", Format::Centre);
    table.column("@scored", "已报送单位的得分", Format::Score);
    table.column(MAY_MOVE, "可能改变结果的待裁定事项", Format::Text);
    table.column(REMARK, "备注", Format::Text);
    for score in scores {
        let header = |what: &str| format!("{}{what}", score.name);
        table.column(done_column(&score.id), header("得分依据"), Format::Text);
        table.column(short_column(&score.id), header("差多少"), Format::Number);
        table.column(mend_column(&score.id), header("怎样补上"), Format::Text);
    }
    table.column("@at:number", "序号", Format::Integer);
    table.column("@at:key", "排序", Format::Integer);
    table.column("@at:order", "次序", Format::Integer);
    let index = book.next();
    for unit in roster.units().filter(|unit| unit.kind == kind) {
        let row = row(book, &table, index, policy, params, unit, scores);
        table.rows.push(row);
    }
    book.add(table);
    sort(book, index);
    let marks = full_marks(&book.tables[index], params, scores);
    let clauses = clauses(&book.tables[index], policy, scores);
    let table = &mut book.tables[index];
    table.rows.extend([marks, clauses]);
    table.totals = 2;
}

/// The row of the full marks: those in force, not those of the pack.
fn full_marks(table: &Table, params: &Params, scores: &[&Score]) -> Vec<Slot> {
    let row = table.columns.iter().map(|column| match column.id.as_str() {
        "name" => Slot::text("满分"),
        "total" => Slot::Figure(params.get("pack", "full_mark")),
        id => {
            let score = scores
                .iter()
                .find(|s| id.strip_prefix("pt:") == Some(&s.id));
            score.map_or(Slot::text(""), |s| {
                Slot::Figure(params.get(&s.id, "points"))
            })
        }
    });
    row.collect()
}

/// The row of the clauses from which the items come.
fn clauses(table: &Table, policy: &Policy, scores: &[&Score]) -> Vec<Slot> {
    let row = table.columns.iter().map(|column| {
        let id = column.id.as_str();
        Slot::FormattedFact(
            match id {
                "name" => Scalar::Text("方案条款".to_owned()),
                "total" => Scalar::Text(policy.pack.full_mark_clause.clone()),
                _ => {
                    let score = scores
                        .iter()
                        .find(|s| id.strip_prefix("pt:") == Some(&s.id));
                    score.map_or(Scalar::Empty, |s| Scalar::Text(s.clause.clone()))
                }
            },
            Format::Centre,
        )
    });
    row.collect()
}

fn row(
    book: &Book,
    table: &Table,
    index: usize,
    policy: &Policy,
    params: &Params,
    unit: &Unit,
    scores: &[&Score],
) -> Vec<Slot> {
    let here = |id: &str| table.coming(index, id);
    let figure = |expr: Option<Expr>| Slot::Figure(sure(expr));
    let points = |score: &Score| Expr::Cell(here(&format!("pt:{}", score.id)));
    let applicable = scores
        .iter()
        .map(|score| {
            let full = params.get(&score.id, "points");
            Expr::when(Expr::is(points(score), NOT_APPLICABLE), zero(), full)
        })
        .collect();
    let total = Expr::Cell(here("total"));
    let veto = Expr::Cell(here("veto"));
    let open_items: Vec<Expr> = scores
        .iter()
        .map(|score| Expr::is(points(score), PENDING))
        .chain([Expr::is(veto.clone(), PENDING)])
        .chain([Expr::Filled(here("why"))])
        .collect();
    table
        .columns
        .iter()
        .map(|column| match column.id.as_str() {
            "rank" => Slot::Figure(rank(index, table, &here)),
            "tie" => Slot::Figure(tie(index, table, &here)),
            // Ranked is who returned, is not struck, and waits for no item.
            "@ranked" => {
                let mut whole = vec![
                    Expr::is(Expr::Cell(here("returned")), "是"),
                    Expr::IsNumber(Box::new(total.clone())),
                    Expr::Or(vec![
                        Expr::is(veto.clone(), "否"),
                        Expr::is(veto.clone(), PENDING),
                    ]),
                ];
                whole.extend(
                    scores
                        .iter()
                        .map(|score| {
                            let open = Expr::is(points(score), PENDING);
                            Expr::when(open, Expr::text("否"), Expr::text("是"))
                        })
                        .map(|word| Expr::is(word, "是")),
                );
                Slot::Figure(Expr::when(
                    Expr::And(whole),
                    Expr::text("是"),
                    Expr::text("否"),
                ))
            }
            "@scored" => Slot::Figure(Expr::when(
                Expr::is(Expr::Cell(here("returned")), "是"),
                total.clone(),
                Expr::text(""),
            )),
            // Noted once all is tried.
            MAY_MOVE => Slot::text(""),
            REMARK => {
                let open = Expr::Joined(vec![Expr::text("待裁定 "), Expr::Cell(here(MAY_MOVE))]);
                let open = Expr::when(Expr::Filled(here(MAY_MOVE)), open, Expr::text(""));
                let unread = Expr::when(
                    Expr::is(Expr::Cell(here("why")), ""),
                    Expr::text(""),
                    Expr::text("有记录读不出\u{FF1B}"),
                );
                let errors = || said(book, "units", "code", Expr::Cell(here("code")), "errors");
                let count = vec![
                    Expr::text("有错误 "),
                    sure(errors()),
                    Expr::text(" 处\u{FF1B}"),
                ];
                let is_wrong = Expr::compare(Comparison::MoreThan, sure(errors()), zero());
                let wrong = Expr::when(is_wrong, Expr::Joined(count), Expr::text(""));
                Slot::Figure(Expr::Joined(vec![unread, wrong, open]))
            }
            id if let Some(words) = in_words(policy, params, scores, &here, id) => {
                Slot::Figure(words)
            }
            "@at:number" => Slot::whole(table.rows.len()),
            "@at:key" => Slot::Figure(key(&here)),
            "@at:order" => Slot::Figure(order(index, table, &here)),
            "code" => Slot::text(&unit.code),
            "name" => Slot::text(&unit.name),
            "returned" => figure(returned(book, here("code"))),
            "total" => {
                let sum = Expr::Sum(scores.iter().map(|score| points(score)).collect());
                let scaled = Expr::arithmetic(
                    Arithmetic::Divide,
                    Expr::arithmetic(Arithmetic::Multiply, sum, params.get("pack", "full_mark")),
                    Expr::Cell(here("applicable")),
                );
                let none = Expr::compare(Comparison::Equal, Expr::Cell(here("applicable")), zero());
                let scaled = scaled.rounded(policy.pack.score_decimals);
                // Additions reach no further than the full mark, deductions than zero.
                let adjusted = Expr::Sum(vec![scaled, Expr::Cell(here("adjust"))]);
                let least = Expr::Max(Box::new(adjusted), Box::new(zero()));
                let bounded = Expr::Min(Box::new(least), Box::new(params.get("pack", "full_mark")));
                let bounded = bounded.rounded(policy.pack.score_decimals);
                Slot::Figure(Expr::when(none, Expr::text(NOT_APPLICABLE), bounded))
            }
            "applicable" => Slot::Figure(Expr::Sum(Vec::clone(&applicable))),
            "adjust" => figure(adjustment(book, here("code"))),
            "veto" => figure(vetoed(book, here("code"))),
            "conclusion" => Slot::Figure(Expr::when(
                Expr::is(veto.clone(), "是"),
                Expr::text(VETOED),
                Expr::when(
                    Expr::is(Expr::Cell(here("returned")), "否"),
                    Expr::text(NOT_RETURNED),
                    Expr::when(
                        Expr::Or(open_items.clone()),
                        Expr::text(PENDING),
                        Expr::text("正常"),
                    ),
                ),
            )),
            "why" => {
                let unread = scores.iter().map(|score| {
                    let name = format!("{}：有记录读不出，改好后得分可能变；", score.name);
                    let open = may_move(book, policy, params, score, &here);
                    Expr::when(open, Expr::text(name), Expr::text(""))
                });
                Slot::Figure(Expr::Joined(unread.collect()))
            }
            id if id.starts_with("untold:") => {
                let of = id.trim_start_matches("untold:");
                figure(untold(book, of, here("code")))
            }
            id => match id.strip_prefix("op:") {
                Some(of) => figure(metric(book, policy, of, For::Unit(here("code")))),
                None => {
                    let score = scores
                        .iter()
                        .find(|s| id.strip_prefix("pt:") == Some(&s.id));
                    let points = |score: &&Score| points_of(book, policy, params, score, &here);
                    figure(score.map(points))
                }
            },
        })
        .collect()
}

/// What a column says of an item in words.
fn in_words(
    policy: &Policy,
    params: &Params,
    scores: &[&Score],
    here: &dyn Fn(&str) -> CellRef,
    id: &str,
) -> Option<Expr> {
    scores.iter().find_map(|score| {
        let item = Item {
            policy,
            params,
            score,
            here,
        };
        match id {
            id if id == done_column(&score.id) => Some(item.done()),
            id if id == mend_column(&score.id) => Some(item.mend()),
            id if id == short_column(&score.id) => Some(item.short()),
            _ => None,
        }
    })
}

/// The column of the open matters that may change what a unit comes to.
pub const MAY_MOVE: &str = "may_move";
/// The column of what may still change, in words.
pub const REMARK: &str = "@remark";

fn points_of(
    book: &Book,
    policy: &Policy,
    params: &Params,
    score: &Score,
    here: &dyn Fn(&str) -> CellRef,
) -> Expr {
    let cell = |metric: &str| here(&format!("op:{metric}"));
    let parts = operands(policy, &score.metric);
    let operand = Expr::Cell(cell(parts[0]));
    let whole = parts.get(1).map(|whole| cell(whole));
    let full = || params.get(&score.id, "points");
    let param = |name: &str| params.get(&score.id, name);
    // A share is never divided on its own, so that nothing is rounded twice.
    let scaled = |value: Expr| match whole {
        Some(whole) => share_of(value, whole),
        None => value,
    };
    let decimals = policy.pack.score_decimals;
    let earned = match &score.method {
        Method::Linear { .. } => {
            let product = Expr::arithmetic(Arithmetic::Multiply, full(), operand);
            let quotient = Expr::arithmetic(Arithmetic::Divide, product, scaled(param("full_at")));
            Expr::Min(Box::new(full()), Box::new(quotient)).rounded(decimals)
        }
        Method::AllOrNothing { .. } => Expr::when(
            Expr::compare(Comparison::AtLeast, operand, scaled(param("at_least"))),
            full(),
            zero(),
        ),
        Method::Bands(bands) => (0..bands.len()).fold(zero(), |below, i| {
            let from = scaled(param(&format!("from{i}")));
            let reached = Expr::compare(Comparison::AtLeast, operand.clone(), from);
            Expr::when(reached, param(&format!("points{i}")), below)
        }),
    };
    let valued = match whole {
        Some(whole) => Expr::when(is_known(whole), earned, missing(score.missing_value)),
        None => earned,
    };
    // What stands on a sheet that did not come is not nothing.
    let lacking = sure(lacking(book, policy, &score.metric, here("code")));
    let is_lacking = Expr::compare(Comparison::MoreThan, lacking, zero());
    let valued = Expr::when(is_lacking, Expr::text(PENDING), valued);
    Expr::when(
        Expr::is(Expr::Cell(here("returned")), "否"),
        missing(score.missing_return),
        valued,
    )
}

/// Whether an entry that could not be read, once mended, may move the points of an
/// item: it says what the item has, not what it comes to. More never lowers what has
/// its full mark already, but for a share whose whole is made of entries.
fn may_move(
    book: &Book,
    policy: &Policy,
    params: &Params,
    score: &Score,
    here: &dyn Fn(&str) -> CellRef,
) -> Expr {
    let unread = sure(rejected(
        book,
        policy,
        &score.metric,
        For::Unit(here("code")),
    ));
    let mut open = vec![Expr::compare(Comparison::MoreThan, unread, zero())];
    if !is_diluted(policy, &score.metric) {
        let points = Expr::Cell(here(&format!("pt:{}", score.id)));
        let full = params.get(&score.id, "points");
        open.push(Expr::IsNumber(Box::new(points.clone())));
        open.push(Expr::compare(Comparison::LessThan, points, full));
    }
    Expr::And(open)
}

fn missing(missing: Missing) -> Expr {
    match missing {
        Missing::Zero => zero(),
        Missing::NotApplicable => Expr::text(NOT_APPLICABLE),
        Missing::Pending => Expr::text(PENDING),
    }
}
