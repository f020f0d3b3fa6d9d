//! The first page: who leads, who is struck by a veto, who gets an award, how much money
//! there is, what must be decided, and whether all this is final. Names stand in the
//! order of ranks and amounts, and change with them.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::count;
use crate::assess::awards::{PLACE, place_of};
use crate::assess::lookups::said;
use crate::assess::metrics::{column, counted, sure, zero};
use crate::assess::ranking::NONE;
use crate::assess::trial::Trials;
use crate::assess::vetoes::{OPEN_PLACE, STRUCK_PLACE};
use crate::assess::words::{PENDING, VETOED};
use crate::assess::{ELIGIBLE, eligible};
use crate::book::{
    Arithmetic, Book, CellRef, ColumnRef, Comparison, Criterion, Expr, Format, Reader, Slot, Table,
};
use crate::diagnostic::Severity;
use crate::policy::{Credit, Form, Policy, Sort};
use crate::reconcile::{REOPENED, Reconciled, Standing};
use crate::value::round;

/// The last of a long kind that are shown, behind the first.
const LAST: usize = 3;
/// Vetoes of units that are shown.
const VETOES: usize = 6;
/// Names after each other in a cell.
const NAMES: usize = 12;
/// Letters that are said of a matter.
const WORDS: usize = 47;
/// Matters that are shown.
const MATTERS: usize = 3;

/// Adds the tables of the first page.
pub(super) fn add(book: &mut Book, policy: &Policy, reconciled: &Reconciled, trials: &Trials) {
    let mut put = |make: &dyn Fn(&Book) -> Option<Table>| {
        if let Some(table) = make(book) {
            book.add(table);
        }
    };
    put(&banner);
    put(&|book| tiles(book, policy));
    let kinds: Vec<&String> = policy
        .unit_kinds
        .keys()
        .filter(|kind| policy.scores.iter().any(|score| &&score.kind == kind))
        .collect();
    for (at, kind) in kinds.iter().enumerate() {
        // As many as the page has room for, all kinds together.
        let most = match (kinds.len(), at) {
            (1 | 2, 0) => 11,
            (2, _) => 8,
            _ => 6,
        };
        put(&|book| ranks(book, policy, kind, most));
    }
    put(&vetoes);
    put(&vetoed_names);
    put(&|book| awards(book, policy));
    put(&money);
    put(&|book| Some(decide(book, reconciled, trials)));
}

/// Whether a number is more than zero.
fn some(number: Expr) -> Expr {
    Expr::compare(Comparison::MoreThan, number, zero())
}

/// An amount in 元 as 万元.
fn in_wan(amount: Expr) -> Expr {
    Expr::arithmetic(Arithmetic::Divide, amount, Expr::whole(10_000))
}

/// A number, or that there is none.
fn none_or(number: Expr) -> Expr {
    Expr::when(some(number.clone()), number, Expr::text(NONE))
}

/// How many matters wait, and the money that hangs on them, in 元.
fn waiting(book: &Book) -> Option<(Expr, Expr)> {
    let standing = book.column("matters", "standing")?;
    let stake = book.column("matters", "stake")?;
    let open = [Standing::Open.word(), REOPENED];
    let stakes = open.map(|word| {
        let is_open = Criterion::equal(standing, Expr::text(word));
        Expr::SumIfs(stake, vec![is_open])
    });
    let counts = open.map(|word| count(Some(standing), word));
    Some((
        Expr::Sum(counts.to_vec()),
        Expr::Sum(stakes.to_vec()).rounded(2),
    ))
}

