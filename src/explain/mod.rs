//! How a result came about: from a unit's score to its items, their rules and
//! clauses, to the figures that go into them, to the rows behind these, and to
//! the cells of the returned files.

mod entries;
mod parts;
mod single;
mod text;

pub use entries::{ExplainedEntry, Leaf};
pub use parts::{CitedClause, CountedMember, Explanation, Judged, Line, Operand, ScoredItem};
pub use single::{matter, person};
pub use text::render;

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::assess::{APART, matters_apart, mend_column};
use crate::book::{CellRef, Evaluator, Reader};
use crate::flow::Assessment;
use crate::policy::{Award, Basis, Measure, Policy, Score, Veto};
use crate::reconcile::Answer;
use crate::roster::{Roster, Unit};
use crate::sheet::Scalar;
use entries::Entries;

/// Explains the result of a unit.
pub fn explain(
    assessment: &Assessment,
    policy: &Policy,
    roster: &Roster,
    unit: &Unit,
) -> Explanation {
    Explainer::new(assessment, policy, roster, unit).explain()
}

struct Explainer<'a> {
    assessment: &'a Assessment,
    policy: &'a Policy,
    roster: &'a Roster,
    unit: &'a Unit,
    evaluator: Evaluator<'a>,
    entries: Entries<'a>,
}

impl<'a> Explainer<'a> {
    fn new(
        assessment: &'a Assessment,
        policy: &'a Policy,
        roster: &'a Roster,
        unit: &'a Unit,
    ) -> Self {
        Explainer {
            assessment,
            policy,
            roster,
            unit,
            evaluator: Evaluator::new(&assessment.book),
            entries: Entries::new(assessment, policy, roster),
        }
    }

    fn explain(&self) -> Explanation {
        let table = format!("score:{}", self.unit.kind);
        let row = self.row(&table, &self.unit.code);
        let scored = |id: &str| row.map(|row| self.text(&table, row, id));
        let file = self.assessment.reconciled.accepted(&self.unit.code);
        let file = file.and_then(|at| self.assessment.reconciled.ledger().files.get(at));
        let kind = self.policy.unit_kinds.get(&self.unit.kind);
        let scores = self
            .policy
            .scores
            .iter()
            .filter(|s| s.kind == self.unit.kind);
        Explanation {
            code: self.unit.code.clone(),
            name: self.unit.name.clone(),
            kind: kind.map_or_else(String::new, |kind| kind.name.clone()),
            file: file.map(|file| file.name.clone()),
            total: scored("total"),
            rank: scored("rank"),
            conclusion: scored("conclusion"),
            adjustments: self.adjustments(),
            items: row
                .map(|row| scores.map(|score| self.item(score, &table, row)).collect())
                .unwrap_or_default(),
            vetoes: self.vetoes(),
            awards: self.awards(),
            matters: self.matters(),
        }
    }

    /// The row of a table in whose column `code` a code stands.
    fn row(&self, table: &str, code: &str) -> Option<usize> {
        self.rows(table, code).first().copied()
    }

    fn rows(&self, table: &str, code: &str) -> Vec<usize> {
        let height = self.assessment.book.table(table).map_or(0, |t| t.height());
        let rows = 0..height;
        rows.filter(|row| self.text(table, *row, "code") == code)
            .collect()
    }

    fn cell(&self, table: &str, row: usize, column: &str) -> Option<CellRef> {
        let column = self.assessment.book.column(table, column)?;
        Some(CellRef {
            table: column.table,
            row,
            column: column.column,
        })
    }

    fn text(&self, table: &str, row: usize, column: &str) -> String {
        match self
            .cell(table, row, column)
            .map(|cell| self.evaluator.cell(cell))
        {
            Some(Scalar::Text(text)) => text,
            Some(Scalar::Number(number)) => number.normalize().to_string(),
            Some(Scalar::Date(day)) => day.to_string(),
            _ => String::new(),
        }
    }

    /// The rows of entries behind a figure.
    fn behind(&self, cell: Option<CellRef>) -> BTreeSet<usize> {
        let rows = cell.map(|cell| self.evaluator.behind(cell));
        let rows = rows.into_iter().flatten();
        rows.filter_map(|(table, row)| self.entries.of_row(table, row))
            .collect()
    }

    fn clause(&self, id: &str, basis: Basis) -> CitedClause {
        let heading = self.policy.clauses.get(id).map(|clause| &clause.heading);
        CitedClause {
            id: id.to_owned(),
            heading: heading.cloned().unwrap_or_default(),
            basis: crate::assess::basis_word(basis).to_owned(),
        }
    }

