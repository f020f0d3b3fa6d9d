//! Why a workbook could not be written.

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
