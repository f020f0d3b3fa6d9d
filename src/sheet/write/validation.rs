//! Writes checks on what is typed, and conditional formats.

use rust_decimal::Decimal;
use rust_xlsxwriter::{
    ConditionalFormatDataBar, ConditionalFormatFormula, ConditionalFormatType, DataValidation,
    DataValidationErrorStyle, DataValidationRule, Formula, Worksheet, XlsxError,
};

use super::clean;
use super::content::day;
use super::format::highlight;
use crate::sheet::WriteError;
use crate::sheet::{Rule, SheetOf, Validation};

/// A bound that no figure of a form reaches, where none was given.
const FAR: i64 = 999_999_999_999_999;
/// Colour of the bars behind numbers: letters are easily read on it.
const BAR: u32 = 0x00C9_D9EC;

/// Writes the checks and the conditional formats of a sheet.
pub(super) fn write(target: &mut Worksheet, sheet: &SheetOf<'_>) -> Result<(), WriteError> {
    for check in &sheet.validations {
        let (a, b) = (check.area.first, check.area.last);
        let refused = |detail: &dyn std::fmt::Display| {
            WriteError::refused(&sheet.name, format!(" {} 的填写检查", a.name()), detail)
        };
        let built = build(check)
            .map_err(|e| refused(&e))?
            .ok_or_else(|| refused(&"下拉选项为空或含有逗号、引号，或日期超出范围"))?;
        target
            .add_data_validation(a.row, a.column, b.row, b.column, &built)
            .map_err(|e| refused(&e))?;
    }
    for mark in &sheet.highlights {
        let (a, b) = (mark.area.first, mark.area.last);
        let place = format!(" {} 的条件格式", a.name());
        let Some(format) = highlight(mark.look) else {
            return Err(WriteError::refused(
                &sheet.name,
                place,
                "不是条件格式的样式",
            ));
        };
        let rule = ConditionalFormatFormula::new()
            .set_rule(mark.formula.as_str())
            .set_format(format);
        target
            .add_conditional_format(a.row, a.column, b.row, b.column, &rule)
            .map_err(|e| WriteError::refused(&sheet.name, place, e))?;
    }
    for area in &sheet.bars {
        let (a, b) = (area.first, area.last);
        let bar = ConditionalFormatDataBar::new()
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_fill_color(BAR)
            .set_solid_fill(true);
        target
            .add_conditional_format(a.row, a.column, b.row, b.column, &bar)
            .map_err(|e| WriteError::refused(&sheet.name, format!(" {} 的数据条", a.name()), e))?;
    }
    Ok(())
}

/// A check as the library holds it; none where its values cannot be written.
fn build(check: &Validation) -> Result<Option<DataValidation>, XlsxError> {
    let new = DataValidation::new();
    let new = match &check.rule {
        Rule::Any => new.allow_any_value(),
        Rule::List(items) => {
            let plain = |s: &String| !s.is_empty() && !s.contains([',', '"']) && *s == clean(s);
            if items.is_empty() || !items.iter().all(plain) {
                return Ok(None);
            }
            new.allow_list_strings(items)?
        }
        Rule::ListRange { sheet, area } => {
            new.allow_list_formula(Formula::new(area.reference(sheet)))
        }
        Rule::Whole { min, max } => {
            let bound =
                |value: Option<i64>, far: i64| Formula::new(value.unwrap_or(far).to_string());
            new.allow_whole_number_formula(DataValidationRule::Between(
                bound(*min, -FAR),
                bound(*max, FAR),
            ))
        }
        Rule::Decimal { min, max } => {
            let bound = |value: Option<Decimal>, far: i64| {
                Formula::new(value.unwrap_or(far.into()).normalize().to_string())
            };
            new.allow_decimal_number_formula(DataValidationRule::Between(
                bound(*min, -FAR),
                bound(*max, FAR),
            ))
        }
        Rule::Date { from, to } => {
            let (Some(from), Some(to)) = (day(*from), day(*to)) else {
                return Ok(None);
            };
            new.allow_date(DataValidationRule::Between(from, to))
        }
    };
    let style = if check.warn_only {
        DataValidationErrorStyle::Warning
    } else {
        DataValidationErrorStyle::Stop
    };
    let new = new
        .set_input_title(clean(&check.prompt_title))?
        .set_input_message(clean(&check.prompt))?
        .set_error_title(clean(&check.error_title))?
        .set_error_message(clean(&check.error))?
        .set_error_style(style);
    Ok(Some(new))
}
