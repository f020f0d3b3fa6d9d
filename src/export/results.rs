//! The results: units with their points, each item, vetoes, awards, funds,
//! goals, both sides of the gifts, matters, findings, files, and the run.

use super::frame::{DataType, Frame};
use crate::assess::Run;
use crate::book::Reader;
use crate::flow::Assessment;
use crate::policy::Policy;
use crate::sheet::Scalar;

/// A table of the workbook as a data set: the columns of its table, each with
/// name and type. Where several tables share a prefix, `of` names the rest.
struct Shape {
    dataset: &'static str,
    table: &'static str,
    of: Option<&'static str>,
    columns: &'static [(&'static str, &'static str, DataType)],
}

const MONEY: DataType = DataType::Decimal(2);
const POINTS: DataType = DataType::Decimal(4);
/// A figure of any unit; a quotient has eight decimals.
const FIGURE: DataType = DataType::Decimal(8);

/// The tables that are taken as they stand.
const SHAPES: &[Shape] = &[
    Shape {
        dataset: "units",
        table: "units",
        of: None,
        columns: &[
            ("code", "unit_code", DataType::Text),
            ("name", "unit_name", DataType::Text),
            ("kind", "unit_kind", DataType::Text),
            ("block", "unit_block", DataType::Text),
            ("returned", "returned", DataType::Flag),
            ("file", "source_file", DataType::Text),
            ("filled_on", "filled_on", DataType::Date),
            ("errors", "errors", DataType::Integer),
            ("warnings", "warnings", DataType::Integer),
        ],
    },
    Shape {
        dataset: "scores",
        table: "score:",
        of: Some("kind"),
        columns: &[
            ("code", "unit_code", DataType::Text),
            ("name", "unit_name", DataType::Text),
            ("rank", "rank", DataType::Integer),
            ("total", "points", POINTS),
            ("applicable", "full_mark", POINTS),
            ("adjust", "adjusted", POINTS),
            ("veto", "veto", DataType::Text),
            ("conclusion", "conclusion", DataType::Text),
        ],
    },
    Shape {
        dataset: "vetoes",
        table: "veto:",
        of: Some("subject"),
        columns: &[
            ("code", "code", DataType::Text),
            ("name", "name", DataType::Text),
            ("rule", "rule", DataType::Text),
            ("op", "done", DataType::Decimal(4)),
            ("limit", "less_than", DataType::Decimal(4)),
            ("result", "result", DataType::Text),
            ("exempt", "exempt", DataType::Flag),
            ("clause", "clause", DataType::Text),
        ],
    },
    Shape {
        dataset: "awards",
        table: "award:",
        of: Some("subject"),
        columns: &[
            ("award", "award", DataType::Text),
            ("code", "code", DataType::Text),
            ("name", "name", DataType::Text),
            ("amount", "amount", MONEY),
            ("limit", "at_least", MONEY),
            ("measure", "measure", DataType::Text),
            ("veto", "veto", DataType::Text),
            ("result", "result", DataType::Text),
            ("clause", "clause", DataType::Text),
        ],
    },
    Shape {
        dataset: "publicity",
        table: "publicity:",
        of: Some("rule"),
        columns: &[
            ("donor", "donor_code", DataType::Text),
            ("name", "donor_name", DataType::Text),
            ("unit_name", "unit_name", DataType::Text),
            ("amount", "amount", MONEY),
            ("limit", "at_least", MONEY),
            ("result", "result", DataType::Text),
            ("veto", "veto", DataType::Text),
            ("unit_veto", "unit_veto", DataType::Text),
        ],
    },
    Shape {
        dataset: "members",
        table: "members",
        of: None,
        columns: &[
            ("code", "member_code", DataType::Text),
            ("name", "member_name", DataType::Text),
            ("unit", "unit_code", DataType::Text),
            ("role", "member_role", DataType::Text),
            ("returned", "returned", DataType::Flag),
            ("veto", "veto", DataType::Text),
        ],
    },
    Shape {
        dataset: "gifts",
        table: "sides:gifts",
        of: None,
        columns: &[
            ("agreement", "agreement", DataType::Text),
            ("village", "village", DataType::Text),
            ("giver", "giver", DataType::Text),
            ("reporter", "reporter_name", DataType::Text),
            ("given", "given", MONEY),
            ("received", "received", MONEY),
            ("difference", "difference", MONEY),
            ("given_at", "given_entries", DataType::Text),
            ("received_at", "received_entries", DataType::Text),
            ("matter", "matter", DataType::Text),
        ],
    },
    Shape {
        dataset: "matters",
        table: "matters",
        of: None,
        columns: &[
            ("matter", "matter", DataType::Text),
            ("topic", "topic", DataType::Text),
            ("standing", "standing", DataType::Text),
            ("about", "about", DataType::Text),
            ("stake", "at_stake", MONEY),
            ("proposed", "proposed", DataType::Text),
            ("verdict", "verdict", DataType::Text),
            ("reason", "verdict_reason", DataType::Text),
            ("by", "decided_by", DataType::Text),
        ],
    },
    Shape {
        dataset: "findings",
        table: "issues",
        of: None,
        columns: &[
            ("severity", "severity", DataType::Text),
            ("code", "code", DataType::Text),
            ("message", "message", DataType::Text),
            ("file", "source_file", DataType::Text),
            ("sheet", "source_sheet", DataType::Text),
            ("cell", "source_cell", DataType::Text),
            ("header", "header", DataType::Text),
        ],
    },
    Shape {
        dataset: "files",
        table: "files",
        of: None,
        columns: &[
            ("file", "source_file", DataType::Text),
            ("unit", "unit_name", DataType::Text),
            ("outcome", "outcome", DataType::Text),
            ("reason", "outcome_reason", DataType::Text),
            ("rows", "row_count", DataType::Integer),
            ("sha256", "sha256", DataType::Text),
        ],
    },
    Shape {
        dataset: "replaced",
        table: "replaced",
        of: None,
        columns: &[
            ("file", "source_file", DataType::Text),
            ("unit", "unit_name", DataType::Text),
            ("form", "form_sheet", DataType::Text),
            ("sheet", "source_sheet", DataType::Text),
            ("where", "source_rows", DataType::Text),
            ("rows", "row_count", DataType::Integer),
            ("amount", "amount", MONEY),
        ],
    },
];

