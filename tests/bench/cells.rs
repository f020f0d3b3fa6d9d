//! The least that writing takes: the same cells through bare rust_xlsxwriter.
//! They are read back from what the program wrote before any time is taken.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{Formula, Workbook, Worksheet, XlsxError};

/// What a cell holds.
enum Held {
    Text(String),
    Number(f64),
    /// A formula with its result.
    Formula(String, String),
}

/// A cell by row and column.
type At = (u32, u16, Held);

/// The cells of a workbook by sheet.
pub struct Cells {
    sheets: Vec<(String, Vec<At>)>,
}

impl Cells {
    /// How many there are, and how many of them are formulas.
    pub fn count(&self) -> (usize, usize) {
        let all = || self.sheets.iter().flat_map(|(_, cells)| cells);
        let formulas = all().filter(|(.., held)| matches!(held, Held::Formula(..)));
        (all().count(), formulas.count())
    }
}

/// Reads a workbook back.
pub fn harvest(path: &Path) -> Cells {
    let bytes = std::fs::read(path).expect("a workbook that the program wrote");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let names = book.sheet_names();
    let sheets = names.into_iter().map(|name| {
        let values = book.worksheet_range(&name).expect("values");
        let formulas = book.worksheet_formula(&name).expect("formulas");
        let mut cells = Vec::new();
        let (rows, columns) = match (values.end(), formulas.end()) {
            (Some(one), Some(other)) => (one.0.max(other.0), one.1.max(other.1)),
            (one, other) => one.or(other).unwrap_or_default(),
        };
        for row in 0..=rows {
            for column in 0..=columns {
                let at = (row, column);
                let formula = formulas.get_value(at).filter(|text| !text.is_empty());
                if let Some(held) = held(values.get_value(at), formula) {
                    cells.push((row, column as u16, held));
                }
            }
        }
        (name, cells)
    });
    Cells {
        sheets: sheets.collect(),
    }
}

fn held(value: Option<&Data>, formula: Option<&String>) -> Option<Held> {
    let value = value.unwrap_or(&Data::Empty);
    if let Some(formula) = formula {
        let result = match value {
            Data::DateTime(day) => day.as_f64().to_string(),
            Data::Empty => String::new(),
            other => other.to_string(),
        };
        return Some(Held::Formula(formula.clone(), result));
    }
    match value {
        Data::Empty => None,
        Data::Float(number) => Some(Held::Number(*number)),
        Data::Int(number) => Some(Held::Number(*number as f64)),
        Data::DateTime(day) => Some(Held::Number(day.as_f64())),
        other => Some(Held::Text(other.to_string())),
    }
}

/// Writes a workbook of these cells and nothing else: no formats, no widths.
pub fn write(cells: &Cells, path: &Path) {
    let made = || -> Result<(), XlsxError> {
        let mut book = Workbook::new();
        for (name, cells) in &cells.sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(name)?;
            for (row, column, held) in cells {
                put(sheet, *row, *column, held)?;
            }
        }
        book.save(path)
    };
    made().expect("bare cells are written");
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, held: &Held) -> Result<(), XlsxError> {
    match held {
        Held::Text(text) => sheet.write_string(row, column, text)?,
        Held::Number(number) => sheet.write_number(row, column, *number)?,
        Held::Formula(text, result) => {
            let formula = Formula::new(text).set_result(result);
            sheet.write_formula(row, column, formula)?
        }
    };
    Ok(())
}

/// Writes several workbooks on two threads into a folder.
pub fn write_all(books: &[Cells], folder: &Path) {
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(cells) = books.get(number) else {
                break;
            };
            let path: PathBuf = folder.join(format!("{number}.xlsx"));
            write(cells, &path);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
}
