//! What is not settled yet, counted: the first page says it in a sentence, and nothing is
//! closed (定稿) while there is any, unless the office means it.

use super::count;
use crate::assess::lookups::said;
use crate::assess::words::PENDING;
use crate::book::{Book, Criterion, Expr, Format, Reader, Slot, Table};
use crate::diagnostic::Severity;
use crate::reconcile::{REOPENED, Standing};
use crate::sheet::Scalar;

/// Where it stands.
pub(super) const TABLE: &str = "overview:open";
/// What is counted, as it is said behind the number.
pub(super) const OPEN: [&str; 6] = [
    "个单位未报",
    "个单位否决待定",
    "名委员待定",
    "项评优待定",
    "处错误待改",
    WAITING,
];
/// Matters that wait.
pub(super) const WAITING: &str = "件事项待裁定";

/// The table: how many of each kind, and the money on which matters wait, in 元.
pub(super) fn unsettled(book: &Book) -> Table {
    let mut table = Table::new(TABLE);
    table.column("what", "没有了结的事", Format::Text);
    table.column("count", "数目", Format::Integer);
    table.column("stake", "涉及金额（元）", Format::Money);
    table.column("mend", "怎么办", Format::Text);
    let standing = book.column("matters", "standing");
    let open = [Standing::Open.word(), REOPENED];
    let errors = Severity::Error.word();
    let rows = [
        (
            count(book.column("units", "returned"), "否"),
            "名单见“回收情况”，催报",
        ),
        (
            count(book.column("veto:units", "@unit"), PENDING),
            "见“一票否决”的待定原因",
        ),
        (
            count(book.column("members", "veto"), PENDING),
            "见“一票否决-委员”的待定原因",
        ),
        (
            count(book.column("award:units", "result"), PENDING),
            "见“评优资格”的待定原因",
        ),
        (
            count(book.column("issues", "severity"), errors),
            "见“问题清单”；用 kaohe return 退回填报单位修改",
        ),
        (
            Expr::Sum(open.map(|word| count(standing, word)).to_vec()),
            "在“核对事项”里选裁定，存好后再运行一次",
        ),
    ];
    for (what, (number, mend)) in OPEN.into_iter().zip(rows) {
        let stake = match (what, standing, book.column("matters", "stake")) {
            (WAITING, Some(standing), Some(stake)) => {
                let of = |word| {
                    let is_open = Criterion::equal(standing, Expr::text(word));
                    Expr::SumIfs(stake, vec![is_open])
                };
                Slot::Figure(Expr::Sum(open.map(of).to_vec()).rounded(2))
            }
            _ => Slot::Fact(Scalar::Empty),
        };
        table.rows.push(vec![
            Slot::text(what),
            Slot::Figure(number),
            stake,
            Slot::text(mend),
        ]);
    }
    table
}

/// What the table says of one thing: how many there are, or the money of it.
pub(super) fn of(book: &Book, what: &str, column: &str) -> Option<Expr> {
    said(book, TABLE, "what", Expr::text(what), column)
}

/// What is not settled in a finished book, in words, each with what to do; nothing if
/// all is.
pub fn open_in(reader: &Reader<'_>) -> Vec<(String, String)> {
    let rows = reader.rows(TABLE);
    let open = rows.filter(|row| row.number("count").is_some_and(|count| !count.is_zero()));
    open.map(|row| {
        let count = row.number("count").unwrap_or_default().normalize();
        (format!("{count} {}", row.text("what")), row.text("mend"))
    })
    .collect()
}
