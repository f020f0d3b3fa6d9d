//! What a row must say to be a ruling: whom and what it is about, why, and by whom.
//! What cannot be used is said, never passed over.

use indexmap::IndexMap;

use super::write::Row;
use super::{Adjustment, Decision, Exemption, Nomination, is_matter_number};
use crate::diagnostic::{Code, Finding, Place};
use crate::form::{Located, Names, ReadRow, Resolved, shown};
use crate::policy::{Form, Policy, Subject};
use crate::roster::{Roster, UnitNames};
use crate::sheet::Cell;
use crate::value::{Value, squeeze};

/// A row of a form with its texts.
pub(super) struct Line<'a> {
    form: &'a Form,
    located: &'a Located,
    read: &'a ReadRow,
    texts: IndexMap<String, String>,
    /// Its values.
    pub row: Row,
    /// Where it stands.
    pub place: Place,
}

impl<'a> Line<'a> {
    /// What was read of a row; `place` is its sheet.
    pub fn new(form: &'a Form, located: &'a Located, read: &'a ReadRow, mut place: Place) -> Self {
        // What could not be read stands as it was typed.
        let value = |id: &String| match read.values.get(id) {
            Some(Value::Text(text)) => Some(Value::Text(text.trim().into())),
            Some(value) => Some(value.clone()),
            None => Some(Value::Text(shown(read.raw.cells.get(id)?.found()).into())),
        };
        let ids = form.fields.keys();
        let row: Row = ids
            .filter_map(|id| Some((id.clone(), value(id)?)))
            .collect();
        let texts = row
            .iter()
            .map(|(id, value)| (id.clone(), value.to_string()));
        place.cell = read.raw.cells.values().map(|raw| raw.cell()).min();
        Line {
            form,
            located,
            read,
            texts: texts.collect(),
            row,
            place,
        }
    }

    /// What stands in a field.
    pub fn text(&self, id: &str) -> &str {
        self.texts.get(id).map_or("", String::as_str)
    }

    fn owned(&self, id: &str) -> String {
        self.text(id).to_owned()
    }

    /// Where a field of the row stands, also one that is empty.
    fn at(&self, id: &str) -> Place {
        let mut place = self.place.clone();
        place.header = self.form.fields.get(id).map(|field| field.header.clone());
        if let Some(header) = self.located.headers.get(id) {
            place.cell = Some(Cell::new(self.read.raw.row, header.column));
        }
        place
    }
}

/// Knows whom and what a ruling may name, and gathers what is wrong.
pub(super) struct Judge<'a> {
    pub policy: &'a Policy,
    pub roster: &'a Roster,
    pub findings: Vec<Finding>,
}

impl Judge<'_> {
    fn refuse(&mut self, line: &Line<'_>, id: &str, message: String, mend: &str) {
        let place = line.at(id);
        let typed = line.text(id);
        let mut finding = Finding::new(Code::RulingUnusable, place, message).mend(mend);
        if !typed.is_empty() {
            finding = finding.typed(typed);
        }
        self.findings.push(finding);
    }

    /// Whether the fields that make a row valid are filled; says which are not.
    fn complete(&mut self, line: &Line<'_>, ids: &[&str]) -> bool {
        let mut whole = true;
        for id in ids {
            if line.text(id).is_empty() {
                let header = line
                    .form
                    .fields
                    .get(*id)
                    .map_or("", |f| &f.header)
                    .to_owned();
                let message = format!("没有写“{header}”，这一行不能生效");
                self.refuse(line, id, message, "补填后再运行一次；用不着就整行清空。");
                whole = false;
            }
        }
        whole
    }

    /// A ruling on a matter.
    pub fn decision(&mut self, line: &Line<'_>) -> Option<Decision> {
        let number = line.text("matter");
        if !number.is_empty() && !is_matter_number(number) {
            let message = format!("“{number}”不是事项编号，这一行不能生效");
            let mend = "请直接在汇总工作簿的“核对事项”表里裁定，那里编号已经写好；裁定表里的这一行清空。从别处整行复制过来，各栏会错开。";
            self.refuse(line, "matter", message, mend);
            return None;
        }
        if !self.complete(line, &["matter", "verdict", "reason", "by", "facts"]) {
            return None;
        }
        Some(Decision {
            matter: line.owned("matter"),
            verdict: line.owned("verdict"),
            reason: line.owned("reason"),
            by: line.owned("by"),
            facts: line.owned("facts"),
            about: line.owned("about"),
            place: line.at("verdict"),
        })
    }

    /// An addition or deduction.
    pub fn adjustment(&mut self, line: &Line<'_>) -> Option<Adjustment> {
        let clause = line.owned("clause");
        let mut needed = vec!["unit", "by"];
        if clause.is_empty() {
            needed.push("reason");
        }
        let is_whole = self.complete(line, &needed);
        let unit = match line.text("unit") {
            "" => None,
            _ => self.unit(line, "unit"),
        };
        let points = line.row.get("points").and_then(Value::number);
        if points.is_none() {
            self.refuse(
                line,
                "points",
                "没有写加减几分，这一行不能生效".to_owned(),
                "只填一个数，加分写正数，减分写负数，例如 -0.5。",
            );
        }
        let is_known = clause.is_empty() || self.policy.clauses.contains_key(&clause);
        if !is_known {
            let message = format!("方案里没有“{clause}”这一条，这一行不能生效");
            self.refuse(line, "clause", message, "从下拉列表选择条款，或只写理由。");
        }
        let (Some(unit), Some(points), true) = (unit, points, is_whole && is_known) else {
            return None;
        };
        Some(Adjustment {
            unit,
            points,
            clause,
            reason: line.owned("reason"),
            by: line.owned("by"),
            place: line.place.clone(),
        })
    }

    /// A nomination.
    pub fn nomination(&mut self, line: &Line<'_>) -> Option<Nomination> {
        if !self.complete(line, &["member", "reason", "by"]) {
            return None;
        }
        let name = self.person_or_unit(line, "member")?;
        let Some(member) = self.roster.member(&name) else {
            let message = "提名的应当是个人，这里写的是单位；这一行不能生效".to_owned();
            self.refuse(line, "member", message, "写名册上的姓名。");
            return None;
        };
        Some(Nomination {
            member: member.code.clone(),
            reason: line.owned("reason"),
            by: line.owned("by"),
            place: line.place.clone(),
        })
    }

    /// An exemption.
    pub fn exemption(&mut self, line: &Line<'_>) -> Option<Exemption> {
        if !self.complete(line, &["subject", "veto", "reason", "by"]) {
            return None;
        }
        let subject = self.person_or_unit(line, "subject")?;
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
            reason: line.owned("reason"),
            by: line.owned("by"),
            place: line.place.clone(),
        })
    }

    /// Code of the unit that is named.
    fn unit(&mut self, line: &Line<'_>, id: &str) -> Option<String> {
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
                self.unknown(line, id, &other);
                None
            }
        }
    }

    /// Code of the person or unit that is named.
    fn person_or_unit(&mut self, line: &Line<'_>, id: &str) -> Option<String> {
        let own = match line.text("unit") {
            "" => String::new(),
            _ => self.unit(line, "unit")?,
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
                self.unknown(line, id, &other);
                None
            }
        }
    }

    fn unknown(&mut self, line: &Line<'_>, id: &str, found: &Resolved) {
        let name = line.owned(id);
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
        self.refuse(line, id, message, &mend);
    }
}
