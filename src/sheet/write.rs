//! Turns a described workbook into the bytes of an .xlsx file. This file puts
//! the parts together; its neighbours each write one kind of thing.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Cursor, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

use jiff::civil::Date;
use rust_xlsxwriter as xlsx;

use super::cells::Given;
use super::format::Formats;
use super::kept::KeptPieces;
use super::name::check_name;
use super::properties::{author, properties};
use super::rows::Numbers;
use super::texts::Texts;
use super::{Area, SheetOf, Visibility, WorkbookOf, cells, chart, drawn, pack, page, validation};
use crate::several::{largest_first, width};

/// Why a workbook could not be written. Nothing is ever shortened or left out
/// to avoid it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Text longer than a cell or note holds.
    #[error("工作表“{sheet}”的 {cell} 文字太长（{length} 个字符，Excel 的一格最多 32767 个）")]
    TextTooLong {
        /// Sheet.
        sheet: String,
        /// Cell, as a person sees it.
        cell: String,
        /// Length in UTF-16 units.
        length: usize,
    },
    /// The text result of a formula would be stored as something else.
    #[error("工作表“{sheet}”的 {cell} 公式结果“{text}”是文字，却会被当成数值或逻辑值保存")]
    AmbiguousResult {
        /// Sheet.
        sheet: String,
        /// Cell, as a person sees it.
        cell: String,
        /// The result.
        text: String,
    },
    /// Something that Excel does not accept.
    #[error("工作表“{sheet}”的{place}写不进 Excel:{detail}")]
    Refused {
        /// Sheet; may be empty for the workbook itself.
        sheet: String,
        /// Where on the sheet.
        place: String,
        /// Why.
        detail: String,
    },
    /// The folder for temporary files took no more.
    #[error("临时文件写不进磁盘：{0}")]
    Temporary(String),
    /// The library gave up.
    #[error("{0}")]
    GaveUp(&'static str),
    /// Excel cannot open a workbook without a visible sheet.
    #[error("工作簿里没有可见的工作表")]
    NoVisibleSheet,
}

impl WriteError {
    /// A refusal at a place of a sheet.
    pub(crate) fn refused(
        sheet: &str,
        place: impl Into<String>,
        detail: impl std::fmt::Display,
    ) -> Self {
        WriteError::Refused {
            sheet: sheet.to_owned(),
            place: place.into(),
            detail: detail.to_string(),
        }
    }
}

/// How hard the file is compressed, from 1 to 9: less than the library's usual 6,
/// for packing is a large part of writing.
pub(super) const COMPRESSION: u8 = 3;

/// How hard that is compressed which is packed again.
pub(super) const QUICK: u8 = 1;

/// The bytes of the workbook: the same description gives the same bytes.
///
/// # Errors
/// What cannot be written.
pub fn write(workbook: &WorkbookOf<'_>) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Cursor::new(Vec::new());
    write_into(workbook, &KeptPieces::default(), &mut bytes)?;
    Ok(bytes.into_inner())
}

/// The same, with what was packed before, into a file: a large workbook is not held
/// beside its parts.
///
/// # Errors
/// What cannot be written.
pub fn write_into(
    workbook: &WorkbookOf<'_>,
    kept: &KeptPieces,
    to: impl Write + Seek,
) -> Result<(), WriteError> {
    let is_large = workbook.sheets.iter().any(|sheet| sheet.long.is_some());
    write_as(workbook, is_large, kept, to)
}

/// Writes the workbook. The rows of a large one are spelled and packed by us, several
/// sheets at once; of a small one they are the library's.
pub(super) fn write_as(
    workbook: &WorkbookOf<'_>,
    is_large: bool,
    kept: &KeptPieces,
    mut to: impl Write + Seek,
) -> Result<(), WriteError> {
    let sheets = &workbook.sheets;
    if !is_large {
        let Built { mut out, .. } = build(workbook, None, sheets, COMPRESSION)?;
        let bytes = saved(&mut out)?;
        let written = to.write_all(&bytes).and_then(|()| to.flush());
        return written.map_err(|error| temporary(&error));
    }
    let built = build(workbook, Some(width()), sheets, QUICK)?;
    let (mut out, heights, numbers) = (built.out, built.heights, built.numbers);
    thread::scope(|scope| {
        let texts = thread::Builder::new().spawn_scoped(scope, || Texts::new(sheets));
        let written = saved(&mut out)?;
        // What is no longer needed is taken apart meanwhile.
        let _ = thread::Builder::new().spawn_scoped(scope, move || drop(out));
        let texts = texts.ok().and_then(|texts| texts.join().ok());
        let rows = pack::Rows {
            sheets,
            heights: &heights,
            numbers: &numbers,
            texts: &texts.unwrap_or_else(|| Texts::new(sheets)),
            level: COMPRESSION,
            kept,
        };
        pack::with_rows(&written, &rows, to)
    })
}

