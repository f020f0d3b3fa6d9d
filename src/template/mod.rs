//! What goes out: one workbook per unit, with a guide, its forms prefilled,
//! drop-downs and checks, and a stamp by which it is known when it returns.

mod guide;
mod note;
mod own;
mod stamp;
mod workbook;

pub use guide::GUIDE_SHEET;
pub use note::{note_of, units_words, with_units};
pub use own::{own_roster, stamp_of};
pub use stamp::{STAMP_SHEET, Stamp, form_hash, stamp_lines, stamp_sheet};
pub use workbook::{
    LEFTOVER_SHEET, OPINION_SHEET, Row, file_name, filled_workbook, forms_for, guide_texts,
    prefilled, printed_texts, unit_workbook,
};
