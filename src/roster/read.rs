//! The roster as the office keeps it: read through the same forms with which
//! it was written, then checked as a whole.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Member, Roster, Unit, UnitNames, Village, with_township};
use crate::diagnostic::{Checked, Code, Finding, Place, Severity};
use crate::form::{Context, Located, Names, Resolved, Values, locate, read_form, shown};
use crate::policy::{Form, Policy, RosterPart};
use crate::sheet::{Cell, FoundSheet, FoundWorkbook, OpenError};
use crate::value::{Value, reads_as_value, squeeze};

/// Reads the roster from `名册.xlsx` as it was opened, or not; `file` is how findings
/// name it. Rows that cannot be used are left out, and said.
///
/// # Errors
/// All findings, if the file cannot be opened, a sheet or required column is
/// missing, or no unit is left.
pub fn read_roster(
    opened: Result<FoundWorkbook, OpenError>,
    policy: &Policy,
    file: &str,
) -> Result<Checked<Roster>, Vec<Finding>> {
    let missing = |text: String| Finding::new(Code::RosterMissing, Place::file(file), text);
    let workbook = opened.map_err(|error| {
        let mend = "用 WPS 或 Excel 打开名册检查，去掉密码，另存为 .xlsx 放回原处；打不开的，用 kaohe init 另建一个工作区，在那里的名册里重新填写。";
        vec![missing(format!("名册打不开：{}", error.of_own())).mend(mend)]
    })?;
    let mut fatal = Vec::new();
    let mut findings = Vec::new();
    let mut part = |part: RosterPart| match policy.roster_form(part) {
        Some(form) => match find(&workbook, form, file) {
            Ok((sheet, located)) => rows(sheet, form, &located, policy, file, &mut findings),
            Err(mut found) => {
                fatal.append(&mut found);
                Vec::new()
            }
        },
        None => Vec::new(),
    };
    let units = part(RosterPart::Units);
    let members = part(RosterPart::Members);
    let villages = part(RosterPart::Villages);
    let written = written_units(&workbook, policy, file);
    if !fatal.is_empty() {
        fatal.append(&mut findings);
        return Err(fatal);
    }
    let units = unique_units(units, policy, &mut findings);
    if units.is_empty() {
        let text = "名册的“单位”表里没有一个可用的单位".to_owned();
        findings.insert(0, missing(text));
        return Err(findings);
    }
    let known = Known {
        roster: Roster::new(units.clone(), Vec::new(), Vec::new()),
        written,
    };
    let examples = [&members, &villages].map(|lines| examples(lines));
    let members = unique_members(members, &known, &mut findings);
    let villages = unique_villages(villages, &known, &mut findings);
    let roster = Roster::new(units, members, villages);
    Ok(Checked {
        value: roster.with_examples(examples),
        findings,
    })
}

/// What the office has not replaced yet, in the remark of the pack's own rows.
const EXAMPLE: &str = "示例";

/// How many of the rows are the pack's own, and whether all are.
fn examples(lines: &[Line]) -> (usize, bool) {
    let own = lines.iter().filter(|line| line.text("remark") == EXAMPLE);
    let count = own.count();
    (count, count > 0 && count == lines.len())
}

/// The units that the other sheets may name.
struct Known {
    /// Those that can be used.
    roster: Roster,
    /// The names and codes on the sheet of units, of whatever row, with their place.
    written: HashMap<String, Place>,
}

/// The names and codes on the sheet of units, whether their rows can be used or not.
fn written_units(workbook: &FoundWorkbook, policy: &Policy, file: &str) -> HashMap<String, Place> {
    let form = policy.roster_form(RosterPart::Units);
    let Some((form, (sheet, located))) =
        form.and_then(|form| Some((form, find(workbook, form, file).ok()?)))
    else {
        return HashMap::new();
    };
    let mut written = HashMap::new();
    for id in ["name", "code"] {
        let (Some(header), Some(field)) = (located.headers.get(id), form.fields.get(id)) else {
            continue;
        };
        let below = Cell::new(header.row.saturating_add(1), 0);
        let own = sheet.cells.range(below..);
        for (cell, found) in own.filter(|(cell, _)| cell.column == header.column) {
            let place = Place::file(file).on(&sheet.name).at(*cell, &field.header);
            written.entry(squeeze(&shown(found))).or_insert(place);
        }
    }
    written
}

/// A usable row with what is needed to speak of it.
struct Line {
    values: Arc<Values>,
    row: u32,
    columns: Arc<Columns>,
}