/// The sentence that says whether all this is final, and what is open.
fn banner(book: &Book) -> Option<Table> {
    let mut table = Table::new("front:banner");
    table.column("final", "是否定稿", Format::Text);
    let (matters, stake) = waiting(book)?;
    let members = book.column("members", "veto");
    let open: [(Expr, &str); 5] = [
        (count(book.column("units", "returned"), "否"), "个单位未报"),
        (
            count(book.column("veto:units", "@unit"), PENDING),
            "个单位否决待定",
        ),
        (count(members, PENDING), "名委员待定"),
        (
            count(book.column("award:units", "result"), PENDING),
            "项评优待定",
        ),
        (
            count(book.column("issues", "severity"), Severity::Error.word()),
            "处错误待改",
        ),
    ];
    let mut parts = vec![Expr::text("未定稿\u{FF1A}")];
    for (number, what) in &open {
        let words = vec![number.clone(), Expr::text(format!("{what}、"))];
        let said = Expr::Joined(words);
        parts.push(Expr::when(some(number.clone()), said, Expr::text("")));
    }
    parts.push(matters.clone());
    parts.push(Expr::text("件事项待裁定"));
    parts.push(Expr::when(
        some(stake.clone()),
        Expr::Joined(vec![
            Expr::text("\u{FF08}涉及"),
            in_wan(stake).rounded(2),
            Expr::text("万元\u{FF09}"),
        ]),
        Expr::text(""),
    ));
    parts.push(Expr::text("\u{FF0C}结果可能变。"));
    let all = open.iter().map(|(number, _)| number.clone());
    let all = Expr::Sum(all.chain([matters]).collect());
    table.rows.push(vec![Slot::Figure(Expr::when(
        some(all),
        Expr::Joined(parts),
        Expr::text("没有未了的事\u{FF1A}该报的都报了，没有待裁定、待定和错误，可以定稿。"),
    ))]);
    Some(table)
}

/// The form of the gifts and its amounts.
fn gifts(policy: &Policy) -> Option<(&Form, &str)> {
    let mut forms = policy.intake_forms();
    let form = forms.find(|form| matches!(form.credit, Credit::Donor(_)))?;
    Some((form, &form.money_fields().next()?.id))
}

/// Money and goods that count, of a unit or of all, in 元.
fn given(book: &Book, policy: &Policy, unit: Option<CellRef>) -> Option<Expr> {
    let (form, amount) = gifts(policy)?;
    let mut criteria = vec![counted(book, &form.id)?];
    if let Some(unit) = unit {
        let of = column(book, &form.id, "@unit")?;
        criteria.push(Criterion::equal(of, Expr::Cell(unit)));
    }
    Some(Expr::SumIfs(column(book, &form.id, amount)?, criteria).rounded(2))
}

/// The five figures at the top, and a line below each.
fn tiles(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("front:tiles");
    for (id, header) in [
        ("returned", "已报\u{FF0F}应报"),
        ("vetoed", "一票否决"),
        ("eligible", "符合评优"),
        ("money", "帮扶资金物资"),
        ("waiting", "待裁定"),
    ] {
        table.column(id, header, Format::Centre);
    }
    let returned = book.column("units", "returned");
    let (yes, no) = (count(returned, "是"), count(returned, "否"));
    let all = Expr::Sum(vec![yes.clone(), no]);
    let members = book.column("members", "veto");
    let (matters, stake) = waiting(book)?;
    let awards = book.column("award:units", "@unit");
    table.rows.push(vec![
        Slot::Figure(Expr::Joined(vec![yes, Expr::text("\u{FF0F}"), all])),
        Slot::Figure(count(book.column("veto:units", "@unit"), "是")),
        Slot::Figure(count(awards, "是")),
        match given(book, policy, None) {
            Some(given) => Slot::Figure(in_wan(given).rounded(2)),
            None => Slot::text(NONE),
        },
        Slot::Figure(matters),
    ]);
    let line = |parts: Vec<Expr>| Slot::Figure(Expr::Joined(parts));
    table.rows.push(vec![
        Slot::text("个单位"),
        line(vec![
            Expr::text("个单位\u{FF0C}另有委员 "),
            count(members, "是"),
            Expr::text(" 人"),
        ]),
        Slot::text("个单位"),
        Slot::text("万元"),
        line(vec![
            Expr::text("件\u{FF0C}涉及 "),
            in_wan(stake).rounded(2),
            Expr::text(" 万元"),
        ]),
    ]);
    Some(table)
}

