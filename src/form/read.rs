//! The entries of a form on a sheet that came back, each cell decoded, and
//! what is wrong with them.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use ecow::{EcoString, eco_format};

use super::body::body;
use super::decode::decode;
use super::ditto::{is_ditto, may_be_copied};
use super::fault::Fault;
use super::fields::{RawCell, RawRow, Values, field_ids};
use super::findings::{empty_required, faulty, interpretation, placeholder};
use super::locate::Located;
use super::merge::Merges;
use super::page::{Context, FormReading, PageOf, ReadRow};
use super::placeholder::{may_pass, says_nothing, stands_for_empty, would_be_taken};
use super::shown::{quoted, shown};
use super::words::Resolved;
use super::{columns, dragged, elsewhere, remarks};
use crate::diagnostic::{Code, Finding, Place};
use crate::policy::{Field, Form, Kind, Shape};
use crate::sheet::{Cell, Found, FoundSheet, is_quoted_struck};
use crate::value::{Meaning, Reading, Value, is_unreadable, squeeze};

/// 1 万元 in 元.
pub(crate) const TEN_THOUSAND: i64 = 10_000;

/// Reads a form from its sheet. `printed` knows what the office wrote there
/// itself, squeezed.
pub fn read_form(
    sheet: &FoundSheet,
    form: &Form,
    located: &Located,
    printed: &BTreeSet<String>,
    context: Context<'_>,
) -> FormReading {
    let merges = match form.shape {
        Shape::Table => Merges::below(sheet, located),
        Shape::Card => Merges::default(),
    };
    let ids = field_ids(form);
    let body = body(sheet, form, located, &merges, &ids, context);
    let mut reading = FormReading::default();
    let page = PageOf {
        sheet,
        form,
        located,
        context,
    };
    columns::columns(&page, &body, &mut reading);
    let place = Place::file(context.file).on(&sheet.name);
    // A name that is filled in on another row needs no answer on this one.
    let says = |(id, cell): (&str, &RawCell)| (EcoString::from(id), squeeze(&shown(cell.found())));
    let said: HashSet<(EcoString, String)> = match body.untouched.is_empty() {
        true => HashSet::new(),
        false => body
            .entries
            .iter()
            .flat_map(|row| row.cells.iter().map(says))
            .collect(),
    };
    let answered = |row: &RawRow| row.cells.iter().map(says).any(|own| said.contains(&own));
    for row in body.untouched.iter().filter(|row| !answered(row)) {
        reading
            .findings
            .extend(left_alone(row, form, place.clone()));
    }
    let mut reader = RowReader {
        page: &page,
        merges: &merges,
        findings: Vec::new(),
    };
    let blocks = dragged::blocks(&page, &merges, &body.entries);
    let mut blocks = blocks.into_iter().peekable();
    for (at, raw) in body.entries.iter().enumerate() {
        let above = reading.rows.last();
        let above = above.filter(|row| row.raw.row.checked_add(1) == Some(raw.row));
        let said = reader.findings.len();
        let mut row = reader.decode_row(raw, above);
        while blocks.next_if(|block| block.end <= at).is_some() {}
        if let Some(block) = blocks.peek().filter(|block| block.contains(&at)) {
            // Said once for all of them.
            reader.findings.truncate(said);
            row.rejected = Some(dragged::WHY.into());
            if block.start == at {
                let block = &body.entries[block.clone()];
                reader.findings.extend(dragged::dragged(&page, block));
            }
        }
        reading.rows.push(row);
    }
    reading.findings.append(&mut reader.findings);
    remarks::remarks(&page, &body, &merges, &mut reading);
    elsewhere::elsewhere(&page, &body, printed, &mut reading);
    reading.untouched = body.untouched;
    reading
}

/// A prefilled row that got no answer: nothing is known of whom it lists, and that
/// is said.
fn left_alone(row: &RawRow, form: &Form, place: Place) -> Option<Finding> {
    let mut fields = form.fields.values();
    let asked = form.lists_subjects() || fields.any(|f| f.required && f.kind == Kind::YesNo);
    let (id, raw) = row.cells.first()?;
    let field = form.fields.get(id)?;
    asked.then(|| {
        let message = format!("“{}”这一行没有填写", shown(raw.found()));
        let place = place.at(raw.cell(), &field.header);
        Finding::new(Code::RowUntouched, place, message)
    })
}

/// What is wrong with a cell whose number format shows another number. Where an
/// amount of a table may be meant in 万元, the office can rule that.
fn fault_of_format(form: &Form, field: &Field, cell: &RawCell) -> Option<Fault> {
    let by = cell.unscaled()?;
    let is_for_office =
        form.shape == Shape::Table && field.kind == Kind::Money && by.times == TEN_THOUSAND.into();
    (!is_for_office).then(|| Fault::Format(by.clone()))
}

/// Decodes rows and gathers what is wrong with them.
struct RowReader<'a> {
    page: &'a PageOf<'a>,
    merges: &'a Merges,
    findings: Vec<Finding>,
}

