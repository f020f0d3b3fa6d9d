//! What a unit typed, laid out once more on the current forms: which row each
//! entry gets, and where each of its old cells stands now.

use std::collections::{BTreeMap, HashSet};

use ecow::eco_format;
use rust_decimal::Decimal;

use crate::form::{Layout, ReadRow, shown};
use crate::intake::{Entry, Leftover, Placed, Submission};
use crate::policy::{Field, Form, Kind, Policy, Shape};
use crate::roster::{Roster, Unit};
use crate::sheet::{AttachedKind, Cell, Content, Found, Look, Sheet};
use crate::template::{Row, forms_for, prefilled};
use crate::value::{Value, parse_date, squeeze};

/// A cell of a workbook.
pub(super) type At = (String, Cell);

/// A return, laid out once more.
pub(super) struct Again<'a> {
    submission: &'a Submission,
    forms: Vec<Laid<'a>>,
    /// Place among the forms by sheet of the file.
    by_sheet: BTreeMap<&'a str, usize>,
}

/// Where a cell of the file stands now.
pub(super) struct Moved {
    /// The cell.
    pub at: At,
    /// It is the header or label of a field, not a cell to fill in.
    pub is_header: bool,
    /// What was typed there, if anything.
    pub typed: Option<String>,
}

/// A form with its rows.
struct Laid<'a> {
    form: &'a Form,
    placed: Option<&'a Placed>,
    /// Rows as they were typed, in their order.
    typed: Vec<&'a ReadRow>,
    /// What the office prefills.
    prefilled: Vec<Row>,
    /// Rows that the office prefills and that are not among those typed.
    added: Vec<Row>,
    /// Entry and field by cell of the file.
    by_cell: BTreeMap<Cell, (usize, &'a Field)>,
    /// Entry by row of the file.
    by_row: BTreeMap<u32, usize>,
}

impl<'a> Laid<'a> {
    fn new(form: &'a Form, prefilled: Vec<Row>, submission: &'a Submission) -> Laid<'a> {
        let mut typed: Vec<&ReadRow> = entries(submission, form).map(|entry| &entry.row).collect();
        typed.sort_by_key(|row| row.raw.row);
        let says = typed.iter().flat_map(|row| row.raw.cells.iter());
        let says: HashSet<(&str, String)> = says
            .map(|(id, cell)| (id, squeeze(&shown(cell.found()))))
            .collect();
        let is_there = |row: &Row| {
            let mut row = row.iter();
            row.any(|(id, value)| says.contains(&(id.as_str(), squeeze(&value.to_string()))))
        };
        let added = match form.shape {
            Shape::Card => Vec::new(),
            Shape::Table => prefilled
                .iter()
                .filter(|row| !is_there(row))
                .cloned()
                .collect(),
        };
        let mut by_cell = BTreeMap::new();
        let mut by_row = BTreeMap::new();
        for (entry, row) in typed.iter().enumerate() {
            by_row.entry(row.raw.row).or_insert(entry);
            for (id, raw) in row.raw.cells.iter() {
                if let Some(field) = form.fields.get(id) {
                    // A merged cell speaks for several rows, and stands in the first.
                    by_cell.entry(raw.cell()).or_insert((entry, field));
                }
            }
        }
        Laid {
            form,
            placed: submission.placed.get(&form.id),
            typed,
            prefilled,
            added,
            by_cell,
            by_row,
        }
    }

    /// The unit of measure that a field's header said, if it was not the form's.
    fn other_measure(&self, field: &str) -> Option<&str> {
        let unusable = &self.placed?.unusable;
        unusable.get(field).map(String::as_str)
    }

    /// The cell of a field in an entry, in the new workbook.
    fn cell(&self, field: &Field, entry: usize) -> At {
        let cell = Layout::new(self.form, 1).cell(field, entry as u32);
        (self.form.sheet.clone(), cell)
    }

    /// The header of a field, in the new workbook.
    fn header(&self, field: &Field) -> Moved {
        let cell = Layout::new(self.form, 1).header(field);
        Moved {
            at: (self.form.sheet.clone(), cell),
            is_header: true,
            typed: None,
        }
    }

    /// A row as it was typed.
    fn as_typed(&self, row: &ReadRow) -> Row {
        let cells = row.raw.cells.iter();
        cells
            .filter_map(|(id, raw)| {
                let field = self.form.fields.get(id)?;
                let value = match self.other_measure(id) {
                    Some(measure) => {
                        Value::Text(cut(&measured(&shown(raw.found()), measure)).into())
                    }
                    None => value(field, raw.found(), row.values.get(id)),
                };
                Some((id.to_owned(), value))
            })
            .collect()
    }
}

