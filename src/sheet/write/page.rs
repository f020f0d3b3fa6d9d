//! How a sheet prints, and what its protection leaves free.

use rust_xlsxwriter::{ProtectionOptions, Worksheet};

use super::{clean, utf16};
use crate::sheet::SheetOf;
use crate::sheet::WriteError;

/// A4 in the library's numbering.
const A4: u8 = 9;

/// Sets the page and the protection of a sheet.
pub(super) fn write(target: &mut Worksheet, sheet: &SheetOf<'_>) -> Result<(), WriteError> {
    let page = &sheet.page;
    let refused = |place: &'static str| move |e| WriteError::refused(&sheet.name, place, e);
    target
        .set_paper_size(A4)
        .set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35)
        .set_print_center_horizontally(true);
    if page.landscape {
        target.set_landscape();
    } else {
        target.set_portrait();
    }
    if page.one_page {
        target.set_print_fit_to_pages(1, 1);
    } else if page.fit_width {
        target.set_print_fit_to_pages(1, 0);
    }
    if let Some((first, last)) = page.repeat_rows {
        target
            .set_repeat_rows(first, last)
            .map_err(refused("打印标题行"))?;
    }
    if let Some(area) = page.area {
        let (a, b) = (area.first, area.last);
        target
            .set_print_area(a.row, a.column, b.row, b.column)
            .map_err(refused("打印区域"))?;
    }
    if !page.breaks.is_empty() {
        target
            .set_page_breaks(&page.breaks)
            .map_err(refused("分页"))?;
    }
    target.set_footer(footer(sheet)?);
    if sheet.protected {
        target.protect_with_options(&freedom());
    }
    Ok(())
}

/// Left text, page x of y, right text.
pub(super) fn footer(sheet: &SheetOf<'_>) -> Result<String, WriteError> {
    let page = &sheet.page;
    let mut footer = String::new();
    for (side, text) in [("&L", &page.footer_left), ("&R", &page.footer_right)] {
        if !text.is_empty() {
            footer.push_str(side);
            footer.push_str(&literal(text));
        }
        if side == "&L" {
            footer.push_str("&C第 &P 页 共 &N 页");
        }
    }
    if utf16(&footer) > 255 {
        return Err(WriteError::refused(&sheet.name, "页脚", "超过 255 个字符"));
    }
    Ok(footer)
}

/// Text in which nothing is a code. (`&[` would be one even after `&&`.)
fn literal(text: &str) -> String {
    clean(text)
        .replace(['\n', '\t'], " ")
        .replace("&[", "& [")
        .replace('&', "&&")
}

/// What protection leaves free: looking, sorting, filtering, making room, and how
/// cells look. Rows can be put in, since the reader goes by headers; they cannot be
/// taken out, for they hold locked cells, nor can columns.
fn freedom() -> ProtectionOptions {
    ProtectionOptions {
        select_locked_cells: true,
        select_unlocked_cells: true,
        sort: true,
        use_autofilter: true,
        insert_rows: true,
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    }
}
