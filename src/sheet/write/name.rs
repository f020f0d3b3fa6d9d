//! Names of sheets that spreadsheet programs accept.

use std::collections::HashSet;

use rust_xlsxwriter as xlsx;

use super::clean;
use crate::sheet::WriteError;

/// Excel refuses some names only when it opens the file.
pub(super) fn check_name(name: &str, known: &mut HashSet<String>) -> Result<(), WriteError> {
    let refused = |detail: &str| Err(WriteError::refused(name, "名称", detail));
    if name.eq_ignore_ascii_case("history") {
        return refused("Excel 保留了这个名称");
    }
    if xlsx::utility::check_sheet_name(name).is_err() {
        return refused("为空，或超过 31 个字符，或含有 []:*?/\\，或首尾是单引号");
    }
    if *name != clean(name) || name.contains(['\n', '\t']) {
        return refused("名称里有换行或控制字符");
    }
    if !known.insert(name.to_lowercase()) {
        return refused("有两个同名的工作表");
    }
    Ok(())
}