impl<'a> Again<'a> {
    /// Lays a return out on the current forms of its unit.
    pub fn new(
        submission: &'a Submission,
        policy: &'a Policy,
        roster: &Roster,
        unit: &'a Unit,
    ) -> Again<'a> {
        let forms: Vec<Laid<'a>> = forms_for(policy, roster, unit)
            .into_iter()
            .map(|form| Laid::new(form, prefilled(form, policy, roster, unit), submission))
            .collect();
        let mut by_sheet = BTreeMap::new();
        for (index, laid) in forms.iter().enumerate() {
            if let Some(placed) = laid.placed {
                by_sheet.entry(placed.sheet.as_str()).or_insert(index);
            }
        }
        Again {
            submission,
            forms,
            by_sheet,
        }
    }

    fn laid(&self, form: &str) -> Option<&Laid<'a>> {
        self.forms.iter().find(|laid| laid.form.id == form)
    }

    /// The rows of a form: as typed, then what the office prefills besides.
    pub fn rows(&self, form: &Form) -> Vec<Row> {
        let Some(laid) = self.laid(&form.id) else {
            return Vec::new();
        };
        let typed = laid.typed.iter().map(|row| laid.as_typed(row));
        match form.shape {
            Shape::Table => typed.chain(laid.added.iter().cloned()).collect(),
            Shape::Card => {
                let mut row = laid.prefilled.first().cloned().unwrap_or_default();
                row.extend(typed.flatten());
                vec![row]
            }
        }
    }

    /// Where a cell of the file stands in the new workbook; also the empty cell
    /// of a field in the row of an entry. The header of a column whose figures
    /// cannot be taken stands for each of its cells.
    pub fn moved(&self, sheet: &str, cell: Cell) -> Vec<Moved> {
        let laid = self
            .by_sheet
            .get(sheet)
            .and_then(|index| self.forms.get(*index));
        let Some(laid) = laid else {
            return Vec::new();
        };
        let in_entry = |entry: usize, field: &Field| Moved {
            at: laid.cell(field, entry),
            is_header: false,
            typed: laid
                .typed
                .get(entry)
                .and_then(|row| Some(shown(row.raw.cells.get(&field.id)?.found()))),
        };
        if let Some((entry, field)) = laid.by_cell.get(&cell) {
            return vec![in_entry(*entry, field)];
        }
        let headers = laid.placed.into_iter().flat_map(|placed| &placed.headers);
        for (id, header) in headers {
            let Some(field) = laid.form.fields.get(id) else {
                continue;
            };
            if *header == cell {
                let filled: Vec<Moved> = (0..laid.typed.len())
                    .filter(|_| laid.other_measure(id).is_some())
                    .map(|entry| in_entry(entry, field))
                    .filter(|moved| moved.typed.is_some())
                    .collect();
                if !filled.is_empty() {
                    return filled;
                }
                return vec![laid.header(field)];
            }
            let entry = match laid.form.shape {
                Shape::Table if header.column == cell.column => laid.by_row.get(&cell.row).copied(),
                Shape::Card if header.row == cell.row && cell.column > header.column => Some(0),
                _ => None,
            };
            if let Some(entry) = entry {
                return vec![in_entry(entry, field)];
            }
        }
        Vec::new()
    }

    /// The form of a sheet of the file.
    fn of_sheet(&self, sheet: &str) -> Option<&Laid<'a>> {
        let by_place = self.by_sheet.get(sheet).copied();
        let by_name = || self.forms.iter().position(|l| l.form.sheet == sheet);
        self.forms.get(by_place.or_else(by_name)?)
    }

    /// The new sheet of a sheet of the file.
    pub fn sheet(&self, sheet: &str) -> Option<&str> {
        Some(&self.of_sheet(sheet)?.form.sheet)
    }

    /// The cell in which a prefilled row is to be answered: the first that must be
    /// filled in.
    pub fn answer(&self, asked: Moved) -> Moved {
        let laid = self.forms.iter().find(|l| l.form.sheet == asked.at.0);
        let answer = laid.and_then(|laid| {
            let mut fields = laid.form.fields.values();
            let field = fields.find(|f| f.required && !f.prefilled)?;
            let column = Layout::new(laid.form, 1).header(field).column;
            Some(Cell::new(asked.at.1.row, column))
        });
        match answer {
            Some(cell) => Moved {
                at: (asked.at.0, cell),
                is_header: false,
                typed: None,
            },
            None => asked,
        }
    }

    /// The cells of an entry's row in the new workbook, in which the unit fills in
    /// `asked` fields; none, if the cell stands in no table.
    pub fn row_of(&self, (sheet, cell): &At, asked: impl Fn(&Field) -> bool) -> Vec<At> {
        let mut laid = self.forms.iter();
        let laid = laid.find(|l| l.form.sheet == *sheet && l.form.shape == Shape::Table);
        let fields = laid
            .into_iter()
            .flat_map(|l| l.form.fields.values().map(move |f| (l, f)));
        fields
            .filter(|(_, field)| !field.prefilled && asked(field))
            .map(|(laid, field)| {
                let column = Layout::new(laid.form, 1).header(field).column;
                (sheet.clone(), Cell::new(cell.row, column))
            })
            .collect()
    }

    /// The cell in which somebody is to answer whom the office lists once more, since
    /// the return has no row of his. He is named in the message of a finding.
    pub fn listed(&self, sheet: &str, message: &str) -> Option<Moved> {
        let laid = self.of_sheet(sheet)?;
        let mut added = laid.added.iter();
        let entry = added.position(|row| {
            let mut names = row.values();
            names.any(|name| message.contains(&format!("“{name}”")))
        })?;
        let field = laid.form.subject_field()?;
        let at = laid.cell(field, laid.typed.len() + entry);
        Some(self.answer(Moved {
            at,
            is_header: false,
            typed: None,
        }))
    }

    /// The header of a field in the new workbook, by its text.
    pub fn header(&self, sheet: &str, header: &str) -> Option<Moved> {
        let laid = self.of_sheet(sheet)?;
        let mut fields = laid.form.fields.values();
        let field = fields.find(|field| field.header == header)?;
        Some(laid.header(field))
    }

    /// The order of a sheet of the new workbook among the forms.
    pub fn order(&self, sheet: &str) -> usize {
        let mut forms = self.forms.iter();
        let place = forms.position(|laid| laid.form.sheet == sheet);
        place.unwrap_or(self.forms.len())
    }

    /// Fits the cells of a sheet to what stands in them: prefilled cells that the
    /// unit changed are open, so that they can be mended, and a figure is shown as
    /// it was typed where the field's own format would show another.
    pub fn fit(&self, sheet: &mut Sheet) {
        let Some(laid) = self.forms.iter().find(|laid| laid.form.sheet == sheet.name) else {
            return;
        };
        let layout = Layout::new(laid.form, 1);
        for field in laid.form.fields.values() {
            // Each name is locked once: who wrote it twice must take one away.
            let mut own: BTreeMap<String, usize> = BTreeMap::new();
            for value in laid.prefilled.iter().filter_map(|row| row.get(&field.id)) {
                *own.entry(squeeze(&value.to_string())).or_default() += 1;
            }
            for (entry, row) in laid.typed.iter().enumerate() {
                let Some(raw) = row.raw.cells.get(&field.id) else {
                    continue;
                };
                let cell = layout.cell(field, entry as u32);
                let Some((content, style)) = sheet.cells.get_mut(&cell) else {
                    continue;
                };
                // What was struck through stays so until the unit says what it means.
                style.struck = raw.is_struck();
                if let Content::Number(number) = content {
                    let hidden = match field.kind {
                        Kind::Date => true,
                        Kind::Money => number.normalize().scale() > 2,
                        _ => false,
                    };
                    if hidden {
                        style.look = Look::Number;
                    }
                }
                if field.prefilled {
                    match own.get_mut(&squeeze(&shown(raw.found()))) {
                        Some(left) if *left > 0 => *left -= 1,
                        _ => *style = style.input(),
                    }
                }
            }
        }
    }

    /// The unit's own notes, each with the cell on which it stands now; and what has no
    /// such cell, or is no note, or too long for one, to be left over.
    pub fn attached(&self) -> (Vec<(At, &'a str)>, Vec<Leftover>) {
        let mut notes = Vec::new();
        let mut left = Vec::new();
        for (sheet, one) in &self.submission.attached {
            let moved = match one.kind {
                AttachedKind::Note if one.text.chars().count() <= LONGEST_NOTE => {
                    self.moved(sheet, one.cell).into_iter().next()
                }
                _ => None,
            };
            match moved {
                Some(moved) => notes.push((moved.at, one.text.as_str())),
                None => left.push(Leftover {
                    sheet: sheet.clone(),
                    cell: one.cell,
                    found: Found::Text(eco_format!("{}：{}", one.kind.word(), one.text)),
                }),
            }
        }
        (notes, left)
    }

    /// What has no place on the current forms: what intake left over, and the
    /// entries of forms that the unit does not fill in.
    pub fn leftovers(&self) -> Vec<Leftover> {
        let mut all: BTreeMap<At, Found> = BTreeMap::new();
        for left in &self.submission.leftovers {
            all.insert((left.sheet.clone(), left.cell), left.found.clone());
        }
        let entries = self.submission.entries.iter();
        for entry in entries.chain(&self.submission.untouched) {
            if self.laid(&entry.form).is_none() {
                for raw in entry.row.raw.cells.values() {
                    all.insert((entry.sheet.to_string(), raw.cell()), raw.found().clone());
                }
            }
        }
        all.into_iter()
            .map(|((sheet, cell), found)| Leftover { sheet, cell, found })
            .collect()
    }
}

