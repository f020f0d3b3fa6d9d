//! What the content of a cell becomes in a file: its style, its number, its stored
//! result. Numbers become doubles here and nowhere else.

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_xlsxwriter as xlsx;

use super::utf16;
use crate::sheet::WriteError;
use crate::sheet::{Cell, Content, Look, Scalar, SheetOf, Style};

/// Most UTF-16 units in a cell.
pub(in crate::sheet) const TEXT_LIMIT: usize = 32_767;
/// Most UTF-16 units in a formula.
pub(in crate::sheet) const FORMULA_LIMIT: usize = 8_192;

/// How a cell looks that shows nothing.
pub(super) const PLAIN: Style = Style::new(Look::Plain);

/// A cell of a sheet, for messages.
pub(super) struct At<'a> {
    pub sheet: &'a SheetOf<'a>,
    pub cell: Cell,
}

impl At<'_> {
    pub fn library(&self) -> impl Fn(xlsx::XlsxError) -> WriteError {
        |e| self.refused(e)
    }

    pub fn refused(&self, detail: impl std::fmt::Display) -> WriteError {
        WriteError::refused(&self.sheet.name, format!(" {} ", self.cell.name()), detail)
    }

    pub fn fits(&self, text: &str, limit: usize) -> Result<(), WriteError> {
        let length = utf16(text);
        if length <= limit {
            return Ok(());
        }
        Err(WriteError::TextTooLong {
            sheet: self.sheet.name.clone(),
            cell: self.cell.name(),
            length,
        })
    }
}

/// The style that shows the content: a day needs a day's number format.
pub(super) fn shown(content: &Content, style: Style) -> Style {
    match content {
        Content::Date(_)
        | Content::Formula {
            result: Scalar::Date(_),
            ..
        } => Style {
            look: Look::Date,
            ..style
        },
        _ => style,
    }
}

/// The stored result of a formula.
pub(super) fn cached(at: &At, result: &Scalar) -> Result<String, WriteError> {
    Ok(match result {
        Scalar::Empty => String::new(),
        Scalar::Number(number) => double(*number).to_string(),
        Scalar::Date(date) => serial(at, *date)?.to_string(),
        Scalar::Bool(true) => "TRUE".to_owned(),
        Scalar::Bool(false) => "FALSE".to_owned(),
        Scalar::Text(text) => {
            at.fits(text, TEXT_LIMIT)?;
            text.clone()
        }
    })
}

/// Whether the library would store the text that a formula comes to as a number, a
/// truth value or an error: it guesses the type from the spelling.
pub(super) fn is_misread(content: &Content) -> bool {
    let Content::Formula { result, .. } = content else {
        return false;
    };
    let Scalar::Text(text) = result else {
        return false;
    };
    let is_error = text.starts_with('#') && text.is_ascii();
    is_error || text == "TRUE" || text == "FALSE" || text.parse::<f64>().is_ok()
}

/// The double nearest to a decimal, through its spelling.
pub(super) fn double(number: Decimal) -> f64 {
    if number.is_zero() {
        return 0.0;
    }
    // A decimal's spelling always parses.
    number.normalize().to_string().parse().unwrap_or(f64::NAN)
}

/// The day number that Excel stores.
pub(super) fn serial(at: &At, date: Date) -> Result<f64, WriteError> {
    day(date)
        .map(|d| d.to_excel())
        .ok_or_else(|| at.refused(format!("日期 {date} 超出 Excel 的范围")))
}

/// A day as the library holds it, if Excel can.
pub(super) fn day(date: Date) -> Option<xlsx::ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    xlsx::ExcelDateTime::from_ymd(year, month, day).ok()
}