/// The units of a kind by rank: all of them, or of more than `most` the first and the
/// last.
fn ranks(book: &Book, policy: &Policy, kind: &str, most: usize) -> Option<Table> {
    let of = format!("score:{kind}");
    let ranking = format!("ranking:{kind}");
    let from = book.table(&of)?;
    let all = from.height().checked_sub(from.totals)?;
    let mut table = Table::new(format!("front:ranks:{kind}"));
    table.column("rank", "名次", Format::Centre);
    table.column("name", "单位", Format::Text);
    table.column("total", "总分", Format::Score);
    table.column("money", "资金物资", Format::Money);
    table.column("conclusion", "结论", Format::Centre);
    table.printed = Some(table.columns.len());
    table.column("@at:order", "次序", Format::Integer);
    table.column("code", "编号", Format::Centre);
    let index = book.next();
    let money = |unit| match given(book, policy, unit) {
        Some(given) => none_or(in_wan(given)),
        None => Expr::text(NONE),
    };
    let ranked = || count(book.column(&of, "@ranked"), "是");
    let (first, last) = match all <= most {
        true => (all, 0),
        false => (most.saturating_sub(LAST), LAST),
    };
    for at in 0..first + last {
        let here = |id: &str| table.coming(index, id);
        let order = || Expr::Cell(here("@at:order"));
        // The last of those who are ranked, unless they are among the first.
        let place = match at < first {
            true => Slot::whole(at + 1),
            false => {
                let back = Expr::whole(i64::try_from(first + last - 1 - at).unwrap_or(0));
                let place = Expr::arithmetic(Arithmetic::Subtract, ranked(), back);
                Slot::Figure(place)
            }
        };
        let is_there = |than: usize| {
            let least = Expr::whole(i64::try_from(than).unwrap_or(0));
            Expr::And(vec![
                Expr::compare(Comparison::AtLeast, order(), least),
                Expr::compare(
                    Comparison::AtMost,
                    order(),
                    Expr::whole(i64::try_from(all).unwrap_or(0)),
                ),
            ])
        };
        let is_there = || match at < first {
            true => is_there(1),
            false => is_there(first + 1),
        };
        // As they stand on the sheet of the kind: nothing of who sent nothing.
        let unit = |id: &str| sure(said(book, &ranking, "code", Expr::Cell(here("code")), id));
        let shown = |figure: Expr| {
            let none = Expr::is(Expr::Cell(here("code")), NONE);
            Slot::Figure(Expr::when(none, Expr::text(NONE), figure))
        };
        let is_eligible = Expr::is(sure(eligible(book, here("code"))), "是");
        let conclusion = Expr::when(is_eligible, Expr::text(ELIGIBLE_UNIT), unit("conclusion"));
        let row = vec![
            shown(unit("rank")),
            shown(unit("name")),
            shown(unit("total")),
            shown(money(Some(here("code")))),
            shown(conclusion),
            place,
            Slot::Figure(Expr::when(
                is_there(),
                sure(said(book, &of, "@at:order", order(), "code")),
                Expr::text(NONE),
            )),
        ];
        table.rows.push(row);
    }
    Some(table)
}

/// Shown for a unit that is eligible for an award.
const ELIGIBLE_UNIT: &str = "符合评优";

/// The units that are struck, each with what for.
fn vetoes(book: &Book) -> Option<Table> {
    let mut table = Table::new("front:vetoes");
    table.column("name", "单位", Format::Text);
    table.column("rule", "情形", Format::Text);
    table.column("clause", "方案条款", Format::Centre);
    table.printed = Some(table.columns.len());
    table.column("@at:order", "次序", Format::Integer);
    let of = "veto:units";
    let index = book.next();
    let struck = count(book.column(of, "result"), VETOED);
    for at in 1..=listed_vetoes(book) {
        let here = |id: &str| table.coming(index, id);
        let order = Expr::Cell(here("@at:order"));
        let is_there = Expr::compare(Comparison::AtMost, order.clone(), struck.clone());
        let cell = |id: &str, otherwise: &str| {
            let said = sure(said(book, of, STRUCK_PLACE, order.clone(), id));
            Slot::Figure(Expr::when(is_there.clone(), said, Expr::text(otherwise)))
        };
        // A clause by itself would be taken for a number.
        let clause = sure(said(book, of, STRUCK_PLACE, order.clone(), "clause"));
        let clause = Expr::Joined(vec![Expr::text("方案"), clause]);
        let clause = Slot::Figure(Expr::when(is_there.clone(), clause, Expr::text("")));
        let none = if at == 1 { "没有" } else { "" };
        let row = vec![
            cell("name", none),
            cell("rule", ""),
            clause,
            Slot::whole(at),
        ];
        table.rows.push(row);
    }
    Some(table)
}