/// All results.
pub fn frames(assessment: &Assessment, policy: &Policy, run: &Run) -> Vec<Frame> {
    let reader = Reader::new(&assessment.book);
    let shapes = SHAPES.iter();
    let mut frames: Vec<Frame> = shapes
        .map(|shape| shaped(&reader, shape, has_ratios(policy, shape.dataset)))
        .collect();
    frames.push(items(&reader, policy));
    frames.push(funds(&reader, policy));
    frames.push(goals(&reader, policy));
    frames.push(self::run(policy, run, &reader));
    frames
}

/// Whether the figures of a data set are ratios in the pack: they have more decimals.
fn has_ratios(policy: &Policy, dataset: &str) -> bool {
    let mut metrics: Vec<&String> = Vec::new();
    match dataset {
        "vetoes" => metrics.extend(policy.vetoes.iter().map(|veto| &veto.metric)),
        "awards" => metrics.extend(policy.awards.iter().map(|award| &award.metric)),
        _ => {}
    }
    metrics
        .into_iter()
        .any(|id| crate::assess::parts(policy, id).is_some())
}

/// A table of the workbook as it stands.
fn shaped(reader: &Reader<'_>, shape: &Shape, has_ratios: bool) -> Frame {
    let of = shape.of.map(|name| (name.to_owned(), DataType::Text));
    let columns = shape.columns.iter();
    let columns = columns.map(|(_, name, kind)| {
        let kind = match kind {
            DataType::Decimal(_) if has_ratios => FIGURE,
            kind => *kind,
        };
        ((*name).to_owned(), kind)
    });
    let mut frame = Frame::new(shape.dataset, None, of.into_iter().chain(columns));
    for (table, rest) in reader.tables(shape.table) {
        for row in reader.rows_at(table) {
            let mut values = Vec::new();
            values.extend(shape.of.map(|_| text(rest)));
            values.extend(shape.columns.iter().map(|(id, ..)| row.value(id)));
            frame.push(values);
        }
    }
    frame
}

