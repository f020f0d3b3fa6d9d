//! The rows of a sheet that stands in memory, as the library lays them out.

use std::collections::BTreeMap;
use std::iter::Peekable;

use rustc_hash::{FxHashMap, FxHashSet};

use super::row_xml::Head;
use crate::sheet::WriteError;
use crate::sheet::write::content::shown;
use crate::sheet::write::merged::{covered, merged};
use crate::sheet::{Area, Cell, Content, SheetOf, Style};

/// Rows that share the note of which columns they use.
const BLOCK: u32 = 16;

/// The styles of a sheet's columns and cells in the order in which they are first
/// written, those of a long table last.
pub(super) fn styles(sheet: &SheetOf<'_>) -> Vec<Style> {
    let mut merges: Vec<Area> = sheet.merges.clone();
    merges.retain(|area| area.first != area.last);
    merges.sort_by_key(|area| area.first.row);
    let mut merges = merges.into_iter().peekable();
    let covered = covered(sheet);
    let mut known = FxHashSet::default();
    let mut styles = Vec::new();
    let mut last = None;
    let mut add = |style| {
        // Neighbours mostly look alike.
        if last.replace(style) != Some(style) && known.insert(style) {
            styles.push(style);
        }
    };
    sheet.columns.values().for_each(|style| add(*style));
    for (&cell, (content, style)) in &sheet.cells {
        while let Some(area) = merges.next_if(|area| area.first.row <= cell.row) {
            add(merged(sheet, area));
        }
        if !covered.contains_key(&cell) {
            add(shown(content, *style));
        }
    }
    merges.for_each(|area| add(merged(sheet, area)));
    let long = sheet.long.iter().flat_map(|long| long.styles());
    long.for_each(add);
    styles
}

/// Goes through all rows of a sheet, with their cells in the order of their columns.
/// `heights` are those in points that were set.
pub(super) fn each(
    sheet: &SheetOf<'_>,
    heights: &BTreeMap<u32, f64>,
    mut put: impl FnMut(Head, &[(u16, &Content, Style)]) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let covered = covered(sheet);
    let spans = spans(sheet, &covered);
    let mut rows: Vec<u32> = heights.keys().copied().collect();
    rows.extend(sheet.cells.keys().map(|cell| cell.row));
    rows.extend(covered.keys().chain(sheet.notes.keys()).map(|c| c.row));
    rows.sort_unstable();
    rows.dedup();
    let own = sheet.cells.iter();
    let own = own.map(|(cell, (content, style))| (*cell, content, *style));
    let mut own = own
        .filter(|(cell, ..)| !covered.contains_key(cell))
        .peekable();
    let bare = covered.iter();
    let mut bare = bare
        .map(|(cell, style)| (*cell, &Content::Blank, *style))
        .peekable();
    let mut cells = Vec::new();
    for row in rows {
        cells.clear();
        take(&mut own, row, &mut cells);
        if bare.peek().is_some_and(|(cell, ..)| cell.row == row) {
            take(&mut bare, row, &mut cells);
            cells.sort_by_key(|(column, ..)| *column);
        }
        let head = Head {
            row,
            spans: spans.get(&(row / BLOCK)).copied(),
            height: heights.get(&row).copied(),
        };
        put(head, &cells)?;
    }
    Ok(())
}

