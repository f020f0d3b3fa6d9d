//! Reads rulings from 裁定.xlsx, or from a consolidated workbook: sheets are
//! known by their headers. What cannot be used is said, never passed over.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::forms::{ABOUT, DECISIONS, MATTERS, RulingForms};
use super::write::{GIVEN, Row, row_text};
use super::{Adjustment, Decision, Exemption, Nomination, Rulings, is_matter_number};
use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::form::{Context, Located, Names, ReadRow, Resolved, locate, read_form, shown};
use crate::policy::{Field, Form, Policy, Subject};
use crate::roster::{Roster, UnitNames};
use crate::sheet::{Cell, FoundSheet, FoundWorkbook};
use crate::value::{Value, squeeze};

/// Header of the column in which the consolidated workbook says what stood in
/// a row when it was written. A row that still says the same was not touched.
pub const WRITTEN: &str = "生成时";

/// How the text of a matter that has not been ruled ends: three empty fields.
const UNRULED: &str = "|||";

/// What of a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// All rows.
    All,
    /// Only rows that were changed since the program wrote the workbook.
    Changed,
}

/// A row that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit<T> {
    /// What it says; nothing if it was cleared.
    pub new: Option<T>,
    /// What it said when the program wrote it; empty if it is a new row.
    pub was: String,
    /// Where it stands.
    pub place: Place,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits {
    /// Rulings on matters.
    pub decisions: Vec<Edit<Decision>>,
    /// Additions and deductions.
    pub adjustments: Vec<Edit<Adjustment>>,
    /// Nominations.
    pub nominations: Vec<Edit<Nomination>>,
    /// Exemptions.
    pub exemptions: Vec<Edit<Exemption>>,
}

impl Edits {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty()
            && self.adjustments.is_empty()
            && self.nominations.is_empty()
            && self.exemptions.is_empty()
    }

    /// The rulings by themselves.
    pub fn rulings(self) -> Rulings {
        fn said<T>(edits: Vec<Edit<T>>) -> Vec<T> {
            edits.into_iter().filter_map(|edit| edit.new).collect()
        }
        Rulings {
            decisions: said(self.decisions),
            adjustments: said(self.adjustments),
            nominations: said(self.nominations),
            exemptions: said(self.exemptions),
        }
    }
}

/// Reads rulings. `file` is how findings name the workbook.
pub fn read_rulings(
    workbook: &FoundWorkbook,
    file: &str,
    rows: Take,
    policy: &Policy,
    roster: &Roster,
) -> Checked<Edits> {
    let forms = RulingForms::new();
    let mut reader = Reader {
        workbook,
        file,
        rows,
        policy,
        roster,
        findings: Vec::new(),
    };
    let value = Edits {
        decisions: reader.decisions(&forms.decisions),
        adjustments: reader.read(&forms.adjustments, Reader::adjustment),
        nominations: reader.read(&forms.nominations, Reader::nomination),
        exemptions: reader.read(&forms.exemptions, Reader::exemption),
    };
    Checked {
        value,
        findings: reader.findings,
    }
}

struct Reader<'a> {
    workbook: &'a FoundWorkbook,
    file: &'a str,
    rows: Take,
    policy: &'a Policy,
    roster: &'a Roster,
    findings: Vec<Finding>,
}

/// A row of a form with its texts.
struct Line {
    row: Row,
    texts: IndexMap<String, String>,
    place: Place,
    /// The columns of the fields, by their ids.
    columns: IndexMap<String, u16>,
    row_number: u32,
}

impl Line {
    fn text(&self, id: &str) -> &str {
        self.texts.get(id).map_or("", String::as_str)
    }

    /// Where a field of the row stands, also one that is empty.
    fn at(&self, form: &Form, id: &str) -> Place {
        let mut place = self.place.clone();
        place.header = form.fields.get(id).map(|field| field.header.clone());
        if let Some(column) = self.columns.get(id) {
            place.cell = Some(Cell::new(self.row_number, *column));
        }
        place
    }
}

