//! One-vote vetoes of units, and the list of members whom one strikes.

use super::answers::{listed, told};
use super::decided::{EXEMPT, is_exempt};
use super::held::{Cells, Held, format_of, is_diluted, part_columns, unanswered};
use super::lookups::{OWN, WHOSE, nth, own_key, returned, veto_of};
use super::metrics::{For, lacking, rejected, seen, sure, zero};
use super::params::Params;
use super::words::{CLEAR, NOT_APPLICABLE, PENDING, TOOK_NO_PART, TOOK_PART, UNTOLD, VETOED};
use crate::book::{Book, CellRef, ColumnRef, Comparison, Evaluator, Expr, Format, Slot, Table};
use crate::policy::{Missing, Policy, Subject, Veto};
use crate::roster::Roster;
use crate::sheet::Scalar;

/// The vetoes of a subject.
pub fn of_subject(policy: &Policy, subject: Subject) -> impl Iterator<Item = &Veto> {
    let vetoes = policy.vetoes.iter();
    vetoes.filter(move |veto| veto.subject == subject)
}

fn table(id: &str, policy: &Policy) -> Table {
    let mut table = Table::new(id);
    table.column("result", "结果", Format::Centre);
    table.column("name", "名称", Format::Text);
    table.column("unit", "类型或单位", Format::Text);
    table.column("rule", "否决情形", Format::Text);
    table.column("fact", "事实", Format::Text);
    table.column("exempt", "经批准免予", Format::Centre);
    table.column("clause", "条款", Format::Centre);
    table.printed = Some(table.columns.len());
    table.column("code", "编号", Format::Centre);
    table.column("op", "实绩", Format::Integer);
    // The same columns on both tables.
    let metrics = policy.vetoes.iter().map(|veto| &veto.metric);
    part_columns(&mut table, policy, metrics);
    table.column("limit", "少于此数即否决", Format::Integer);
    table.column("seen", "查看的记录", Format::Integer);
    table.column("rejected", "其中被剔除", Format::Integer);
    table.column("returned", "报送", Format::Centre);
    table.column("@rule", "规则代号", Format::Text);
    table.column("@at:number", "序号", Format::Integer);
    table.column(STRUCK_PLACE, "否决次序", Format::Integer);
    table.column(OPEN_PLACE, "待定次序", Format::Integer);
    table.column(WHOSE, "所属单位", Format::Centre);
    table.column(OWN, "单位内次序", Format::Text);
    table
}

/// The columns that number who is struck by a veto, and whose veto is open.
pub const STRUCK_PLACE: &str = "@at:struck";
/// The same, whose veto is open.
pub const OPEN_PLACE: &str = "@at:open";