/// The bytes of the workbook as the library writes it without its rows, and the
/// numbers of the formats that they have. The numbers are those of a workbook with
/// the sheets `among`: columns bear them as well.
pub(super) fn without_rows(
    workbook: &WorkbookOf<'_>,
    among: &[SheetOf<'_>],
    compression: u8,
) -> Result<(Vec<u8>, Numbers), WriteError> {
    let mut built = build(workbook, Some(1), among, compression)?;
    Ok((saved(&mut built.out)?, built.numbers))
}

/// A workbook as the library holds it.
struct Built {
    out: xlsx::Workbook,
    /// Heights of rows by sheet.
    heights: Vec<BTreeMap<u32, f64>>,
    /// The numbers of formats, if the rows are ours.
    numbers: Numbers,
}

/// Gives a workbook to the library; without the rows of its sheets where they are
/// ours, and then `ours` says how many sheets are filled at once, and formats are
/// numbered as in a workbook with the sheets `among`.
fn build(
    workbook: &WorkbookOf<'_>,
    ours: Option<usize>,
    among: &[SheetOf<'_>],
    compression: u8,
) -> Result<Built, WriteError> {
    let sheets = &workbook.sheets;
    let active = active(sheets).ok_or(WriteError::NoVisibleSheet)?;
    let mut names = HashSet::new();
    for sheet in sheets {
        check_name(&sheet.name, &mut names)?;
    }
    let mut out = xlsx::Workbook::new();
    out.set_zip_compression_level(compression);
    out.set_properties(&properties(&workbook.properties)?);
    let author = author(&workbook.properties);
    let mut numbers = Numbers::default();
    if ours.is_some() {
        register(&mut out, among, &mut numbers);
    }
    let mut targets = Vec::new();
    for sheet in sheets {
        let mut target = match sheet.long {
            Some(_) => out
                .new_worksheet_with_constant_memory()
                .map_err(|e| match e {
                    xlsx::XlsxError::IoError(error) => temporary(&error),
                    other => WriteError::refused(&sheet.name, "临时文件", other),
                })?,
            None => xlsx::Worksheet::new(),
        };
        target.set_default_note_author(author.clone());
        targets.push(target);
    }
    let mut heights = Vec::new();
    for (index, (target, high)) in fill(sheets, targets, ours)?.into_iter().enumerate() {
        let mut target = target;
        heights.push(high);
        if index == active {
            target.set_active(true);
            target.set_first_tab(true);
        }
        out.push_worksheet(target);
    }
    Ok(Built {
        out,
        heights,
        numbers,
    })
}

/// The sheet that is shown on opening.
pub(super) fn active(sheets: &[SheetOf<'_>]) -> Option<usize> {
    let mut sheets = sheets.iter();
    sheets.position(|sheet| sheet.visibility == Visibility::Visible)
}

/// The bytes of what the library holds.
fn saved(out: &mut xlsx::Workbook) -> Result<Vec<u8>, WriteError> {
    // The library gives up where the system has no more threads or memory for it.
    let save = catch_unwind(AssertUnwindSafe(|| out.save_to_buffer()));
    let saved = save.map_err(|_| {
        let why = "写到一半停下了，多半是电脑的内存不够；原来的文件没有动。请关掉别的程序后再运行，还是这样就告知维护人员";
        WriteError::GaveUp(why)
    })?;
    saved.map_err(|error| match error {
        xlsx::XlsxError::IoError(error) => temporary(&error),
        other => WriteError::refused("", "文件", other),
    })
}

/// Registers all formats of cells in a fixed order: what is written by several at a
/// time must not decide it.
fn register(out: &mut xlsx::Workbook, sheets: &[SheetOf<'_>], numbers: &mut Numbers) {
    let mut formats = Formats::default();
    let mut one = |style| {
        out.register_format(formats.get(style));
        numbers.register(style, &mut formats);
    };
    for sheet in sheets {
        if let Some(long) = &sheet.long {
            sheet.columns.values().copied().for_each(&mut one);
            let cells = sheet.cells.values();
            let drawn = cells.map(|(content, style)| cells::shown(content, *style));
            drawn
                .chain([cells::PLAIN])
                .chain(long.styles())
                .for_each(&mut one);
        }
    }
    for sheet in sheets.iter().filter(|sheet| sheet.long.is_none()) {
        drawn::styles(sheet).into_iter().for_each(&mut one);
    }
}

/// A sheet as the library holds it, with the heights of its rows.
type Filled = (xlsx::Worksheet, BTreeMap<u32, f64>);

/// The cells of a sheet that charts look at.
fn charted(sheets: &[SheetOf<'_>], name: &str) -> Vec<Area> {
    let charts = sheets.iter().flat_map(|sheet| &sheet.charts);
    let series = charts.flat_map(|chart| &chart.series);
    series
        .filter(|series| series.sheet == name)
        .flat_map(|series| [series.categories, series.values])
        .collect()
}

/// Fills the sheets, several at once where that pays, the largest first.
fn fill(
    sheets: &[SheetOf<'_>],
    targets: Vec<xlsx::Worksheet>,
    ours: Option<usize>,
) -> Result<Vec<Filled>, WriteError> {
    let sizes: Vec<usize> = sheets.iter().map(|sheet| sheet.cells.len()).collect();
    let waiting: Vec<Mutex<Option<xlsx::Worksheet>>> = targets
        .into_iter()
        .map(|target| Mutex::new(Some(target)))
        .collect();
    let filled = largest_first(&sizes, ours.unwrap_or(1), |at| {
        let mut target = waiting.get(at)?.lock().ok()?.take()?;
        let sheet = sheets.get(at)?;
        // The library gives up where the temporary folder takes no more.
        let areas = if ours.is_some() && sheet.long.is_none() {
            Some(charted(sheets, &sheet.name))
        } else {
            None
        };
        let given = match areas.as_deref() {
            Some(areas) => Given::Charted(areas),
            None if ours.is_some() => Given::Unlinked,
            None => Given::All,
        };
        let write = || write_sheet(&mut target, sheet, given, &mut Formats::default());
        let done = catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|_| {
            let why = "写到一半停下了，多半是磁盘已满；原来的文件没有动。请腾出空间后再运行";
            Err(WriteError::Temporary(why.to_owned()))
        });
        Some(done.map(|heights| (target, heights)))
    });
    filled.into_iter().flatten().collect()
}

/// Why a temporary file was not written.
pub(super) fn temporary(error: &io::Error) -> WriteError {
    let why = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "磁盘已满，或超过了允许的大小；原来的文件没有动。请腾出空间后再运行".to_owned()
        }
        _ => error.to_string(),
    };
    WriteError::Temporary(why)
}

/// Writes one sheet; gives the heights of its rows.
fn write_sheet(
    target: &mut xlsx::Worksheet,
    sheet: &SheetOf<'_>,
    given: Given<'_>,
    formats: &mut Formats,
) -> Result<BTreeMap<u32, f64>, WriteError> {
    let refused = |place: &'static str| move |e| WriteError::refused(&sheet.name, place, e);
    target
        .set_name(&sheet.name)
        .map_err(refused("名称"))?
        .set_formula_result_default("");
    match sheet.visibility {
        Visibility::Visible => {}
        Visibility::Hidden => {
            target.set_hidden(true);
        }
        Visibility::VeryHidden => {
            target.set_very_hidden(true);
        }
    }
    if let Some(colour) = sheet.tab {
        target.set_tab_color(xlsx::Color::RGB(colour));
    }
    let heights = cells::write(target, sheet, given, formats)?;
    if let Some(cell) = sheet.freeze {
        target
            .set_freeze_panes(cell.row, cell.column)
            .map_err(refused("冻结窗格"))?;
    }
    if let Some(area) = sheet.filter {
        let (first, last) = (area.first, area.last);
        target
            .autofilter(first.row, first.column, last.row, last.column)
            .map_err(refused("筛选"))?;
    }
    validation::write(target, sheet)?;
    for one in &sheet.charts {
        chart::write(target, sheet, one)?;
    }
    page::write(target, sheet)?;
    Ok(heights)
}

/// A day as the library holds it, if Excel can.
pub(super) fn day(date: Date) -> Option<xlsx::ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    xlsx::ExcelDateTime::from_ymd(year, month, day).ok()
}

/// Text for places other than cells, without what XML cannot hold. (In cells
/// the library escapes such characters, and nothing is lost.)
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .collect()
}

/// Length as Excel counts it.
pub(super) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}
