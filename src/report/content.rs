//! What stands in a table's cell as what a sheet's cell holds, and how it looks:
//! facts as they are, expressions as formulas with their exact result.

use super::ReportError;
use super::place::{Places, TablePlace};
use super::plan::look;
use crate::book::{
    CellRef, Evaluator, Expr, Format, Placement, RowFormula, Standing, View, formula, row_formula,
};
use crate::sheet::{Cell, Content, Look, Scalar, Style};

/// Longest formula; every spreadsheet program reads 8,192.
const LONGEST: usize = 8_000;

/// Writes what stands in tables as contents.
pub(super) struct Writer<'a> {
    /// Where the tables stand.
    pub places: &'a Places,
    /// The exact values.
    pub evaluator: &'a Evaluator<'a>,
    /// Figures are formulas; otherwise values.
    pub live: bool,
}

impl Writer<'_> {
    /// What a cell holds.
    pub fn content(
        &self,
        view: &View<'_>,
        at: CellRef,
        place: &TablePlace,
    ) -> Result<Content, ReportError> {
        Ok(match view {
            View::Fact(fact, _) => fact_content(fact),
            View::Figure(..) if !self.live => fact_content(&self.evaluator.cell(at)),
            View::Figure(expr, _) => Content::Formula {
                text: self.formula(expr, at, place)?,
                result: self.result(at),
            },
            View::Link(text, to) => link_content(text, self.places.cell(*to)),
        })
    }

    /// Where a formula stands.
    pub fn standing<'p>(&self, at: CellRef, place: &'p TablePlace) -> Standing<'p> {
        Standing {
            sheet: &place.sheet,
            row: self.places.cell(at).map_or(0, |(_, cell)| cell.row),
            own: at.row,
        }
    }

    /// What a figure comes to, as a formula holds it.
    pub fn result(&self, at: CellRef) -> Scalar {
        match self.evaluator.cell(at) {
            Scalar::Empty => Scalar::Text(String::new()),
            other => other,
        }
    }

    /// An expression as a formula.
    pub fn formula(
        &self,
        expr: &Expr,
        at: CellRef,
        place: &TablePlace,
    ) -> Result<String, ReportError> {
        let standing = self.standing(at, place);
        let text = formula(expr, self.places, standing);
        let text = text.ok_or_else(|| self.no_place(at, place))?;
        self.fits(&text, at, place)?;
        Ok(text)
    }

    /// An expression as a formula for all rows of a table in which it stands.
    ///
    /// # Errors
    /// Where it is too long in the last row, or refers to what has no place.
    pub fn row_formula(
        &self,
        expr: &Expr,
        at: CellRef,
        place: &TablePlace,
    ) -> Result<RowFormula, ReportError> {
        let formula = row_formula(expr, self.places, self.standing(at, place));
        let formula = formula.ok_or_else(|| self.no_place(at, place))?;
        self.fits(&formula.in_row(place.last()), at, place)?;
        Ok(formula)
    }

    fn fits(&self, formula: &str, at: CellRef, place: &TablePlace) -> Result<(), ReportError> {
        let length = formula.encode_utf16().count();
        if length <= LONGEST {
            return Ok(());
        }
        Err(ReportError::FormulaTooLong {
            sheet: place.sheet.clone(),
            cell: self.name(at),
            length,
            most: LONGEST,
        })
    }

    fn no_place(&self, at: CellRef, place: &TablePlace) -> ReportError {
        ReportError::NoPlace {
            sheet: place.sheet.clone(),
            cell: self.name(at),
        }
    }

    /// A cell as a person sees it.
    fn name(&self, at: CellRef) -> String {
        let place = self.places.cell(at);
        place.map_or_else(String::new, |(_, cell)| cell.name())
    }
}

/// Whether the figures of a column lead somewhere: a rank comes from its own
/// column, whatever its row rests on, and a reason stands beside what it is of.
pub(super) fn leads(column: &str) -> bool {
    !matches!(column, "rank" | "tie" | "why")
}

/// The style of a cell: its column's, unless what it holds has a look or a format of
/// its own.
pub(super) fn styled(
    own: Option<Format>,
    content: &Content,
    style: Style,
    format: Format,
) -> Style {
    let look = match (own, content) {
        (None, Content::Link { .. }) => Look::Link,
        (Some(own), _) => look(own),
        (_, Content::Text(_)) if !matches!(format, Format::Text | Format::Centre) => Look::Centre,
        _ => style.look,
    };
    Style { look, ..style }
}

/// A text that leads somewhere as what a cell holds.
pub(super) fn link_content(text: &str, to: Option<(&str, Cell)>) -> Content {
    match to {
        _ if text.is_empty() => Content::Blank,
        Some((sheet, cell)) => Content::Link {
            text: text.to_owned(),
            sheet: sheet.to_owned(),
            cell,
        },
        None => Content::Text(text.to_owned()),
    }
}

/// A fact as what a cell holds.
pub(super) fn fact_content(fact: &Scalar) -> Content {
    match fact {
        Scalar::Empty => Content::Blank,
        Scalar::Text(text) if text.is_empty() => Content::Blank,
        Scalar::Text(text) => Content::Text(text.clone()),
        Scalar::Number(number) => Content::Number(*number),
        Scalar::Date(day) => Content::Date(*day),
        Scalar::Bool(true) => Content::Text("是".to_owned()),
        Scalar::Bool(false) => Content::Text("否".to_owned()),
    }
}