/// Adds the table `veto:units`: every unit to which a veto applies, those
/// struck first. Where several apply to a unit, its first row says what they
/// come to, so that units are counted once.
pub fn add_units(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    let mut table = table("veto:units", policy);
    table.column("@unit", "单位否决", Format::Centre);
    let index = book.next();
    let mut known = std::collections::HashSet::new();
    for veto in of_subject(policy, Subject::Unit) {
        let kind = policy.unit_kinds.get(&veto.kind).map_or("", |k| &k.name);
        for unit in roster.units().filter(|unit| unit.kind == veto.kind) {
            let here = |id: &str| table.coming(index, id);
            let subject = For::Unit(here("code"));
            let held = Held::new(policy, &veto.metric, here("op"), here);
            let cells = Cells::new(book, policy, &veto.metric, subject, &held);
            let limit = Expr::Cell(here("limit"));
            let lacking = sure(lacking(book, policy, &veto.metric, here("code")));
            let state = state(
                policy,
                veto,
                &Facts {
                    held,
                    limit: limit.clone(),
                    rejected: Expr::Cell(here("rejected")),
                    lacking: lacking.clone(),
                    returned: Expr::Cell(here("returned")),
                    exempt: Expr::is(Expr::Cell(here("exempt")), "是"),
                    answer: None,
                    unanswered: unanswered(book, policy, &veto.metric, here("code")),
                },
            );
            let exempt = sure(is_exempt(book, here("code"), &veto.name));
            let first = known.insert(unit.code.as_str());
            let column = |id: &str| ColumnRef {
                table: index,
                column: here(id).column,
            };
            let of_unit = || veto_of(column("code"), column("result"), here("code"));
            let row = Row {
                cells,
                result: state,
                code: Slot::text(&unit.code),
                whose: &unit.code,
                apart: veto.id.clone(),
                name: &unit.name,
                unit: kind,
                fact: Expr::Joined(vec![
                    fact(policy, veto, &held, limit),
                    Expr::when(
                        Expr::compare(Comparison::MoreThan, lacking, zero()),
                        Expr::text("\u{FF1B}有的表没有收到，做了没有不知道"),
                        Expr::text(""),
                    ),
                ]),
                limit: params.get(&veto.id, "less_than"),
                seen: sure(seen(book, policy, &veto.metric, subject)),
                rejected: sure(rejected(book, policy, &veto.metric, subject)),
                returned: sure(returned(book, here("code"))),
                exempt: yes_or_no(exempt),
                of_unit: first.then(of_unit),
            };
            let slots = row.slots(index, &table, policy, veto);
            table.rows.push(slots);
        }
    }
    book.add(table);
    book.sort_by(index, |row, cell| {
        let result = cell(0);
        let order = [VETOED, PENDING, EXEMPT]
            .iter()
            .position(|word| result == Scalar::Text((*word).to_owned()));
        (order.unwrap_or(3), row)
    });
}

/// What stands in a row.
struct Row<'a> {
    result: Expr,
    code: Slot,
    whose: &'a str,
    apart: String,
    name: &'a str,
    unit: &'a str,
    fact: Expr,
    cells: Cells,
    limit: Expr,
    seen: Expr,
    rejected: Expr,
    returned: Expr,
    exempt: Expr,
    of_unit: Option<Expr>,
}

impl Row<'_> {
    fn slots(self, index: usize, table: &Table, policy: &Policy, veto: &Veto) -> Vec<Slot> {
        let limit = format_of(policy, &veto.metric);
        let here = |id: &str| table.coming(index, id);
        let column = |id: &str| ColumnRef {
            table: index,
            column: here(id).column,
        };
        let place = |word: &str| {
            let own = [here("result"), here("@at:number")];
            Slot::Figure(nth(column("result"), column("@at:number"), word, own))
        };
        let mut own: std::collections::HashMap<&str, Slot> = [
            ("result", Slot::Figure(self.result)),
            ("code", self.code),
            ("name", Slot::text(self.name)),
            ("unit", Slot::text(self.unit)),
            ("rule", Slot::text(&veto.name)),
            ("fact", Slot::Figure(self.fact)),
            ("op", self.cells.figure),
            ("part", self.cells.part),
            ("whole", self.cells.whole),
            ("limit", Slot::Formatted(self.limit, limit)),
            ("seen", Slot::Figure(self.seen)),
            ("rejected", Slot::Figure(self.rejected)),
            ("returned", Slot::Figure(self.returned)),
            ("exempt", Slot::Figure(self.exempt)),
            ("clause", Slot::text(&veto.clause)),
            ("@rule", Slot::text(&veto.id)),
            ("@at:number", Slot::whole(table.rows.len() + 1)),
            (STRUCK_PLACE, place(VETOED)),
            (OPEN_PLACE, place(PENDING)),
            (WHOSE, Slot::text(self.whose)),
            (OWN, Slot::text(own_key(self.whose, &self.apart))),
            ("@unit", self.of_unit.map_or(Slot::text(""), Slot::Figure)),
        ]
        .into();
        let columns = table.columns.iter();
        let slots = columns.map(|column| own.remove(column.id.as_str()));
        slots.map(|slot| slot.unwrap_or(Slot::text(""))).collect()
    }
}

