//! A unit's own card as a workbook of its own: values, and nothing of other units.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Places, Report, ReportError, draw, sheets};
use crate::book::Evaluator;
use crate::policy::Policy;
use crate::roster::Unit;
use crate::sheet::WorkbookOf;

/// The card of a unit whose tables are in the book; `None` if they are not.
///
/// # Errors
/// A table that a sheet cannot hold.
pub fn card_workbook<'a>(
    policy: &'a Policy,
    values: &Arc<Evaluator<'a>>,
    unit: &Unit,
    today: Date,
) -> Result<Option<WorkbookOf<'a>>, ReportError> {
    let report = Report {
        policy,
        book: values.book(),
        values: Arc::clone(values),
        today,
        live: false,
    };
    let Some(plan) = sheets::own_card(&report, unit) else {
        return Ok(None);
    };
    let places = Arc::new(Places::assign(std::slice::from_ref(&plan), values.book())?);
    let sheet = draw::sheet(&report, &places, values, 0, &plan)?;
    Ok(Some(WorkbookOf {
        sheets: vec![sheet],
        properties: report.properties(),
    }))
}