/// The entries of a form, also those that were left as they came.
fn entries<'a>(submission: &'a Submission, form: &Form) -> impl Iterator<Item = &'a Entry> {
    let id = form.id.clone();
    submission
        .entries
        .iter()
        .chain(&submission.untouched)
        .filter(move |entry| entry.form == id)
}

/// A figure with the unit of measure that its header said: the header is the
/// office's again, and 5 under 万元 must never become 5 元. What is no bare figure
/// (3千 under 万元 would read as 3千万元) gets a question that no figure has, so
/// that it is not read at all.
fn measured(typed: &str, measure: &str) -> String {
    if typed.trim().parse::<Decimal>().is_ok() {
        format!("{typed}{measure}")
    } else {
        format!("{typed}\u{FF08}单位\u{FF1F}\u{FF09}")
    }
}

/// A note longer than this, in characters, is no note to read on the screen.
const LONGEST_NOTE: usize = 2_000;

/// A text in a cell can be no longer than this, in UTF-16 units.
const LONGEST: usize = 32_767;

/// What was typed, as it goes into a cell again. `decoded` is what it was
/// taken for.
fn value(field: &Field, found: &Found, decoded: Option<&Value>) -> Value {
    match (found, decoded) {
        // The number of a day is that day, whatever the file counted from.
        (Found::Number(number), Some(Value::Date(date)))
            if field.kind == Kind::Date && parse_date(&number.to_string()).is_err() =>
        {
            Value::Date(*date)
        }
        (Found::Number(number), _) => Value::Number(*number),
        (Found::Date(date, _), _) => Value::Date(*date),
        (Found::Text(_) | Found::Error(_) | Found::Bool(_), _) => {
            Value::Text(cut(&shown(found)).into())
        }
    }
}

/// A text of the length that a cell holds; what is cut off is said.
pub(super) fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST / 2 - 20).collect();
    format!("{start}……（太长，以下略）")
}