/// What the veto rests on, in words.
fn fact(policy: &Policy, veto: &Veto, held: &Held, limit: Expr) -> Expr {
    let name = policy.metrics.get(&veto.metric).map_or("", |m| &m.name);
    let mut words = vec![
        Expr::text(format!("{name} ")),
        held.says(),
        Expr::text("（少于 "),
    ];
    words.extend(held.said(limit));
    words.push(Expr::text("才否决）"));
    Expr::Joined(words)
}

/// What a veto is judged by.
pub struct Facts {
    /// The figure.
    pub held: Held,
    /// It strikes below this.
    pub limit: Expr,
    /// How many entries could not be read.
    pub rejected: Expr,
    /// How many sheets did not come.
    pub lacking: Expr,
    /// Whether the unit returned: 是 or 否.
    pub returned: Expr,
    /// Whether the office has lifted it.
    pub exempt: Expr,
    /// What is known of whom a list asks and who may not have answered.
    pub answer: Option<Expr>,
    /// How many members of a unit did not answer, where it is judged by them.
    pub unanswered: Option<Expr>,
}

/// What comes of a veto: one of [`VETOED`], [`PENDING`], [`EXEMPT`], [`CLEAR`] and
/// [`NOT_APPLICABLE`].
pub fn state(policy: &Policy, veto: &Veto, facts: &Facts) -> Expr {
    let below = facts.held.is_below(facts.limit.clone());
    // Whom nothing is known of may have done enough.
    let struck = match &facts.unanswered {
        Some(more) => Expr::when(
            facts.held.would_reach(facts.limit.clone(), more.clone()),
            Expr::text(PENDING),
            Expr::text(VETOED),
        ),
        None => Expr::text(VETOED),
    };
    let (below, struck) = match &facts.answer {
        None => (below, struck),
        Some(answer) => {
            let took = Expr::is(answer.clone(), TOOK_PART);
            let is_open = Expr::when(took, Expr::text("否"), Expr::text("是"));
            // Of who did not answer it is not known.
            let untold = Expr::is(answer.clone(), UNTOLD);
            let struck = Expr::when(untold, Expr::text(PENDING), struck);
            (Expr::And(vec![below, Expr::is(is_open, "是")]), struck)
        }
    };
    let unread = Expr::Sum(vec![facts.rejected.clone(), facts.lacking.clone()]);
    let unread = Expr::compare(Comparison::MoreThan, unread, zero());
    // Whoever has an entry that could not be read, or a sheet that did not come, is not
    // struck: once mended, it may count.
    let firm = Expr::when(unread.clone(), Expr::text(PENDING), struck);
    // Unless the office has ruled that there was nothing to count.
    let firm = match &facts.answer {
        Some(answer) => {
            let ruled = Expr::is(answer.clone(), TOOK_NO_PART);
            Expr::when(ruled, Expr::text(VETOED), firm)
        }
        None => firm,
    };
    let clear = match is_diluted(policy, &veto.metric) {
        true => Expr::when(unread, Expr::text(PENDING), Expr::text(CLEAR)),
        false => Expr::text(CLEAR),
    };
    let mut judged = Expr::when(below.clone(), firm, clear);
    let mut doubtful = vec![below];
    if let Some(known) = facts.held.is_known() {
        let word = match veto.missing_value {
            Missing::NotApplicable => NOT_APPLICABLE,
            Missing::Pending | Missing::Zero => {
                let unknown = Expr::when(known.clone(), Expr::text("否"), Expr::text("是"));
                doubtful.push(Expr::is(unknown, "是"));
                PENDING
            }
        };
        // There may be nothing to divide by because nobody answered.
        let unknown = match &facts.answer {
            Some(answer) => Expr::when(
                Expr::is(answer.clone(), UNTOLD),
                Expr::text(PENDING),
                Expr::text(word),
            ),
            None => Expr::text(word),
        };
        judged = Expr::when(known, judged, unknown);
    }
    let missing = Expr::is(facts.returned.clone(), "否");
    let judged = match veto.missing_return {
        Missing::Pending => Expr::when(missing, Expr::text(PENDING), judged),
        Missing::NotApplicable => Expr::when(missing, Expr::text(CLEAR), judged),
        Missing::Zero => judged,
    };
    let lifted = Expr::And(vec![Expr::Or(doubtful), facts.exempt.clone()]);
    Expr::when(lifted, Expr::text(EXEMPT), judged)
}

