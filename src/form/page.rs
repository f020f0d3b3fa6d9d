//! A form and the sheet on which it was found, and what is read of it.

use std::sync::Arc;

use ecow::EcoString;

use super::fields::{FieldIds, RawRow, Values};
use super::locate::Located;
use super::shown::{found, quoted};
use super::words::Names;
use crate::diagnostic::{Finding, Place};
use crate::policy::{Form, Policy};
use crate::sheet::{Cell, FoundSheet};

/// An entry, decoded.
#[derive(Debug, Clone)]
pub struct ReadRow {
    /// As found.
    pub raw: Arc<RawRow>,
    /// Values by field id; fields without a usable value are left out.
    pub values: Arc<Values>,
    /// Why the entry cannot be counted, if so.
    pub rejected: Option<EcoString>,
}

impl ReadRow {
    /// The ids of the form's fields.
    pub(crate) fn ids(&self) -> &FieldIds {
        self.raw.cells.ids()
    }
}

/// What stands between a sheet and its entries.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The pack.
    pub policy: &'a Policy,
    /// Who knows names; nobody while the roster itself is read.
    pub names: Option<&'a dyn Names>,
    /// The file, as it is named in findings.
    pub file: &'a str,
    /// Whether the sheet counts its days from 1904.
    pub days_of_1904: bool,
    /// The form was issued with other columns: an optional one that is not there
    /// is nobody's fault.
    pub older_form: bool,
}

/// What was read from the sheet of a form.
#[derive(Debug, Default)]
pub struct FormReading {
    /// The entries: rows with anything in a cell that the office did not prefill.
    pub rows: Vec<ReadRow>,
    /// Rows that stand as the office prefilled them.
    pub untouched: Vec<RawRow>,
    /// Cells that have no place in the form, with the findings that speak of them
    /// among `findings`.
    pub leftovers: Vec<Cell>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// A form and the sheet on which it was found.
pub(super) struct PageOf<'a> {
    /// The sheet.
    pub sheet: &'a FoundSheet,
    /// The form.
    pub form: &'a Form,
    /// Where its headers are.
    pub located: &'a Located,
    /// What stands around it.
    pub context: Context<'a>,
}

impl PageOf<'_> {
    /// The sheet as a place.
    pub fn place(&self) -> Place {
        Place::file(self.context.file).on(&self.sheet.name)
    }

    /// The header of the column in which a cell stands.
    pub fn header(&self, cell: Cell) -> &str {
        let id = self.located.field_at(cell.column);
        let field = id.and_then(|id| self.form.fields.get(id));
        field.map_or("", |field| &field.header)
    }

    /// A cell as a place.
    pub fn at(&self, cell: Cell) -> Place {
        let mut place = self.place();
        place.cell = Some(cell);
        let header = self.header(cell);
        place.header = (!header.is_empty()).then(|| header.to_owned());
        place
    }

    /// What a cell holds, for a finding.
    pub fn typed(&self, cell: Cell) -> String {
        found(self.sheet, cell)
            .map(|f| quoted(&f))
            .unwrap_or_default()
    }
}