    fn item(&self, score: &Score, table: &str, row: usize) -> ScoredItem {
        let operands: Vec<Operand> = crate::assess::operands(self.policy, &score.metric)
            .into_iter()
            .map(|metric| self.operand(metric, table, row))
            .collect();
        let points = self.text(table, row, &format!("pt:{}", score.id));
        let metric = self.policy.metrics.get(&score.metric);
        let measure = metric.map_or("", |metric| metric.unit.word());
        let method = text::method(score, measure);
        let calculation = text::calculation(score, &operands, &points);
        ScoredItem {
            rule: score.id.clone(),
            name: score.name.clone(),
            full_mark: score.points.normalize().to_string(),
            method,
            mend: self.text(table, row, &mend_column(&score.id)),
            calculation,
            clause: self.clause(&score.clause, score.basis),
            points,
            operands,
        }
    }

    fn operand(&self, id: &str, table: &str, row: usize) -> Operand {
        let metric = self.policy.metrics.get(id);
        let cell = self.cell(table, row, &format!("op:{id}"));
        let counted = self.behind(cell);
        let members = self.members(id, cell);
        let of_members: BTreeSet<usize> = members
            .iter()
            .flat_map(|(_, rows)| rows.iter().copied())
            .collect();
        let fields = self.entries.fields(id);
        let entry = |&at: &usize| self.entries.entry(at, &fields, true);
        let forms = crate::policy::forms_of(self.policy, id);
        let others = self
            .entries
            .of_unit(&self.unit.code, &forms)
            .filter(|at| !counted.contains(at) && !of_members.contains(at))
            .filter_map(|at| self.entries.entry(at, &fields, false));
        Operand {
            metric: id.to_owned(),
            name: metric.map_or_else(String::new, |m| m.name.clone()),
            measure: metric.map_or_else(String::new, |m| m.unit.word().to_owned()),
            value: self.text(table, row, &format!("op:{id}")),
            rows: counted.iter().filter_map(entry).collect(),
            others: others.collect(),
            members: members.into_iter().map(|(member, _)| member).collect(),
        }
    }

    /// The members of the unit, for a figure that counts members.
    fn members(&self, id: &str, cell: Option<CellRef>) -> Vec<(CountedMember, BTreeSet<usize>)> {
        let asked = match self.policy.metrics.get(id).map(|m| &m.measure) {
            Some(Measure::Members(Some((of, _)))) => of,
            _ => return Vec::new(),
        };
        let members = self.assessment.book.find("members");
        let counted: BTreeSet<usize> = cell
            .map(|cell| self.evaluator.behind(cell))
            .unwrap_or_default()
            .into_iter()
            .filter(|(table, _)| Some(*table) == members)
            .map(|(_, row)| row)
            .collect();
        let height = self
            .assessment
            .book
            .table("members")
            .map_or(0, |t| t.height());
        let own = (0..height).filter(|row| self.text("members", *row, "unit") == self.unit.code);
        own.map(|row| {
            let column = format!("m:{asked}");
            let rows = self.behind(self.cell("members", row, &column));
            let fields = self.entries.fields(asked);
            let member = CountedMember {
                code: self.text("members", row, "code"),
                name: self.text("members", row, "name"),
                counted: counted.contains(&row),
                value: self.text("members", row, &column),
                remark: self.silent(id, &self.text("members", row, "code")),
                rows: rows
                    .iter()
                    .filter_map(|&at| self.entries.entry(at, &fields, true))
                    .collect(),
            };
            (member, rows)
        })
        .collect()
    }

    /// Where a member had been asked who did not answer what a metric counts him by.
    fn silent(&self, metric: &str, code: &str) -> String {
        let mut silent = self.assessment.reconciled.uncounted().iter();
        let one = silent.find(|one| one.metric == metric && one.member == code);
        one.map_or_else(String::new, |one| format!("没有填报（{}）", one.place))
    }

    fn adjustments(&self) -> Vec<Line> {
        let rulings = self.assessment.reconciled.rulings();
        let own = rulings
            .adjustments
            .iter()
            .filter(|one| one.unit == self.unit.code);
        own.map(|one| {
            let sign = if one.points > Decimal::ZERO { "+" } else { "" };
            let clause = match one.clause.as_str() {
                "" => String::new(),
                id => format!("方案{id}；"),
            };
            Line {
                title: format!("{sign}{}", one.points.normalize()),
                text: format!("{clause}{}（批准人 {}，{}）", one.reason, one.by, one.place),
            }
        })
        .collect()
    }