fn yes_or_no(condition: Expr) -> Expr {
    Expr::when(condition, Expr::text("是"), Expr::text("否"))
}

/// Adds the table `veto:members`: the members whom a veto strikes or whose
/// veto is open, each veto by its own fact, with their figures from the table of
/// members.
pub fn add_members(book: &mut Book, policy: &Policy, params: &Params) {
    let rules: Vec<&Veto> = of_subject(policy, Subject::Member).collect();
    let mut table = table("veto:members", policy);
    let Some(members) = book.find("members") else {
        return;
    };
    let cell = |row: usize, id: &str| CellRef {
        row,
        ..book.tables[members].own(members, id)
    };
    let evaluator = Evaluator::new(book);
    let text = |row: usize, id: &str| match evaluator.cell(cell(row, id)) {
        Scalar::Text(text) => text,
        _ => String::new(),
    };
    let index = book.next();
    let mut listed_of: std::collections::HashMap<String, usize> = Default::default();
    for wanted in [VETOED, PENDING, EXEMPT] {
        for row in 0..book.tables[members].height() {
            for veto in &rules {
                if text(row, &state_of(veto)) != wanted {
                    continue;
                }
                let here = |id: &str| table.coming(index, id);
                // Looked up by code, so that either table may be sorted.
                let of = |id: &str| {
                    let found = || {
                        Some(Expr::Lookup {
                            key: Box::new(Expr::Cell(here("code"))),
                            keys: book.column("members", "code")?,
                            values: book.column("members", id)?,
                        })
                    };
                    sure(found())
                };
                let shown =
                    |id: &str| Slot::Formatted(of(&format!("m:{id}")), format_of(policy, id));
                let parts = super::metrics::parts(policy, &veto.metric);
                let part = |of: Option<&str>| of.map_or(Slot::text(""), shown);
                let held = Held::new(policy, &veto.metric, here("op"), here);
                let subject = For::Member(here("code"));
                let exempt = sure(is_exempt(book, here("code"), &veto.name));
                let (name, unit_name) = (text(row, "name"), text(row, "unit_name"));
                let whose = text(row, "unit");
                let of_unit = listed_of.entry(whose.clone()).or_insert(0);
                *of_unit += 1;
                let of_row = Row {
                    result: of(&state_of(veto)),
                    code: Slot::Link(text(row, "code"), cell(row, "code")),
                    whose: &whose,
                    apart: of_unit.to_string(),
                    name: &name,
                    unit: &unit_name,
                    fact: match listed(policy).any(|one| one.id == veto.id) {
                        true => Expr::Joined(vec![
                            fact(policy, veto, &held, Expr::Cell(here("limit"))),
                            Expr::when(
                                Expr::is(of(&told(veto)), UNTOLD),
                                Expr::text("\u{FF1B}没有填报，做了没有不知道"),
                                Expr::text(""),
                            ),
                        ]),
                        false => fact(policy, veto, &held, Expr::Cell(here("limit"))),
                    },
                    cells: Cells {
                        figure: shown(&veto.metric),
                        part: part(parts.map(|(part, _)| part)),
                        whole: part(parts.map(|(_, whole)| whole)),
                    },
                    limit: params.get(&veto.id, "less_than"),
                    seen: sure(seen(book, policy, &veto.metric, subject)),
                    rejected: sure(rejected(book, policy, &veto.metric, subject)),
                    returned: of("returned"),
                    exempt: yes_or_no(exempt),
                    of_unit: None,
                };
                let slots = of_row.slots(index, &table, policy, veto);
                table.rows.push(slots);
            }
        }
    }
    book.add(table);
}

/// The column of the table of members that says what comes of a veto.
pub fn state_of(veto: &Veto) -> String {
    format!("@v:{}", veto.id)
}
