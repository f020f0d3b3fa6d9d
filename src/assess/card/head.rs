//! Who it is, and what it came to: the first line of a card, and whether it is final.

use super::Card;
use crate::assess::lookups::said;
use crate::assess::lost::lost;
use crate::assess::metrics::sure;
use crate::assess::ranking::NONE;
use crate::assess::units::PICK;
use crate::book::{Book, CellRef, Criterion, Expr, Format, Slot, Table};
use crate::policy::UnitKind;

/// The columns of the head: the first seven print.
pub(super) const COLUMNS: [(&str, &str, Format); 9] = [
    ("unit", "单位", Format::Text),
    ("kind", "类型", Format::Text),
    ("rank", "名次\u{FF0F}共几名", Format::Centre),
    ("full", "满分", Format::Number),
    ("conclusion", "结论", Format::Centre),
    ("total", "得分", Format::Score),
    ("lost", "失分", Format::Score),
    ("code", "编号", Format::Centre),
    ("returned", "报送", Format::Centre),
];
/// So many print.
const PRINTED: usize = 7;

/// Said of units whose kind has no score.
const UNSCORED: &str = "不评分";

/// The head: one row.
pub(super) fn head(card: &Card<'_>) -> Option<Table> {
    let mut table = card.table("head");
    for (id, header, format) in COLUMNS {
        table.column(id, header, format);
    }
    table.printed = Some(PRINTED);
    let choice = CellRef {
        table: card.head,
        row: 0,
        column: 0,
    };
    let code = sure(said(card.book, "units", PICK, Expr::Cell(choice), "code"));
    let code = Expr::when(Expr::Filled(choice), code, Expr::text(""));
    let conclusion = |kind: &UnitKind| card.of_kind("score", kind, "conclusion");
    table.rows.push(vec![
        Slot::text(&card.unit),
        Slot::Figure(card.of_unit("kind")),
        Slot::Figure(card.by_kind(|kind| rank(card, kind), NONE)),
        Slot::Figure(card.by_kind(|kind| full_mark(card.book, kind, "total"), NONE)),
        Slot::Figure(card.by_kind(conclusion, UNSCORED)),
        Slot::Figure(card.by_kind(|kind| card.of_kind("ranking", kind, "total"), NONE)),
        Slot::Figure(lost(card.policy, card.head("total"), card.head("full"))),
        Slot::Figure(code),
        Slot::Figure(card.of_unit("returned")),
    ]);
    Some(table)
}

/// The full mark in force, of an item or of all: the last row of the table of ranks.
pub(super) fn full_mark(book: &Book, kind: &UnitKind, id: &str) -> Option<Expr> {
    let table = book.find(&format!("ranking:{}", kind.id))?;
    let found = book.tables.get(table)?;
    Some(Expr::Cell(CellRef {
        table,
        row: found.height().checked_sub(1)?,
        column: found.find(id)?,
    }))
}

/// Its rank, and among how many: 3／20.
fn rank(card: &Card<'_>, kind: &UnitKind) -> Option<Expr> {
    let rank = card.of_kind("score", kind, "rank")?;
    let ranked = card.book.column(&format!("score:{}", kind.id), "@ranked")?;
    let ranked = Expr::CountIfs(vec![Criterion::equal(ranked, Expr::text("是"))]);
    let tie = card.of_kind("score", kind, "tie")?;
    let words = Expr::Joined(vec![tie, rank.clone(), Expr::text("\u{FF0F}"), ranked]);
    let is_number = Expr::IsNumber(Box::new(rank));
    Some(Expr::when(is_number, words, Expr::text(NONE)))
}

/// Whether it is final.
pub(super) fn state(card: &Card<'_>) -> Option<Table> {
    let mut table = card.table("state");
    table.column("final", "是否定稿", Format::Text);
    let told = match card.state {
        Some(told) => Slot::text(told),
        None => Slot::Figure(Expr::Cell(CellRef {
            table: card.book.find("front:banner")?,
            row: 0,
            column: 0,
        })),
    };
    table.rows.push(vec![told]);
    Some(table)
}