impl Reader<'_> {
    fn read<T>(
        &mut self,
        form: &Form,
        take: fn(&mut Self, &Form, &Line) -> Option<T>,
    ) -> Vec<Edit<T>> {
        let (sheet, located) = match sheet_of(self.workbook, form) {
            Holds::Sheet(sheet, located) => (sheet, located),
            Holds::Missing(sheet, headers) => {
                self.unread(form, sheet, &headers);
                return Vec::new();
            }
        };
        if let Some(field) = located.missing.first().and_then(|id| form.fields.get(id)) {
            let place = Place::file(self.file).on(&sheet.name);
            let message = format!("表头“{}”找不到了，这一栏没有读；各行照样生效", field.header);
            let finding = Finding::new(Code::RulingIdle, place, message);
            let mend = format!("把表头改回“{}”。", field.header);
            self.findings.push(finding.mend(mend));
        }
        let context = Context {
            policy: self.policy,
            names: None,
            file: self.file,
            days_of_1904: sheet.days_of_1904,
            older_form: false,
        };
        let reading = read_form(sheet, form, &located, &BTreeSet::new(), context);
        let written = written_column(sheet, &located);
        if self.rows == Take::Changed && written.is_none() {
            // What was changed cannot be told from what was not.
            self.unread(form, Some(sheet), &[WRITTEN]);
            return Vec::new();
        }
        let faults = reading.findings.into_iter();
        self.findings
            .extend(faults.filter(|f| matches!(f.code, Code::NumberText | Code::ErrorCell)));
        let mut edits = Vec::new();
        for row in &reading.rows {
            let line = line(row, form, self.file, sheet, &located);
            let own = form.fields.keys().map(String::as_str);
            let mut own = own.filter(|id| !GIVEN.contains(id) && *id != "matter");
            let is_empty = own.all(|id| line.text(id).is_empty());
            let mut was = String::new();
            if self.rows == Take::Changed {
                let before = written.map(|column| Cell::new(row.raw.row, column));
                let before = before.and_then(|cell| sheet.cells.get(&cell));
                was = before.map(shown).unwrap_or_default();
                if was == row_text(form, &line.row) {
                    continue;
                }
                // A matter that had not been ruled said nothing but its number.
                if was.ends_with(UNRULED) {
                    was.clear();
                }
            }
            let place = line.place.clone();
            if is_empty {
                let new = None;
                edits.push(Edit { new, was, place });
            } else if let Some(new) = take(self, form, &line) {
                let new = Some(new);
                edits.push(Edit { new, was, place });
            }
        }
        if self.rows == Take::Changed
            && let Some(column) = written
        {
            // A row that was cleared is no entry any more, but what was written
            // of it still stands beside it.
            let read = |row: u32| reading.rows.iter().any(|one| one.raw.row == row);
            let cleared = sheet.cells.iter().filter(|(cell, found)| {
                cell.column == column && squeeze(&shown(found)) != WRITTEN && !read(cell.row)
            });
            edits.extend(cleared.map(|(cell, found)| Edit {
                new: None,
                was: shown(found),
                place: Place {
                    cell: Some(*cell),
                    ..Place::file(self.file).on(&sheet.name)
                },
            }));
        }
        edits
    }

    /// Says that the rows of a form cannot be read for want of headers.
    fn unread(&mut self, form: &Form, sheet: Option<&FoundSheet>, headers: &[&str]) {
        let headers = format!("“{}”", headers.join("”“"));
        let (place, message, mend) = match sheet {
            Some(sheet) => (
                Place::file(self.file).on(&sheet.name),
                format!(
                    "这张表里找不到表头{headers}，整张表的{}都读不出来",
                    form.sheet
                ),
                format!("把表头改回{headers}，各占一格，在同一行。"),
            ),
            None => (
                Place::file(self.file),
                format!(
                    "没有“{}”这张表（表头{headers}），它的内容读不出来",
                    form.sheet
                ),
                format!(
                    "把“{}”表放回来：从“备份”里较早的裁定.xlsx 或汇总工作簿里整张复制过来，表名、表头不要改；没有内容的也要留着。",
                    form.sheet
                ),
            ),
        };
        let finding = Finding::new(Code::RulingUnusable, place, message);
        self.findings.push(finding.mend(mend));
    }

    fn refuse(&mut self, form: &Form, line: &Line, id: &str, message: String, mend: &str) {
        let place = line.at(form, id);
        let typed = line.text(id);
        let mut finding = Finding::new(Code::RulingUnusable, place, message).mend(mend);
        if !typed.is_empty() {
            finding = finding.typed(typed);
        }
        self.findings.push(finding);
    }

    /// Whether the fields that make a row valid are filled; says which are not.
    fn complete(&mut self, form: &Form, line: &Line, ids: &[&str]) -> bool {
        let mut whole = true;
        for id in ids {
            if line.text(id).is_empty() {
                let header = form.fields.get(*id).map_or("", |f| &f.header).to_owned();
                let message = format!("没有写“{header}”，这一行不能生效");
                self.refuse(
                    form,
                    line,
                    id,
                    message,
                    "补填后再运行一次；用不着就整行清空。",
                );
                whole = false;
            }
        }
        whole
    }

    /// Rulings on matters, each matter once.
    fn decisions(&mut self, form: &Form) -> Vec<Edit<Decision>> {
        let mut edits: Vec<Edit<Decision>> = Vec::new();
        for edit in self.read(form, Reader::decision) {
            let same = |one: &&Decision| {
                let new = edit.new.as_ref();
                new.is_some_and(|new| squeeze(&one.matter) == squeeze(&new.matter))
            };
            let first = edits.iter().filter_map(|edit| edit.new.as_ref()).find(same);
            match (first, &edit.new) {
                (Some(first), Some(new)) if squeeze(&first.verdict) != squeeze(&new.verdict) => {
                    let message = format!("{} 裁定了两次，这一行不能生效", new.matter);
                    let finding = Finding::new(Code::RulingUnusable, new.place.clone(), message)
                        .typed(&new.verdict)
                        .related(first.place.clone())
                        .mend("只留一行。");
                    self.findings.push(finding);
                }
                (Some(_), _) => {}
                (None, _) => edits.push(edit),
            }
        }
        edits
    }

    fn decision(&mut self, form: &Form, line: &Line) -> Option<Decision> {
        let number = line.text("matter");
        if !number.is_empty() && !is_matter_number(number) {
            let message = format!("“{number}”不是事项编号，这一行不能生效");
            let mend = "请直接在汇总工作簿的“核对事项”表里裁定，那里编号已经写好；裁定表里的这一行清空。从别处整行复制过来，各栏会错开。";
            self.refuse(form, line, "matter", message, mend);
            return None;
        }
        if !self.complete(form, line, &["matter", "verdict", "reason", "by", "facts"]) {
            return None;
        }
        Some(Decision {
            matter: line.text("matter").to_owned(),
            verdict: line.text("verdict").to_owned(),
            reason: line.text("reason").to_owned(),
            by: line.text("by").to_owned(),
            facts: line.text("facts").to_owned(),
            about: line.text("about").to_owned(),
            place: line.at(form, "verdict"),
        })
    }

    fn adjustment(&mut self, form: &Form, line: &Line) -> Option<Adjustment> {
        let clause = line.text("clause").to_owned();
        let mut needed = vec!["unit", "by"];
        if clause.is_empty() {
            needed.push("reason");
        }
        let is_whole = self.complete(form, line, &needed);
        let unit = match line.text("unit") {
            "" => None,
            _ => self.unit(form, line, "unit"),
        };
        let points = line.row.get("points").and_then(Value::number);
        if points.is_none() {
            self.refuse(
                form,
                line,
                "points",
                "没有写加减几分，这一行不能生效".to_owned(),
                "只填一个数，加分写正数，减分写负数，例如 -0.5。",
            );
        }
        let is_known = clause.is_empty() || self.policy.clauses.contains_key(&clause);
        if !is_known {
            let message = format!("方案里没有“{clause}”这一条，这一行不能生效");
            self.refuse(
                form,
                line,
                "clause",
                message,
                "从下拉列表选择条款，或只写理由。",
            );
        }
        let (Some(unit), Some(points), true) = (unit, points, is_whole && is_known) else {
            return None;
        };
        Some(Adjustment {
            unit,
            points,
            clause,
            reason: line.text("reason").to_owned(),
            by: line.text("by").to_owned(),
            place: line.place.clone(),
        })
    }

    fn nomination(&mut self, form: &Form, line: &Line) -> Option<Nomination> {
        if !self.complete(form, line, &["member", "reason", "by"]) {
            return None;
        }
        let name = self.person_or_unit(form, line, "member")?;
        let Some(member) = self.roster.member(&name) else {
            let message = "提名的应当是个人，这里写的是单位；这一行不能生效".to_owned();
            self.refuse(form, line, "member", message, "写名册上的姓名。");
            return None;
        };
        Some(Nomination {
            member: member.code.clone(),
            reason: line.text("reason").to_owned(),
            by: line.text("by").to_owned(),
            place: line.place.clone(),
        })
    }

    fn exemption(&mut self, form: &Form, line: &Line) -> Option<Exemption> {
        if !self.complete(form, line, &["subject", "veto", "reason", "by"]) {
            return None;
        }
        let subject = self.person_or_unit(form, line, "subject")?;
        let wanted = squeeze(line.text("veto"));
        let kind = self.roster.unit(&subject).map(|unit| unit.kind.as_str());
        let veto = self.policy.vetoes.iter().find(|veto| {
            let fits = match (veto.subject, kind) {
                (Subject::Unit, Some(kind)) => veto.kind == kind,
                (Subject::Member, None) => true,
                _ => false,
            };
            fits && squeeze(&veto.name) == wanted
        });
        let Some(veto) = veto else {
            let message = "这种否决情形与所写的单位或委员对不上；这一行不能生效".to_owned();
            self.refuse(
                form,
                line,
                "veto",
                message,
                "从下拉列表选择适用于该单位或委员的否决情形。",
            );
            return None;
        };
        Some(Exemption {
            subject,
            veto: veto.id.clone(),
            reason: line.text("reason").to_owned(),
            by: line.text("by").to_owned(),
            place: line.place.clone(),
        })
    }

    /// Code of the unit that is named.
    fn unit(&mut self, form: &Form, line: &Line, id: &str) -> Option<String> {
        let name = line.text(id);
        let names = UnitNames {
            roster: self.roster,
            unit: "",
        };
        let resolved = match self.roster.unit(name) {
            Some(unit) => Resolved::Known(unit.name.clone()),
            None => names.unit(name),
        };
        match resolved {
            Resolved::Known(name) => self.roster.unit_named(&name).map(|u| u.code.clone()),
            other => {
                self.unknown(form, line, id, &other);
                None
            }
        }
    }

    /// Code of the person or unit that is named.
    fn person_or_unit(&mut self, form: &Form, line: &Line, id: &str) -> Option<String> {
        let own = match line.text("unit") {
            "" => String::new(),
            _ => self.unit(form, line, "unit")?,
        };
        let name = line.text(id);
        if self.roster.member(name).is_some() || self.roster.unit(name).is_some() {
            return Some(name.to_owned());
        }
        let names = UnitNames {
            roster: self.roster,
            unit: &own,
        };
        match names.member(name) {
            Resolved::Known(name) => {
                let member = self.roster.member_named(&name, &own);
                let unit = self.roster.unit_named(&name);
                member
                    .map(|m| m.code.clone())
                    .or_else(|| unit.map(|u| u.code.clone()))
            }
            other => {
                self.unknown(form, line, id, &other);
                None
            }
        }
    }

    fn unknown(&mut self, form: &Form, line: &Line, id: &str, found: &Resolved) {
        let name = line.text(id).to_owned();
        let (message, mend) = match found {
            Resolved::Ambiguous => (
                format!("名册上有几个“{name}”，这一行不能生效"),
                "在单位一栏写明是哪个单位的。".to_owned(),
            ),
            Resolved::Several(_) => (
                "一格里写了几个名字，这一行不能生效".to_owned(),
                "一行只写一个，几个就写几行。".to_owned(),
            ),
            Resolved::Unknown(near) if !near.is_empty() => (
                format!("名册里没有“{name}”，这一行不能生效"),
                format!("您要写的是不是“{}”？请照名册写。", near.join("”“")),
            ),
            _ => (
                format!("名册里没有“{name}”，这一行不能生效"),
                "请照名册写。".to_owned(),
            ),
        };
        self.refuse(form, line, id, message, &mend);
    }
}

