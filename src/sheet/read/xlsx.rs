//! .xlsx and .xlsm: cells from an iterator, never a grid from what the file
//! claims. What the library sees is a container made anew, of the parts that were
//! looked over, each where it usually is.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::room::Room;
use super::seen;
use super::sheet_plain;
use super::sheet_xml::{self, Seen};
use super::value::{position, value};
use super::xlsx_beside::{Looks, is_text_twice};
use crate::sheet::book::XlsxBook;
use crate::sheet::parts::Stored;
use crate::sheet::refused::{damaged, short_name, two_ways, unknown};
use crate::sheet::spaces::{self, Taken};
use crate::sheet::{Cell, Found, FoundSheet, OpenError};

/// Reads the sheets.
pub(super) fn read(mut book: XlsxBook) -> Result<Vec<FoundSheet>, OpenError> {
    let part = |kind: &str| {
        let led = book.leads_to.iter().find(|relation| relation.kind == kind);
        led.map_or("", |led| &led.target)
    };
    let looks = Looks::of(
        &book.parts,
        part("styles"),
        part("sharedStrings"),
        part("rdRichValueStructure"),
    );
    let mut seen = Vec::new();
    for sheet in &book.sheets {
        seen.push(match sheet.has_cells {
            true => sheet_xml::look_over(&book, sheet, &looks)?,
            false => Seen::default(),
        });
    }
    book.looked.clear();
    let stored = stored(&mut book, &seen)?;
    let XlsxBook {
        sheets,
        days_of_1904,
        ..
    } = book;
    let mut file = Xlsx::new(Cursor::new(stored.as_slice())).map_err(|error| said("", error))?;
    let mut room = Room::default();
    let mut read = Vec::new();
    for (at, (sheet, seen)) in sheets.iter().zip(seen).enumerate() {
        let mut found = FoundSheet {
            name: sheet.name.clone(),
            visibility: sheet.visibility,
            days_of_1904,
            ..FoundSheet::default()
        };
        for one in &seen.attached {
            room.attached(one, &found.name)?;
        }
        found.attached = seen.attached;
        // A sheet that is only a chart has no cells.
        if sheet.has_cells {
            read_sheet(
                &mut file,
                &own_name(at),
                &mut found,
                &seen.errors,
                &mut room,
            )?;
            seen::add_to(&mut found, seen.cells, &mut room)?;
            room.merged(&found.name, seen.merges.len())?;
            found.hidden_rows = seen.hidden;
            found.merges = seen.merges;
        }
        read.push(found);
    }
    Ok(read)
}

/// How a sheet is called towards the library.
fn own_name(at: usize) -> String {
    format!("s{at}")
}

/// The container that the library reads. The sheets are taken out of the workbook.
fn stored(book: &mut XlsxBook, seen: &[Seen]) -> Result<Vec<u8>, OpenError> {
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut made = Stored::new(book.parts.length());
    let (mut sheets, mut relations) = (String::new(), String::new());
    for (at, (sheet, seen)) in book.sheets.iter().zip(seen).enumerate() {
        if !sheet.has_cells {
            continue;
        }
        let name = own_name(at);
        sheets.push_str(&format!("<sheet name=\"{name}\" r:id=\"{name}\"/>"));
        relations.push_str(&format!(
            "<Relationship Id=\"{name}\" Type=\"{RELATION}/worksheet\" Target=\"{name}.xml\"/>"
        ));
        let content = book.parts.take(&sheet.part).unwrap_or_default();
        let content = match seen.is_plain {
            true => content,
            false => sheet_plain::plain(&sheet.name, &content)?,
        };
        made.add(&format!("xl/{name}.xml"), &content)?;
    }
    let since = u8::from(book.days_of_1904);
    let workbook =
        format!("<workbook><workbookPr date1904=\"{since}\"/><sheets>{sheets}</sheets></workbook>");
    let main = format!(
        "<Relationships><Relationship Id=\"m\" Type=\"{RELATION}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let relations = format!("<Relationships>{relations}</Relationships>");
    for (name, content) in [
        ("_rels/.rels", main),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations),
    ] {
        made.add(name, content.as_bytes())?;
    }
    for (kind, taken) in &TAKEN {
        let led = book.leads_to.iter().find(|relation| relation.kind == *kind);
        let Some((name, content)) =
            led.and_then(|led| Some((&led.target, book.parts.get(&led.target)?)))
        else {
            continue;
        };
        if !book.is_of_one_space(name) {
            let what = spaces::in_plain_words(kind);
            spaces::check(&format!("{what}部分"), content, taken)?;
        }
        if *kind == "sharedStrings" && is_text_twice(content) {
            return Err(two_ways("文字部分里有一处写了两遍"));
        }
        made.add(&format!("xl/{kind}.xml"), content)?;
    }
    made.finish()
}

