//! The first page: who leads, who is struck by a veto, who gets an award, how much money
//! there is, what must be decided, and whether all this is final. Names stand in the
//! order of ranks and amounts, and change with them.

use super::{count, in_wan, named, none_or, some};
use crate::assess::eligible;
use crate::assess::lookups::said;
use crate::assess::metrics::{column, counted, sure};
use crate::assess::ranking::NONE;
use crate::assess::trial::Trials;
use crate::assess::words::PENDING;
use crate::book::{
    Arithmetic, Book, CellRef, ColumnRef, Comparison, Criterion, Expr, Format, Slot, Table,
};
use crate::diagnostic::Severity;
use crate::policy::{Credit, Form, Policy};
use crate::reconcile::{REOPENED, Reconciled, Standing};

/// The last of a long kind that are shown, behind the first.
const LAST: usize = 3;

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
    put(&named::vetoes);
    put(&named::vetoed_names);
    put(&|book| named::awards(book, policy));
    put(&money);
    put(&|book| Some(named::decide(book, reconciled, trials)));
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

/// How the sentence begins that says that something is open.
pub const OPEN: &str = "未定稿";

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
    let mut parts = vec![Expr::text(format!("{OPEN}\u{FF1A}"))];
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