/// A sheet of the roster as a place, and the columns of its form by field id,
/// each with its header.
struct Columns {
    sheet: Place,
    fields: HashMap<String, (u16, String)>,
}

impl Line {
    fn text(&self, id: &str) -> String {
        self.values
            .get(id)
            .map(Value::to_string)
            .unwrap_or_default()
    }

    fn place(&self, id: &str) -> Place {
        let column = self.columns.fields.get(id);
        let at = |(column, header): &(u16, String)| {
            let sheet = self.columns.sheet.clone();
            sheet.at(Cell::new(self.row, *column), header)
        };
        column.map(at).unwrap_or_default()
    }

    fn aliases(&self) -> Vec<String> {
        self.text("aliases")
            .split(['、', ',', '\u{FF0C}', ';', '\u{FF1B}'])
            .map(|alias| alias.trim().to_owned())
            .filter(|alias| !alias.is_empty())
            .collect()
    }
}

/// The sheet of a form: by name, else by its headers.
fn find<'a>(
    workbook: &'a FoundWorkbook,
    form: &Form,
    file: &str,
) -> Result<(&'a FoundSheet, Located), Vec<Finding>> {
    let named = workbook
        .sheets
        .iter()
        .filter(|sheet| sheet.name.trim() == form.sheet)
        .find_map(|sheet| Some((sheet, locate(sheet, form)?)));
    let alike = || {
        workbook
            .sheets
            .iter()
            .filter_map(|sheet| Some((sheet, locate(sheet, form)?)))
            .find(|(_, located)| located.missing.is_empty())
    };
    let Some((sheet, located)) = named.or_else(alike) else {
        let text = format!("名册里没有“{}”表，或表头已被改掉", form.sheet);
        let place = Place::file(file).on(&form.sheet);
        return Err(vec![Finding::new(Code::RosterMissing, place, text)]);
    };
    let missing: Vec<Finding> = located
        .missing
        .iter()
        .filter_map(|id| form.fields.get(id).filter(|field| field.required))
        .map(|field| {
            let text = format!("名册的“{}”表缺少栏目“{}”", sheet.name, field.header);
            Finding::new(Code::RosterMissing, Place::file(file).on(&sheet.name), text)
        })
        .collect();
    if missing.is_empty() {
        Ok((sheet, located))
    } else {
        Err(missing)
    }
}

fn rows(
    sheet: &FoundSheet,
    form: &Form,
    located: &Located,
    policy: &Policy,
    file: &str,
    findings: &mut Vec<Finding>,
) -> Vec<Line> {
    let context = Context {
        policy,
        names: None,
        file,
        days_of_1904: sheet.days_of_1904,
        older_form: false,
    };
    let reading = read_form(sheet, form, located, &BTreeSet::new(), context);
    // The office may keep columns and notes of its own in its roster.
    let own = |finding: &Finding| {
        !matches!(
            finding.code,
            Code::ExtraContent | Code::NoteRow | Code::HiddenRead | Code::FormulaTaken
        )
    };
    let found = reading.findings.into_iter().filter(own);
    // Whose row it is, where all of it is left out.
    let mut left_out: HashMap<u32, String> = HashMap::new();
    for row in reading.rows.iter().filter(|row| row.rejected.is_some()) {
        let cells = ["name", "code"].map(|id| row.raw.cells.get(id));
        if let Some(cell) = cells.into_iter().flatten().next() {
            left_out.insert(row.raw.row, shown(cell.found()));
        }
    }
    findings.extend(found.map(|mut finding| {
        let row = finding.place.cell.map(|cell| cell.row);
        if let Some(name) = row.and_then(|row| left_out.get(&row))
            && finding.severity() == Severity::Error
        {
            finding.message = format!("{}，“{name}”这一行没有采用", finding.message);
        }
        match finding.code {
            Code::RequiredEmpty => finding.mend("在名册里补填这一格；这一行用不着，就整行清空。"),
            _ => finding,
        }
    }));
    let fields = form.fields.iter().map(|(id, field)| {
        let column = located.headers.get(id).map_or(0, |cell| cell.column);
        (id.clone(), (column, field.header.clone()))
    });
    let columns = Arc::new(Columns {
        sheet: Place::file(file).on(&sheet.name),
        fields: fields.collect(),
    });
    reading
        .rows
        .into_iter()
        .filter(|row| row.rejected.is_none())
        .map(|row| Line {
            values: row.values,
            row: row.raw.row,
            columns: columns.clone(),
        })
        .collect()
}