/// The parts that the library reads beside the sheets, with the elements that it
/// takes from them.
const TAKEN: [(&str, Taken); 2] = [
    (
        "sharedStrings",
        Taken {
            anywhere: &["sst", "si", "t", "r", "rPh", "rPr", "strike", "vertAlign"],
            within: None,
        },
    ),
    (
        "styles",
        Taken {
            anywhere: &[
                "cellXfs",
                "cellStyleXfs",
                "xf",
                "numFmts",
                "numFmt",
                "fonts",
                "font",
                "strike",
            ],
            within: None,
        },
    ),
];

/// Reads the cells of a sheet in the order of the file.
fn read_sheet(
    file: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    found: &mut FoundSheet,
    errors: &BTreeSet<Cell>,
    room: &mut Room,
) -> Result<(), OpenError> {
    let mac = found.days_of_1904;
    let failed = |error| said(&found.name, error);
    let mut reader = file.worksheet_cells_reader(name).map_err(failed)?;
    let broken = |cell: Option<Cell>, what: &str| {
        let cell = cell.map(Cell::name).unwrap_or_default();
        damaged(format!("工作表“{}”{cell}{what}", short_name(&found.name)))
    };
    let twice = |cell: Cell| {
        let (sheet, cell) = (short_name(&found.name), cell.name());
        two_ways(format!("工作表“{sheet}”里有两个单元格都叫 {cell}"))
    };
    // Cells nearly always come in order, and then the map is made at once.
    let mut in_order: Vec<(Cell, Found)> = Vec::new();
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(failed)? {
        let cell = position(record.pos).ok_or_else(|| broken(None, "有单元格超出范围"))?;
        room.record(&found.name, cell.row)?;
        // A formula that gives the empty text gives an empty cell, and no lost result.
        let empty = matches!(&record.value, DataRef::String(text) if text.is_empty());
        if record.formula.is_some() && !empty && !found.formulas.insert(cell) {
            return Err(twice(cell));
        }
        let Some(value) = value(record.value, mac) else {
            continue;
        };
        let value = match value {
            Found::Text(text) if errors.contains(&cell) => Found::Error(text),
            other => other,
        };
        room.take(&value, &found.name, cell)?;
        if found.cells.is_empty() {
            if in_order.last().is_none_or(|(last, _)| *last < cell) {
                in_order.push((cell, value));
                continue;
            }
            found.cells = std::mem::take(&mut in_order).into_iter().collect();
        }
        if found.cells.insert(cell, value).is_some() {
            return Err(twice(cell));
        }
    }
    if found.cells.is_empty() {
        found.cells = in_order.into_iter().collect();
    }
    Ok(())
}

/// What the library says of a sheet, in words for whoever sent the file.
fn said(sheet: &str, error: XlsxError) -> OpenError {
    let place = match sheet {
        "" => "文字或格式部分".to_owned(),
        name => format!("工作表“{}”", short_name(name)),
    };
    let what = match error {
        XlsxError::Password => return OpenError::Protected,
        XlsxError::CellTAttribute(_) => return unknown(format!("{place}有单元格的类型不认识")),
        XlsxError::CellError(_) => return unknown(format!("{place}有单元格的错误值不认识")),
        XlsxError::Unexpected("Cell string index not found in shared strings table") => {
            "有单元格指向不存在的文字"
        }
        XlsxError::ParseFloat(_) | XlsxError::ParseInt(_) => "有单元格的数字写法不对",
        XlsxError::Unrecognized { .. } => "有单元格的是非值写法不对",
        XlsxError::Alphanumeric(_)
        | XlsxError::RangeWithoutColumnComponent
        | XlsxError::RangeWithoutRowComponent => "有单元格的位置写法不对",
        XlsxError::XmlEof(_) => "内容不完整",
        _ => return unknown(format!("{place}的写法不认识")),
    };
    damaged(format!("{place}{what}"))
}