fn columns<const N: usize>(names: [(&str, DataType); N]) -> [(String, DataType); N] {
    names.map(|(name, kind)| (name.to_owned(), kind))
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

/// Each item of each scored unit.
fn items(reader: &Reader<'_>, policy: &Policy) -> Frame {
    let names = columns([
        ("unit_code", DataType::Text),
        ("unit_name", DataType::Text),
        ("item", DataType::Text),
        ("item_name", DataType::Text),
        ("operand", DataType::Decimal(4)),
        ("whole", DataType::Decimal(4)),
        ("points", POINTS),
        ("full_mark", POINTS),
        ("clause", DataType::Text),
    ]);
    let mut frame = Frame::new("items", None, names);
    for (table, kind) in reader.tables("score:") {
        for row in reader.rows_at(table) {
            for score in policy.scores.iter().filter(|score| score.kind == kind) {
                let parts = crate::assess::operands(policy, &score.metric);
                let part = |at: usize| match parts.get(at) {
                    Some(id) => row.value(&format!("op:{id}")),
                    None => Scalar::Empty,
                };
                frame.push(vec![
                    row.value("code"),
                    row.value("name"),
                    text(&score.id),
                    text(&score.name),
                    part(0),
                    part(1),
                    row.value(&format!("pt:{}", score.id)),
                    Scalar::Number(score.points),
                    text(&score.clause),
                ]);
            }
        }
    }
    frame
}

/// Each cell of each table of funds and activities, without totals and checks.
fn funds(reader: &Reader<'_>, policy: &Policy) -> Frame {
    let names = columns([
        ("table_id", DataType::Text),
        ("title", DataType::Text),
        ("row_code", DataType::Text),
        ("row_name", DataType::Text),
        ("column_name", DataType::Text),
        ("amount", MONEY),
    ]);
    let mut frame = Frame::new("funds", None, names);
    for (table, id) in reader.tables("funds:") {
        let rule = policy.fund_tables.iter().find(|rule| rule.id == id);
        let title = rule.map_or("", |rule| rule.title.as_str());
        let of = reader.book().tables.get(table);
        let of = of.map(|table| table.columns.as_slice()).unwrap_or_default();
        for row in reader.rows_at(table) {
            for column in of {
                if matches!(column.id.as_str(), "key" | "label" | "total") {
                    continue;
                }
                frame.push(vec![
                    text(id),
                    text(title),
                    row.value("key"),
                    row.value("label"),
                    text(&column.header),
                    row.value(&column.id),
                ]);
            }
        }
    }
    frame
}

/// Each goal of each village.
fn goals(reader: &Reader<'_>, policy: &Policy) -> Frame {
    let names = columns([
        ("village_code", DataType::Text),
        ("village_name", DataType::Text),
        ("in_scope", DataType::Flag),
        ("goal", DataType::Text),
        ("goal_name", DataType::Text),
        ("value", DataType::Decimal(6)),
        ("word", DataType::Text),
        ("clause", DataType::Text),
    ]);
    let mut frame = Frame::new("goals", None, names);
    for (table, _) in reader.tables("goals") {
        for row in reader.rows_at(table) {
            for goal in &policy.goals {
                let said = row.value(&format!("g:{}", goal.id));
                let (value, word) = match said {
                    Scalar::Text(word) => (Scalar::Empty, Scalar::Text(word)),
                    value => (value, Scalar::Empty),
                };
                frame.push(vec![
                    row.value("code"),
                    row.value("name"),
                    row.value("scope"),
                    text(&goal.id),
                    text(&goal.name),
                    value,
                    word,
                    text(&goal.clause),
                ]);
            }
        }
    }
    frame
}

/// What the run was made from.
fn run(policy: &Policy, run: &Run, reader: &Reader<'_>) -> Frame {
    let names = columns([
        ("program", DataType::Text),
        ("office", DataType::Text),
        ("year", DataType::Integer),
        ("pack", DataType::Text),
        ("pack_sha256", DataType::Text),
        ("roster_sha256", DataType::Text),
        ("rulings_sha256", DataType::Text),
        ("run_date", DataType::Date),
        ("seal", DataType::Text),
    ]);
    let mut frame = Frame::new("run", None, names);
    let pack = &policy.pack;
    frame.push(vec![
        text(crate::assess::PROGRAM),
        text(&pack.office),
        Scalar::Number(pack.year.into()),
        text(&format!("{} {}", pack.id, pack.version)),
        text(&policy.hash),
        text(&run.roster_hash),
        text(&run.rulings_hash),
        Scalar::Date(run.today),
        text(&crate::assess::seal_of(reader.book())),
    ]);
    frame
}
