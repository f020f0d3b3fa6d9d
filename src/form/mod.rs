//! A form on a sheet, in both directions: where its cells are (`layout`), how
//! the empty sheet looks (`draw`), where its headers are on a sheet that came
//! back (`locate`), and what its cells say (`decode`). Template, roster and
//! intake all go through here, so a form is defined once.

mod body;
mod columns;
mod decode;
mod ditto;
mod dragged;
mod draw;
mod elsewhere;
mod examples;
mod fault;
mod fields;
mod findings;
mod layout;
mod lists;
mod locate;
mod merge;
mod page;
mod phone;
mod placeholder;
mod read;
mod remarks;
mod shown;
mod totals;
mod words;

pub use body::rows_below;
pub use decode::{LONGEST_TEXT, decode};
pub(crate) use dragged::WHY as DRAGGED;
pub use draw::{Prefilled, draw, draw_own, part_name};
pub use fault::Fault;
pub use fields::{Cells, FieldIds, Marks, RawCell, RawRow, Values};
pub use layout::Layout;
pub use lists::{Lists, SHEET as LISTS_SHEET};
pub use locate::{Located, Texts, locate, locate_among, measure};
pub use page::{Context, FormReading, ReadRow};
pub(crate) use placeholder::{may_pass, says_nothing, stands_for_empty};
pub(crate) use read::TEN_THOUSAND;
pub use read::read_form;
pub(crate) use shown::quoted;
pub use shown::shown;
pub use words::{Names, Resolved};