/// Names or codes that are taken, and where.
#[derive(Default)]
struct Taken(HashMap<String, Place>);

impl Taken {
    /// Takes a name; if another has it, says so.
    fn take(&mut self, what: &str, name: &str, place: Place, findings: &mut Vec<Finding>) -> bool {
        if let Some(first) = self.0.get(&squeeze(name)) {
            let text = format!("{what}“{name}”与另一行重复，这一行没有采用");
            let finding = Finding::new(Code::RosterDuplicate, place, text);
            findings.push(finding.typed(name).related(first.clone()));
            return false;
        }
        self.0.insert(squeeze(name), place);
        true
    }

    /// Takes those aliases that no other has; says which ones are left out.
    fn take_aliases(&mut self, line: &Line, findings: &mut Vec<Finding>) -> Vec<String> {
        let mut aliases = line.aliases();
        aliases.retain(|alias| {
            let Some(first) = self.0.get(&squeeze(alias)) else {
                self.0.insert(squeeze(alias), line.place("aliases"));
                return true;
            };
            // A name that stands among its own aliases harms nobody.
            if *first != line.place("name") && *first != line.place("aliases") {
                let text = format!("别名“{alias}”已是另一行的名称或别名，这个别名没有采用");
                let finding = Finding::new(Code::RosterDuplicate, line.place("aliases"), text);
                findings.push(finding.typed(alias).related(first.clone()));
            }
            false
        });
        aliases
    }
}

/// Whether a code stays a code in every program. One that looks like a day or a
/// number is another's in the criteria of formulas: MAR1 and MAR01 are one day.
fn is_plain(line: &Line, findings: &mut Vec<Finding>) -> bool {
    let code = line.text("code");
    let is_plain = !reads_as_value(&code);
    if !is_plain {
        let text = format!("编号“{code}”会被 Excel 等表格软件当成日期或数字，这一行没有采用");
        findings.push(Finding::new(Code::RosterCodeMisread, line.place("code"), text).typed(code));
    }
    is_plain
}

/// Keeps lines with a code and a name of their own. Names come before
/// aliases, so that an alias never takes away the name of a later line.
///
/// Names need be unique only within their place: two townships may have a village
/// of one name.
fn unique(
    lines: Vec<Line>,
    place: impl Fn(&Line) -> String,
    findings: &mut Vec<Finding>,
) -> Vec<(Line, Vec<String>)> {
    let mut codes = Taken::default();
    let mut names: HashMap<String, Taken> = HashMap::new();
    let mut kept: Vec<Line> = Vec::new();
    for line in lines {
        let (code, name) = (line.text("code"), line.text("name"));
        let names = names.entry(place(&line)).or_default();
        if is_plain(&line, findings)
            && codes.take("编号", &code, line.place("code"), findings)
            && names.take("名称", &name, line.place("name"), findings)
        {
            kept.push(line);
        }
    }
    kept.into_iter()
        .map(|line| {
            let names = names.entry(place(&line)).or_default();
            let aliases = names.take_aliases(&line, findings);
            (line, aliases)
        })
        .collect()
}

/// Longest name of a unit, as Windows counts. Files bear it, with what tells them
/// apart; of Chinese letters no system takes more than 85 in a file's name, and
/// Excel no more than 218 in a whole path.
const LONGEST_NAME: usize = 60;
/// Longest code of a unit, which files may bear as well.
const LONGEST_CODE: usize = 20;

/// Whether files can bear a unit's name and code.
fn is_short(line: &Line, findings: &mut Vec<Finding>) -> bool {
    let lengths = [
        ("name", "名称", LONGEST_NAME),
        ("code", "编号", LONGEST_CODE),
    ];
    for (id, what, most) in lengths {
        let typed = line.text(id);
        let length = typed.encode_utf16().count();
        if length > most {
            let start: String = typed.chars().take(20).collect();
            let text =
                format!("单位的{what}“{start}……”有 {length} 个字，最多 {most} 个，这一行没有采用");
            let finding = Finding::new(Code::RosterNameTooLong, line.place(id), text);
            findings.push(finding.typed(format!("{start}……")));
            return false;
        }
    }
    true
}

fn unique_units(mut lines: Vec<Line>, policy: &Policy, findings: &mut Vec<Finding>) -> Vec<Unit> {
    lines.retain(|line| is_short(line, findings));
    let kind = |name: &str| policy.unit_kinds.values().find(|kind| kind.name == name);
    unique(lines, |_| String::new(), findings)
        .into_iter()
        .filter_map(|(line, aliases)| {
            Some(Unit {
                code: line.text("code"),
                name: line.text("name"),
                kind: kind(&line.text("kind"))?.id.clone(),
                aliases,
            })
        })
        .collect()
}

