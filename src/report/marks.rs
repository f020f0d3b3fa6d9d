//! Conditional formats: what a leader should see at a glance. They hold for
//! what the cells say after recalculation, not only for what they say now.

use super::place::TablePlace;
use super::table::RenderedTable;
use crate::assess::FULL;
use crate::sheet::{Area, Cell, Highlight, Look, SheetOf, column_name};

/// A state and the words with which a cell that says so begins.
struct Mark {
    /// How it looks.
    look: Look,
    /// Words.
    words: &'static [&'static str],
}

/// States of columns that tell how something turned out.
const STATES: [Mark; 3] = [
    Mark {
        look: Look::Bad,
        words: &[
            "一票否决",
            "不符合（一票",
            "不得提名",
            "不相符",
            "打不开",
            "错误",
        ],
    },
    Mark {
        look: Look::Caution,
        words: &[
            "待定",
            "未报送",
            "搁置",
            "不予计入",
            "被替代",
            "警告",
            "本办默认",
        ],
    },
    Mark {
        look: Look::Good,
        words: &["符合", "全部达标", "相符", "可提名", "列入宣传"],
    },
];

/// Adds the conditional formats of a table.
pub(super) fn add(sheet: &mut SheetOf<'_>, ready: &RenderedTable<'_>) {
    let place = ready.place();
    let Some(last) = (place.columns + place.gap).checked_sub(1) else {
        return;
    };
    for (number, column) in ready.table().columns.iter().enumerate() {
        let Some(at) = place.column(number) else {
            continue;
        };
        let cell = format!("${}{}", column_name(at), place.first() + 1);
        let whole = Area::new(Cell::new(place.first(), at), Cell::new(place.bottom(), at));
        match column.id.as_str() {
            "@counted" => sheet.highlights.push(Highlight {
                area: place.area(0, last),
                formula: format!("{cell}=\"否\""),
                look: Look::Caution,
            }),
            "returned" => sheet.highlights.push(Highlight {
                area: place.area(at, at),
                formula: format!("{cell}=\"否\""),
                look: Look::Caution,
            }),
            "veto" | "unit_veto" => {
                sheet.highlights.push(Highlight {
                    area: place.area(at, at),
                    formula: format!("{cell}=\"是\""),
                    look: Look::Bad,
                });
                states(sheet, whole, &cell);
            }
            "final" => {
                let starts = format!("LEFT({cell},3)=\"未定稿\"");
                for (formula, look) in [
                    (starts.clone(), Look::Caution),
                    (format!("NOT({starts})"), Look::Good),
                ] {
                    sheet.highlights.push(Highlight {
                        area: whole,
                        formula,
                        look,
                    });
                }
            }
            "total" if is_ranking(ready) => sheet.bars.push(place.area(at, at)),
            "lost" => lost(sheet, whole, &cell),
            "mend" => {
                sheet.highlights.push(Highlight {
                    area: whole,
                    formula: format!("{cell}=\"{FULL}\""),
                    look: Look::Faint,
                });
                states(sheet, whole, &cell);
            }
            id if id.starts_with("pt:") && is_ranking(ready) => {
                points(sheet, place, at, &cell);
            }
            "result" | "conclusion" | "decides" | "check" | "outcome" | "severity" | "basis"
            | "value" => {
                states(sheet, whole, &cell);
            }
            _ => {}
        }
    }
}

/// Whether a table ranks units.
fn is_ranking(ready: &RenderedTable<'_>) -> bool {
    let id = &ready.table().id;
    id.starts_with("ranking:") || id.starts_with("front:ranks:")
}

/// Marks the points of an item: none at all, or all that there are.
fn points(sheet: &mut SheetOf<'_>, place: &TablePlace, at: u16, cell: &str) {
    let full = format!("${}${}", column_name(at), place.bottom() + 1);
    for (formula, look) in [
        (format!("AND(ISNUMBER({cell}),{cell}=0)"), Look::Bad),
        (format!("AND(ISNUMBER({cell}),{cell}={full})"), Look::Faint),
    ] {
        sheet.highlights.push(Highlight {
            area: place.area(at, at),
            formula,
            look,
        });
    }
}

/// Marks points that were lost, and that none were.
fn lost(sheet: &mut SheetOf<'_>, area: Area, cell: &str) {
    for (comparison, look) in [(">", Look::Bad), ("=", Look::Faint)] {
        sheet.highlights.push(Highlight {
            area,
            formula: format!("AND(ISNUMBER({cell}),{cell}{comparison}0)"),
            look,
        });
    }
}

/// Marks a column's states.
fn states(sheet: &mut SheetOf<'_>, area: Area, cell: &str) {
    for mark in &STATES {
        let tests: Vec<String> = mark
            .words
            .iter()
            .map(|word| format!("LEFT({cell},{})=\"{word}\"", word.chars().count()))
            .collect();
        sheet.highlights.push(Highlight {
            area,
            formula: format!("OR({})", tests.join(",")),
            look: mark.look,
        });
    }
}