/// How many vetoes of units are listed.
fn listed_vetoes(book: &Book) -> usize {
    let reader = Reader::new(book);
    let struck = reader
        .rows("veto:units")
        .filter(|row| row.text("result") == VETOED);
    struck.count().clamp(1, VETOES)
}

/// Members who are struck, and whose veto is open, by name.
fn vetoed_names(book: &Book) -> Option<Table> {
    let mut table = Table::new("front:vetoed");
    table.column("whom", "谁", Format::Text);
    table.column("names", "名单", Format::Text);
    let (units, members) = ("veto:units", "veto:members");
    let number = |of: &str, word: &str| count(book.column(of, "result"), word);
    let names = |of: &str, word: &str, places: &str| {
        names(&number(of, word), |place| {
            said(book, of, places, place, "name")
        })
    };
    // There is room for as many as there were when the workbook was made.
    let shown = listed_vetoes(book);
    let shown = Expr::whole(i64::try_from(shown).unwrap_or(0));
    let over = Expr::arithmetic(Arithmetic::Subtract, number(units, VETOED), shown);
    let unlisted = Expr::Joined(vec![
        Expr::text("\u{FF1B}被否决的单位还有 "),
        over.clone(),
        Expr::text(" 项没有列在上面，见“一票否决”表"),
    ]);
    if let Some(struck) = names(members, VETOED, STRUCK_PLACE) {
        table.rows.push(vec![
            Slot::Figure(numbered("委员", number(members, VETOED), "人")),
            Slot::Figure(struck),
        ]);
    }
    table.rows.push(vec![
        Slot::Figure(numbered("单位待定", number(units, PENDING), "项")),
        Slot::Figure(Expr::Joined(vec![
            names(units, PENDING, OPEN_PLACE)?,
            Expr::text("\u{FF1B}委员"),
            number(members, PENDING),
            Expr::text("人"),
            Expr::when(some(over.clone()), unlisted, Expr::text("")),
        ])),
    ]);
    Some(table)
}

/// A name with how many there are: 先进委组（11个）.
fn numbered(what: &str, number: Expr, measure: &str) -> Expr {
    Expr::Joined(vec![
        Expr::text(format!("{what}\u{FF08}")),
        number,
        Expr::text(format!("{measure}\u{FF09}")),
    ])
}

/// What is said of the first to the last place, after each other, as far as a cell goes.
fn names(number: &Expr, of_place: impl Fn(Expr) -> Option<Expr>) -> Option<Expr> {
    let most = i64::try_from(NAMES).unwrap_or(0);
    let mut parts = Vec::new();
    for place in 1..=most {
        let mut said = vec![of_place(Expr::whole(place))?];
        if place > 1 {
            said.insert(0, Expr::text("、"));
        }
        let is_there = Expr::compare(Comparison::AtLeast, number.clone(), Expr::whole(place));
        parts.push(Expr::when(is_there, Expr::Joined(said), Expr::text("")));
    }
    let is_over = Expr::compare(Comparison::MoreThan, number.clone(), Expr::whole(most));
    parts.push(Expr::when(is_over, Expr::text("……"), Expr::text("")));
    let none = Expr::compare(Comparison::Equal, number.clone(), zero());
    Some(Expr::when(none, Expr::text("没有"), Expr::Joined(parts)))
}