/// The unit that a cell names, by name, alias or code.
fn unit_of(line: &Line, id: &str, known: &Known, findings: &mut Vec<Finding>) -> Option<String> {
    let typed = line.text(id);
    let roster = &known.roster;
    let unit = roster
        .unit_named(&typed)
        .or_else(|| roster.unit(squeeze(&typed).to_uppercase().as_str()));
    if unit.is_none() {
        let whose = line.text("name");
        // The unit is there, and its own row is what is wrong.
        let finding = match known.written.get(&squeeze(&typed)) {
            Some(row) => {
                let number = row.cell.map_or(0, |cell| cell.row.saturating_add(1));
                let text = format!(
                    "“{whose}”的单位“{typed}”在“单位”表第{number}行，那一行没有采用，这一行也就没有采用"
                );
                Finding::new(Code::RosterUnknownUnit, line.place(id), text)
                    .related(row.clone())
                    .mend(format!("先改好“单位”表第{number}行，这里不用改。"))
            }
            None => {
                let text = format!("“{whose}”的单位“{typed}”不在“单位”表里，这一行没有采用");
                let finding = Finding::new(Code::RosterUnknownUnit, line.place(id), text);
                match nearest(&typed, roster) {
                    Some(name) => finding.mend(format!("写成“单位”表里的单位名称，例如“{name}”。")),
                    None => finding,
                }
            }
        };
        findings.push(finding.typed(&typed));
    }
    unit.map(|unit| unit.code.clone())
}

/// The unit name that is most like what was typed, if one is alike.
fn nearest(typed: &str, known: &Roster) -> Option<String> {
    let names = UnitNames {
        roster: known,
        unit: "",
    };
    match names.unit(typed) {
        Resolved::Known(name) => Some(name),
        Resolved::Unknown(near) => near.into_iter().next(),
        _ => None,
    }
}

/// Persons of different units may share a name; those of one unit may not.
fn unique_members(lines: Vec<Line>, known: &Known, findings: &mut Vec<Finding>) -> Vec<Member> {
    let mut codes = Taken::default();
    let mut names: HashMap<String, Taken> = HashMap::new();
    let mut kept: Vec<(Line, String)> = Vec::new();
    for line in lines {
        if !is_plain(&line, findings)
            || !codes.take("编号", &line.text("code"), line.place("code"), findings)
        {
            continue;
        }
        let Some(unit) = unit_of(&line, "unit", known, findings) else {
            continue;
        };
        let own = names.entry(unit.clone()).or_default();
        if own.take("姓名", &line.text("name"), line.place("name"), findings) {
            kept.push((line, unit));
        }
    }
    kept.into_iter()
        .map(|(line, unit)| {
            let own = names.entry(unit.clone()).or_default();
            Member {
                aliases: own.take_aliases(&line, findings),
                code: line.text("code"),
                name: line.text("name"),
                unit,
                category: line.text("category"),
                sector: line.text("sector"),
                role: line.text("role"),
            }
        })
        .collect()
}

/// Villages of different townships may share a name, and that is said with how
/// they are told apart.
fn unique_villages(lines: Vec<Line>, known: &Known, findings: &mut Vec<Finding>) -> Vec<Village> {
    let mut named: HashMap<String, (String, Place)> = HashMap::new();
    let mut villages = Vec::new();
    for (line, aliases) in unique(lines, |line| squeeze(&line.text("township")), findings) {
        let Some(reporter) = unit_of(&line, "reporter", known, findings) else {
            continue;
        };
        let (name, township) = (line.text("name"), line.text("township"));
        if let Some((other, first)) = named.get(&squeeze(&name)) {
            let (own, other) = (with_township(&name, &township), with_township(&name, other));
            let text = format!("{township}与另一个乡镇都有“{name}”，分别叫作“{other}”和“{own}”");
            let finding = Finding::new(Code::RosterNamesakes, line.place("name"), text);
            findings.push(finding.typed(&name).related(first.clone()));
        } else {
            let first = (township.clone(), line.place("name"));
            named.insert(squeeze(&name), first);
        }
        villages.push(Village {
            reporter,
            code: line.text("code"),
            name,
            township,
            class: line.text("class"),
            leader: line.text("leader"),
            aliases,
        });
    }
    villages
}