/// What holds the rows of a form.
enum Holds<'w> {
    /// A sheet and where its headers are.
    Sheet(&'w FoundSheet, Located),
    /// No sheet; where its rows should stand, and the headers that are missing there.
    Missing(Option<&'w FoundSheet>, Vec<&'w str>),
}

/// What holds the rows of a form: any sheet that has all its headers, else the one of
/// its name that has those without which no row means anything.
fn sheet_of<'w>(workbook: &'w FoundWorkbook, form: &'w Form) -> Holds<'w> {
    let is_own = |sheet: &FoundSheet| {
        let name = sheet.name.trim();
        name == form.sheet || (form.id == DECISIONS && name == MATTERS)
    };
    let mut sheets: Vec<&FoundSheet> = workbook.sheets.iter().collect();
    sheets.sort_by_key(|sheet| !is_own(sheet));
    let found = |sheet: &&'w FoundSheet| Some((*sheet, locate(sheet, form)?));
    let mut whole = sheets.iter().filter_map(found);
    if let Some((sheet, located)) = whole.find(|(_, located)| located.missing.is_empty()) {
        return Holds::Sheet(sheet, located);
    }
    let own = sheets.first().copied().filter(|sheet| is_own(sheet));
    let located = own.and_then(|own| found(&own));
    let is_missing = |id: &&str| match &located {
        Some((_, located)) => located.missing.iter().any(|one| one == id),
        None => true,
    };
    let headers = form.fields.values().filter(|f| is_missing(&f.id.as_str()));
    let (given, needed): (Vec<&Field>, Vec<&Field>) = headers.partition(|f| f.id == ABOUT);
    match located {
        Some((sheet, located)) if needed.is_empty() => Holds::Sheet(sheet, located),
        _ => Holds::Missing(
            own,
            needed.iter().chain(&given).map(|f| &*f.header).collect(),
        ),
    }
}