    fn judged(&self, table: &str, row: usize, value: &str, metric: &str) -> Judged {
        let fields = self.entries.fields(metric);
        let mut rows = self.behind(self.cell(table, row, value));
        // Behind a ratio stands what is behind its parts.
        let parts = crate::assess::parts(self.policy, metric).map(|_| ["part", "whole"]);
        for part in parts.into_iter().flatten() {
            rows.extend(self.behind(self.cell(table, row, part)));
        }
        let parts = parts.map(|parts| parts.map(|part| self.text(table, row, part)));
        let clause = self.text(table, row, "clause");
        let measure = self.policy.metrics.get(metric);
        let measure = measure.map_or("", |metric| metric.unit.word());
        Judged {
            name: String::new(),
            remark: self.text(table, row, "why"),
            subject: self.text(table, row, "name"),
            result: self.text(table, row, "result"),
            value: self.text(table, row, value),
            limit: self.text(table, row, "limit"),
            measure: measure.to_owned(),
            parts: parts.map(|[part, whole]| (part, whole)),
            clause: self.clause(&clause, self.basis(table, row)),
            rows: rows
                .iter()
                .filter_map(|&at| self.entries.entry(at, &fields, true))
                .collect(),
        }
    }

    /// On what the veto or award of a row rests.
    fn basis(&self, table: &str, row: usize) -> Basis {
        let rule = self.text(table, row, "@rule");
        let of_table = match table.starts_with("veto:") {
            true => self.veto(&rule).map(|veto| veto.basis),
            false => self.award(&rule).map(|award| award.basis),
        };
        of_table.unwrap_or(Basis::OfficeDefault)
    }

    fn veto(&self, id: &str) -> Option<&'a Veto> {
        self.policy.vetoes.iter().find(|veto| veto.id == id)
    }

    fn award(&self, id: &str) -> Option<&'a Award> {
        self.policy.awards.iter().find(|award| award.id == id)
    }

    fn vetoes(&self) -> Vec<Judged> {
        let make = |table: &str, row: usize| {
            let rule = self.text(table, row, "@rule");
            let metric = self.veto(&rule).map_or("", |veto| veto.metric.as_str());
            Judged {
                name: self.text(table, row, "rule"),
                remark: self.remark(&self.text(table, row, "code"), &rule),
                ..self.judged(table, row, "op", metric)
            }
        };
        let units = self.rows("veto:units", &self.unit.code).into_iter();
        let mut found: Vec<Judged> = units.map(|row| make("veto:units", row)).collect();
        for member in self.roster.members().filter(|m| m.unit == self.unit.code) {
            let rows = self.rows("veto:members", &member.code).into_iter();
            found.extend(rows.map(|row| make("veto:members", row)));
        }
        found
    }

    /// Why somebody is exempt from a veto, or which row was not filled in.
    fn remark(&self, code: &str, veto: &str) -> String {
        let exemptions = &self.assessment.reconciled.rulings().exemptions;
        let lifted = exemptions
            .iter()
            .find(|one| one.subject == code && one.veto == veto);
        if let Some(one) = lifted {
            return format!("免予：{}（批准人 {}，{}）", one.reason, one.by, one.place);
        }
        let mut silent = self.assessment.reconciled.unanswered().iter();
        match silent.find(|one| one.member == code && one.veto == veto) {
            Some(one) => {
                let ruled = match one.answer {
                    Answer::Open => "",
                    Answer::TookNoPart => "，裁定没有参与",
                    Answer::TookPart => "，裁定参与了",
                };
                format!("没有填报（{}）{ruled}", one.place)
            }
            None => String::new(),
        }
    }

    fn awards(&self) -> Vec<Judged> {
        let rows = self.rows("award:units", &self.unit.code).into_iter();
        rows.map(|row| {
            let award = self.award(&self.text("award:units", row, "@rule"));
            let metric = award.map_or("", |award| award.metric.as_str());
            Judged {
                name: self.text("award:units", row, "award"),
                ..self.judged("award:units", row, "amount", metric)
            }
        })
        .collect()
    }

    fn matters(&self) -> Vec<Line> {
        let matters = self.assessment.reconciled.matters().iter();
        let own = matters.filter(|matter| matter.units.contains(&self.unit.code));
        let apart = matters_apart(&Reader::of(&self.evaluator));
        own.map(|matter| Line {
            title: match apart.contains(&matter.id) {
                true => format!("{} {APART}", matter.id),
                false => format!("{} {}", matter.id, matter.standing.word()),
            },
            text: matter.reason.clone(),
        })
        .collect()
    }
}