/// Takes the cells of a row.
fn take<'a>(
    from: &mut Peekable<impl Iterator<Item = (Cell, &'a Content, Style)>>,
    row: u32,
    to: &mut Vec<(u16, &'a Content, Style)>,
) {
    while let Some((cell, content, style)) = from.next_if(|(cell, ..)| cell.row == row) {
        to.push((cell.column, content, style));
    }
}

/// First and last column that some rows use.
fn spans(sheet: &SheetOf<'_>, covered: &BTreeMap<Cell, Style>) -> FxHashMap<u32, (u16, u16)> {
    let mut spans: FxHashMap<u32, (u16, u16)> = FxHashMap::default();
    let cells = sheet.cells.keys().chain(covered.keys());
    let mut last: Option<(u32, (u16, u16))> = None;
    let mut note = |block: u32, (from, to): (u16, u16)| {
        let span = spans.entry(block).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    };
    for cell in cells.chain(sheet.notes.keys()) {
        let block = cell.row / BLOCK;
        last = match last {
            Some((of, (from, to))) if of == block => {
                Some((of, (from.min(cell.column), to.max(cell.column))))
            }
            other => {
                if let Some((of, span)) = other {
                    note(of, span);
                }
                Some((block, (cell.column, cell.column)))
            }
        };
    }
    if let Some((of, span)) = last {
        note(of, span);
    }
    spans
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::io::{Cursor, Read};

    use super::*;
    use crate::sheet::{Chart, ChartKind, Look, Properties, Scalar, Series, WorkbookOf};

    type Tested = Result<(), Box<dyn Error>>;

    /// The bytes of a workbook whose rows are spelled by us.
    fn written(workbook: &WorkbookOf<'_>) -> Result<Vec<u8>, WriteError> {
        let mut bytes = Cursor::new(Vec::new());
        super::super::write(workbook, &mut bytes)?;
        Ok(bytes.into_inner())
    }

    /// Parts by name, in order.
    fn parts(bytes: &[u8]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
        let mut parts = Vec::new();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at)?;
            let mut text = String::new();
            let name = file.name()?.into_owned();
            file.read_to_string(&mut text)?;
            parts.push((name, text));
        }
        Ok(parts)
    }

    /// A sheet with all that a cell can hold.
    fn sheet(name: &str) -> Result<SheetOf<'static>, Box<dyn Error>> {
        let mut sheet = SheetOf::new(name);
        let day = jiff::civil::date(2018, 12, 31);
        let area =
            |a: (u32, u16), b: (u32, u16)| Area::new(Cell::new(a.0, a.1), Cell::new(b.0, b.1));
        sheet.banner(area((0, 0), (0, 5)), "标题 <&>", Look::Title.into());
        sheet.merges.push(area((3, 1), (5, 2)));
        sheet.text(Cell::new(3, 1), "高", Look::Centre.into());
        sheet.text(Cell::new(4, 2), "盖住的", Look::Bad.into());
        sheet.merges.push(area((60, 0), (61, 1)));
        let texts = [
            "a",
            " b",
            "c\n",
            "_x0041_",
            "x_x004",
            "_x_x0041_",
            "\u{1}\u{FFFE}",
            "\u{FF08}",
            "",
            "a",
            "TRUE",
            "1",
            "\u{1F600}_x00e9_\r",
        ];
        for (row, text) in (6..).zip(texts) {
            sheet.text(Cell::new(row, 0), text, Look::Text.into());
            let formula = Content::Formula {
                text: format!("IF(A{row}=\"<&>(\",SUM(B1:B2),1)"),
                result: match text {
                    "TRUE" => Scalar::Bool(true),
                    "1" => Scalar::Date(day),
                    "" => Scalar::Empty,
                    _ => Scalar::Text(text.to_owned()),
                },
            };
            sheet.put(Cell::new(row, 30), formula, Look::Text.into());
        }
        let numbers = [
            "0",
            "-0.0",
            "1.50",
            "-12345.678",
            "0.0001",
            "999999999999999",
            "1234567890123456.789",
            "79228162514264337593543950335",
            "0.1234567890123456789",
        ];
        for (row, number) in (30..).zip(numbers) {
            let number = number.parse()?;
            sheet.put(
                Cell::new(row, 1),
                Content::Number(number),
                Look::Money.into(),
            );
            let formula = Content::Formula {
                text: "ROUND(1,2)".to_owned(),
                result: Scalar::Number(number),
            };
            sheet.put(Cell::new(row, 2), formula, Look::Plain.into());
        }
        sheet.put(Cell::new(40, 1), Content::Date(day), Look::Text.into());
        let link = Content::Link {
            text: "去\u{2}".to_owned(),
            sheet: name.to_owned(),
            cell: Cell::new(3, 3),
        };
        sheet.put(Cell::new(41, 1), link, Look::Link.into());
        let to = (name.to_owned(), area((30, 1), (35, 1)));
        sheet.links.insert(Cell::new(30, 1), to);
        sheet.notes.insert(Cell::new(50, 7), "说明".to_owned());
        sheet.heights.extend([(1, 30.25), (2, 15.0), (45, 100.0)]);
        sheet.charts.push(Chart {
            kind: ChartKind::Bar,
            title: "图".to_owned(),
            axis: "元".to_owned(),
            series: vec![Series {
                name: "数".to_owned(),
                sheet: name.to_owned(),
                categories: area((6, 0), (12, 0)),
                values: area((30, 1), (36, 1)),
            }],
            at: Cell::new(2, 8),
            width: 400,
            height: 300,
        });
        Ok(sheet)
    }

    #[test]
    fn rows_are_spelled_as_the_library_spells_them() -> Tested {
        let workbook = WorkbookOf {
            sheets: vec![sheet("甲")?, SheetOf::new("空"), sheet("乙")?],
            properties: Properties {
                title: String::new(),
                author: String::new(),
                created: jiff::civil::date(2018, 12, 31),
                custom: Vec::new(),
            },
        };
        let ours = parts(&written(&workbook)?)?;
        let librarys = parts(&crate::sheet::write(&workbook)?)?;
        assert_eq!(ours.len(), librarys.len());
        for (ours, librarys) in ours.iter().zip(&librarys) {
            assert_eq!(ours, librarys);
        }
        Ok(())
    }

    /// A workbook of one sheet.
    fn of_one(sheet: SheetOf<'_>) -> WorkbookOf<'_> {
        WorkbookOf {
            sheets: vec![sheet],
            properties: Properties {
                title: String::new(),
                author: String::new(),
                created: jiff::civil::date(2018, 12, 31),
                custom: Vec::new(),
            },
        }
    }

    #[test]
    fn a_text_that_looks_like_a_number_or_an_error_stays_a_text() -> Tested {
        let mut sheet = SheetOf::new("甲");
        let results = ["123", "1e5", "TRUE", "#N/A!", "是"];
        for (row, text) in (0..).zip(results) {
            let formula = Content::Formula {
                text: format!("B{row}"),
                result: Scalar::Text(text.to_owned()),
            };
            sheet.put(Cell::new(row, 0), formula, Look::Text.into());
        }
        let workbook = of_one(sheet);
        let parts = parts(&written(&workbook)?)?;
        for (row, text) in results.iter().enumerate() {
            let cell = format!(" t=\"str\"><f>B{row}</f><v>{text}</v>");
            assert!(parts.iter().any(|(_, xml)| xml.contains(&cell)), "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_function_that_files_name_otherwise_is_refused() -> Tested {
        let mut sheet = SheetOf::new("甲");
        let formula = |text: &str| Content::Formula {
            text: text.to_owned(),
            result: Scalar::Empty,
        };
        sheet.put(
            Cell::new(0, 0),
            formula("IF(\"XOR(1)\",1)"),
            Look::Text.into(),
        );
        let mut workbook = of_one(sheet);
        let parts = parts(&written(&workbook)?)?;
        let is_sheet = |(name, _): &&(String, String)| name == "xl/worksheets/sheet1.xml";
        let sheet = parts.iter().find(is_sheet);
        assert!(
            sheet.is_some_and(|(_, text)| text.contains("XOR(1)")),
            "{sheet:?}"
        );
        for text in ["XOR(1,0)", "1+SEQUENCE(3)", "FILTER(A1,B1)"] {
            for sheet in &mut workbook.sheets {
                sheet.put(Cell::new(0, 0), formula(text), Look::Text.into());
            }
            assert!(written(&workbook).is_err(), "{text}");
        }
        Ok(())
    }
}