/// Who is eligible for each award, by amount.
fn awards(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("front:awards");
    table.column("award", "奖项", Format::Text);
    table.column(
        "names",
        "符合标准的单位\u{FF08}后为资金物资，万元\u{FF09}",
        Format::Text,
    );
    let of = "award:units";
    let rules = book.column(of, "@rule")?;
    let results = book.column(of, "result")?;
    for award in &policy.awards {
        let number = |word: &str| {
            Expr::CountIfs(vec![
                Criterion::equal(rules, Expr::text(&award.id)),
                Criterion::equal(results, Expr::text(word)),
            ])
        };
        let metric = policy.metrics.get(&award.metric)?;
        let is_money = metric.unit.sort() == Sort::Money;
        let names = names(&number(ELIGIBLE), |place| {
            let at = |id: &str| said(book, of, PLACE, place_of(&award.id, place.clone()), id);
            let mut parts = vec![at("name")?];
            if is_money {
                parts.push(in_wan(at("amount")?).rounded(2));
            }
            Some(Expr::Joined(parts))
        })?;
        let open = number(PENDING);
        let waits = Expr::Joined(vec![
            Expr::text("\u{FF1B}另有 "),
            open.clone(),
            Expr::text(" 个待定"),
        ]);
        let waits = Expr::when(some(open), waits, Expr::text(""));
        table.rows.push(vec![
            Slot::Figure(numbered(&award.name, number(ELIGIBLE), "个")),
            Slot::Figure(Expr::Joined(vec![names, waits])),
        ]);
    }
    Some(table)
}

/// The three blocks in 万元.
fn money(book: &Book) -> Option<Table> {
    let from = book.table("overview:blocks")?;
    let total = from.find("total")?;
    // Money and goods, as far as there is room for them; the channels stand elsewhere.
    let first = 2;
    let parts: Vec<usize> = match total - first {
        1..=3 => (first..=total).collect(),
        _ => vec![total],
    };
    let mut table = Table::new("front:money");
    table.column("block", "板块", Format::Text);
    for &column in &parts {
        let of = from.columns.get(column)?;
        table.column(&of.id, &of.header, Format::Money);
    }
    let index = book.next();
    for row in 0..from.height().checked_sub(from.totals)? {
        let here = |id: &str| table.coming(index, id);
        let mut slots = vec![from.view(row, 0)?.slot()];
        for &column in &parts {
            let id = &from.columns.get(column)?.id;
            let block = Expr::Cell(here("block"));
            let amount = said(book, &from.id, "block", block, id)?;
            slots.push(Slot::Figure(none_or(in_wan(amount))));
        }
        table.rows.push(slots);
    }
    let mut totals = vec![Slot::text("合计")];
    totals.extend((1..table.columns.len()).map(|column| {
        let down = ColumnRef {
            table: index,
            column,
        };
        Slot::Figure(Expr::SumColumn(down))
    }));
    table.rows.push(totals);
    table.totals = 1;
    Some(table)
}

/// So many letters of a text.
fn cut(text: &str, most: usize) -> String {
    match text.chars().count() {
        count if count <= most => text.to_owned(),
        _ => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// The open matters that change most, and what each ruling would come to. They were
/// tried when the workbook was made.
fn decide(book: &Book, reconciled: &Reconciled, trials: &Trials) -> Table {
    let mut table = Table::new("front:decide");
    table.column("matter", "事项", Format::Centre);
    table.column("words", "怎么裁，结果会怎样", Format::Text);
    let reader = Reader::new(book);
    let rows: Vec<String> = reader
        .rows("matters")
        .map(|row| row.text("matter"))
        .collect();
    let names: HashMap<String, String> = reader
        .rows("units")
        .map(|row| (row.text("code"), row.text("name")))
        .collect();
    let matters = book.find("matters");
    for (number, words) in trials.gravest(reconciled).take(MATTERS) {
        let Some(matter) = reconciled.matters().get(number) else {
            continue;
        };
        let row = rows.iter().position(|id| *id == matter.id);
        let Some((table_at, row)) = matters.zip(row) else {
            continue;
        };
        let to = CellRef {
            table: table_at,
            row,
            column: 0,
        };
        let mut about: Vec<String> = matter
            .units
            .iter()
            .filter_map(|code| names.get(code).cloned())
            .collect();
        if !matter.at_stake.is_zero() {
            let wan = matter.at_stake / Decimal::from(10_000);
            about.push(format!("{}万元", round(wan, 2).normalize()));
        }
        let words = format!(
            "{}\u{FF08}{}\u{FF09}\u{FF1A}{words}",
            matter.topic.word(),
            about.join("、")
        );
        table.rows.push(vec![
            Slot::Link(matter.id.clone(), to),
            Slot::text(cut(&words, WORDS)),
        ]);
    }
    table
}