fn line(read: &ReadRow, form: &Form, file: &str, sheet: &FoundSheet, located: &Located) -> Line {
    // What could not be read stands as it was typed.
    let value = |id: &String| match read.values.get(id) {
        Some(Value::Text(text)) => Some(Value::Text(text.trim().into())),
        Some(value) => Some(value.clone()),
        None => Some(Value::Text(shown(read.raw.cells.get(id)?.found()).into())),
    };
    let row: Row = form
        .fields
        .keys()
        .filter_map(|id| Some((id.clone(), value(id)?)))
        .collect();
    let mut place = Place::file(file).on(&sheet.name);
    place.cell = read.raw.cells.values().map(|raw| raw.cell()).min();
    Line {
        texts: row
            .iter()
            .map(|(id, value)| (id.clone(), value.to_string()))
            .collect(),
        row,
        place,
        columns: located
            .headers
            .iter()
            .map(|(id, cell)| (id.clone(), cell.column))
            .collect(),
        row_number: read.raw.row,
    }
}

/// The column under the header [`WRITTEN`], if there is one.
fn written_column(sheet: &FoundSheet, located: &Located) -> Option<u16> {
    let header = located.headers.values().next()?.row;
    let in_row = sheet.cells.iter().filter(|(cell, _)| cell.row == header);
    let mut named = in_row.filter(|(_, found)| squeeze(&shown(found)) == WRITTEN);
    named.next().map(|(cell, _)| cell.column)
}