impl RowReader<'_> {
    /// Decodes a row; `above` is the entry in the row right above it.
    fn decode_row(&mut self, raw: &Arc<RawRow>, above: Option<&ReadRow>) -> ReadRow {
        let PageOf {
            sheet,
            form,
            located,
            context,
        } = *self.page;
        let findings = &mut self.findings;
        let mut values = Values::new(raw.cells.ids(), raw.cells.len());
        let mut rejected: Option<EcoString> = None;
        let place = |cell: Cell, field: &Field| {
            Place::file(context.file)
                .on(&sheet.name)
                .at(cell, &field.header)
        };
        for field in form.fields.values() {
            let Some(header) = located.headers.get(&field.id) else {
                // The whole column is missing: said once for the sheet.
                if field.required {
                    rejected.get_or_insert_with(|| eco_format!("缺少栏目“{}”", field.header));
                }
                continue;
            };
            let Some(cell) = raw.cells.get(&field.id) else {
                let expected = located.cell(form, &field.id, raw.row).unwrap_or(*header);
                if self.merges.lacks_number(expected) {
                    // Said once for the merged cell.
                    rejected
                        .get_or_insert_with(|| eco_format!("“{}”是合并单元格里的数", field.header));
                    continue;
                }
                if field.required {
                    let empty = empty_required(form, field, place(expected, field));
                    match empty.code {
                        Code::RequiredEmpty => {
                            let why = || eco_format!("“{}”没有填", field.header);
                            rejected.get_or_insert_with(why);
                        }
                        Code::YesNoEmpty => values.insert(&field.id, Value::Text("否".into())),
                        // What is not known is not 否.
                        _ => {}
                    }
                    findings.push(empty);
                }
                continue;
            };
            let found = cell.found();
            let typed = || quoted(found);
            if located.wrong_measures.iter().any(|(at, _)| at == header) {
                // Said once for the column; none of its amounts can be trusted.
                rejected.get_or_insert_with(|| eco_format!("“{}”的表头单位被改动", field.header));
                continue;
            }
            let ditto = may_be_copied(field) && is_ditto(found);
            let nothing = !ditto && stands_for_empty(context.policy, form, field, found);
            if nothing && would_be_taken(field, found) {
                if field.required {
                    let finding = placeholder(field, place(cell.cell(), field), &typed());
                    let why = || eco_format!("“{}”等于没有填", field.header);
                    rejected.get_or_insert_with(why);
                    findings.push(finding);
                } else if !may_pass(field, found) {
                    let at = place(cell.cell(), field);
                    let finding = faulty(field, &Fault::NoName, at, context.policy);
                    findings.push(finding.typed(typed()));
                }
                continue;
            }
            let of_format = fault_of_format(form, field, cell);
            let decoded = match ditto {
                true => {
                    let value = above.and_then(|row| row.values.get(&field.id));
                    let copy = |value: &Value| Reading::of(value.clone(), Meaning::Ditto);
                    value.map(copy).ok_or(Fault::Ditto)
                }
                false => of_format.map_or_else(|| decode(field, found, &context), Err),
            };
            match decoded {
                Ok(reading) => {
                    if let Found::Text(text) = &found
                        && is_quoted_struck(text)
                    {
                        let (code, at) = (Code::StruckWords, place(cell.cell(), field));
                        findings.push(Finding::new(code, at, code.title()).typed(typed()));
                    }
                    if reading.meaning != Meaning::Plain {
                        let place = place(cell.cell(), field);
                        findings.push(interpretation(field, place, &typed(), &reading, &context));
                    }
                    values.insert(&field.id, reading.value);
                }
                // It may stay empty, and does.
                Err(_) if nothing && !field.required && may_pass(field, found) => {}
                Err(fault) => {
                    let finding = faulty(field, &fault, place(cell.cell(), field), context.policy);
                    if field.required {
                        rejected.get_or_insert_with(|| {
                            eco_format!("“{}”{}", field.header, finding.message)
                        });
                    }
                    findings.push(finding.typed(typed()));
                }
            }
        }
        for field in form.fields.values() {
            if let Some((other, text)) = &field.required_if
                && values.get(other).and_then(Value::text) == Some(text)
                && raw
                    .cells
                    .get(&field.id)
                    .is_none_or(|cell| says_nothing(field, cell.found()))
                && let Some(header) = located.headers.get(&field.id)
            {
                let label = form.fields.get(other).map_or(other.as_str(), |f| &f.header);
                let message = format!("“{label}”是“{text}”时，“{}”要填写", field.header);
                let at = place(Cell::new(raw.row, header.column), field);
                findings.push(Finding::new(Code::RequiredIfEmpty, at, message));
            }
        }
        let missed = self.not_on_roster(raw, &values);
        self.findings.extend(missed);
        ReadRow {
            raw: raw.clone(),
            values: Arc::new(values),
            rejected,
        }
    }

    /// A category of those who are on the roster, beside a name that is not, nor
    /// is like any that is.
    fn not_on_roster(&self, raw: &RawRow, values: &Values) -> Option<Finding> {
        let PageOf { form, context, .. } = *self.page;
        let names = context.names.filter(|names| names.is_whole())?;
        let (category, choice) = context.policy.category(form)?;
        let kind = values.get(&category.id)?.text()?;
        if !choice.on_roster.iter().any(|own| own == kind) {
            return None;
        }
        let field = form.field_of_kind(&Kind::Member).filter(|f| f.open)?;
        let name = values.get(&field.id)?.text()?;
        match names.member(name) {
            Resolved::Unknown(near) if near.is_empty() && !name.chars().any(is_unreadable) => {}
            // It was asked about already, or the roster has several.
            _ => return None,
        }
        let cell = raw.cells.get(&field.id)?;
        let message = format!("“{}”填的是“{kind}”，名册上却没有“{name}”", category.header);
        let finding = Finding::new(Code::NotOnRoster, self.page.at(cell.cell()), message);
        Some(finding.typed(quoted(cell.found())))
    }
}
