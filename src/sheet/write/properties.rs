//! What stands in the properties of a file.

use rust_xlsxwriter as xlsx;

use super::content::day;
use super::{clean, utf16};
use crate::sheet::Properties;
use crate::sheet::WriteError;

/// Title, author and named texts; the day of creation at midnight.
pub(super) fn properties(from: &Properties) -> Result<xlsx::DocProperties, WriteError> {
    let mut to = xlsx::DocProperties::new()
        .set_title(clean(&from.title))
        .set_author(clean(&from.author))
        .set_creation_datetime(&day(from.created).ok_or_else(|| {
            WriteError::refused(
                "",
                "创建日期",
                format!("{} 超出 Excel 的范围", from.created),
            )
        })?);
    for (name, value) in &from.custom {
        if utf16(name) > 255 || utf16(value) > 255 {
            return Err(WriteError::refused(
                "",
                format!("属性“{name}”"),
                "超过 255 个字符",
            ));
        }
        to = to.set_custom_property(clean(name), clean(value));
    }
    Ok(to)
}

/// Whose the notes are: the office, if its name fits.
pub(super) fn author(properties: &Properties) -> String {
    let author = clean(&properties.author);
    if utf16(&author) <= 50 {
        author
    } else {
        String::new()
    }
}
