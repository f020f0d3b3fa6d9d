//! The tables that prove the run: files, findings, clauses, and the equations
//! by which nothing is lost.

use rust_decimal::Decimal;

use super::closed::{self, SEAL};
use super::metrics::column;
use super::params::basis_word;
use super::replaced;
use crate::book::{
    Book, CellInput, CellRef, ColumnStore, Comparison, Criterion, Expr, Format, Slot, Table,
};
use crate::closing::Closing;
use crate::diagnostic::Finding;
use crate::fingerprint::sha256_hex;
use crate::policy::{Basis, Form, Policy, Shape};
use crate::reconcile::{Class, Outcome, Reconciled};
use crate::roster::Roster;
use crate::ruling::{ASSESSMENT, Belongs, VERSION};
use crate::sheet::Scalar;
use crate::value::masked;

/// What a run is known by.
#[derive(Debug, Clone)]
pub struct Run {
    /// SHA-256 of the roster file.
    pub roster_hash: String,
    /// SHA-256 of the file with the rulings; empty if there is none.
    pub rulings_hash: String,
    /// Files passed over (lock files, hidden files).
    pub skipped: usize,
    /// Day of the run; of an assessment that was closed, the day on which it was.
    pub today: jiff::civil::Date,
    /// On what the assessment was closed, if it was.
    pub closing: Option<Closing>,
}

/// Adds the table `files`.
pub fn add_files(book: &mut Book, reconciled: &Reconciled, roster: &Roster) {
    let mut table = Table::new("files");
    table.column("file", "文件", Format::Text);
    table.column("unit", "单位", Format::Text);
    table.column("outcome", "去向", Format::Centre);
    table.column("reason", "原因", Format::Text);
    table.column("rows", "读到的行", Format::Integer);
    table.column("sha256", "文件指纹（SHA-256）", Format::Text);
    let files = reconciled.ledger().files.iter().zip(reconciled.outcomes());
    let mut rows = vec![0; reconciled.ledger().files.len()];
    for (entry, ..) in reconciled.entries() {
        if let Some(count) = rows.get_mut(entry.file) {
            *count += 1;
        }
    }
    for (at, outline) in reconciled.ledger().outlined() {
        if let Some(count) = rows.get_mut(at) {
            *count = outline.rows();
        }
    }
    let mut packed = ColumnStore::of(&table);
    for (index, (file, (outcome, reason))) in files.enumerate() {
        let age = file.state.age();
        let unit = age.and_then(|age| roster.unit(&age.unit));
        let count: usize = rows.get(index).copied().unwrap_or(0);
        packed.push(|column| match column {
            0 => CellInput::text(&file.name),
            1 => CellInput::text(unit.map_or("", |u| &u.name)),
            2 => CellInput::text(outcome.word()),
            3 => CellInput::Text(masked(reason)),
            4 => CellInput::Scalar(Scalar::Number(count.into())),
            _ => CellInput::text(&file.sha256),
        });
    }
    table.packed = Some(packed.done());
    book.add(table);
}

/// Adds the table `issues`.
pub fn add_issues(book: &mut Book, findings: &[Finding]) {
    let mut table = Table::new("issues");
    table.column("number", "序号", Format::Integer);
    table.column("severity", "级别", Format::Centre);
    table.column("code", "代码", Format::Centre);
    table.column("message", "事项", Format::Text);
    table.column("file", "文件", Format::Text);
    table.column("sheet", "工作表", Format::Text);
    table.column("cell", "单元格", Format::Centre);
    table.column("header", "栏目", Format::Text);
    table.column("typed", "填写内容", Format::Text);
    table.column("taken", "按此理解", Format::Text);
    table.column("mend", "改法", Format::Text);
    let mut rows = ColumnStore::of(&table);
    for (i, finding) in findings.iter().enumerate() {
        let place = &finding.place;
        let cell = place.cell.map(|c| c.name()).unwrap_or_default();
        rows.push(|column| {
            let text = match column {
                0 => return CellInput::Scalar(Scalar::Number((i + 1).into())),
                1 => Some(finding.severity().word()),
                2 => Some(finding.code.code()),
                3 => return CellInput::Text(cut(&finding.message).into()),
                4 => place.file.as_deref(),
                5 => place.sheet.as_deref(),
                6 => Some(cell.as_str()),
                7 => place.header.as_deref(),
                8 => finding.typed.as_deref(),
                9 => finding.taken.as_deref(),
                _ => Some(finding.mend.as_str()),
            };
            text.map_or(CellInput::Empty, CellInput::text)
        });
    }
    table.packed = Some(rows.done());
    book.add(table);
}

/// A text as far as a cell holds it.
fn cut(text: &str) -> String {
    text.chars().take(crate::form::LONGEST_TEXT).collect()
}

/// Adds the table `tolerances`: by what returns are held against each other.
/// They decide what is laid before the office, so a formula cannot follow them.
pub fn add_tolerances(book: &mut Book, policy: &Policy) {
    let mut table = Table::new("tolerances");
    table.column("name", "核对口径", Format::Text);
    table.column("value", "取值", Format::Number);
    table.column("measure", "单位", Format::Centre);
    table.column("basis", "依据", Format::Text);
    let mut add = |name: String, value: Decimal, measure: &str| {
        table.rows.push(vec![
            Slot::text(name),
            Slot::Fact(Scalar::Number(value)),
            Slot::text(measure),
            Slot::text(basis_word(Basis::OfficeDefault)),
        ]);
    };
    let apart = policy.reconcile.apart;
    for (name, value, measure) in [
        ("两个单位报同一笔，日期最多相差", apart.days, "天"),
        ("捐出与收到，日期最多相差", apart.receipt_days, "天"),
        (
            "分次给的与合报的一笔，日期最多相差",
            apart.instalment_days,
            "天",
        ),
    ] {
        add(name.to_owned(), value.into(), measure);
    }
    add("一笔最多分几次".to_owned(), apart.parts.into(), "次");
    let name = "捐助方报了、受援方没有报的，一个单位给一个村合计到多少才核对";
    add(name.to_owned(), apart.unreceived, "元");
    let sheet = |form: &str| policy.forms.get(form).map_or("", |form| &form.sheet);
    for rule in &policy.reconcile.outliers {
        let name = format!("“{}”金额异常：不低于", sheet(&rule.form));
        add(name, rule.at_least, "元");
        let name = format!("“{}”金额异常：并且超过中位数的", sheet(&rule.form));
        add(name, rule.times, "倍");
    }
    book.add(table);
}

/// Adds the table `run`.
pub fn add_run(book: &mut Book, policy: &Policy, reconciled: &Reconciled, run: &Run) {
    let mut table = Table::new("run");
    table.column("item", "项目", Format::Text);
    table.column("value", "内容", Format::Text);
    let mut add = |item: &str, value: String| {
        table.rows.push(vec![Slot::text(item), Slot::text(value)]);
    };
    let pack = &policy.pack;
    add(
        "方案",
        format!("{}\u{FF08}{}\u{FF09}", pack.title, pack.document),
    );
    add(ASSESSMENT, Belongs::of(policy).to_string());
    add(VERSION, format!("{} 第{}版", pack.id, pack.version));
    add("方案指纹（SHA-256）", policy.hash.clone());
    add("名册指纹（SHA-256）", run.roster_hash.clone());
    let rulings = match run.rulings_hash.as_str() {
        "" => "没有裁定表",
        hash => hash,
    };
    add("裁定表指纹（SHA-256）", rulings.to_owned());
    add("程序", PROGRAM.to_owned());
    add("运行日期", run.today.to_string());
    add("跳过的临时文件和隐藏文件", format!("{} 个", run.skipped));
    let files = &reconciled.ledger().files;
    add("回收文件", format!("{} 个，指纹见“回收情况”", files.len()));
    for (item, value) in closed::rows(run.closing.as_ref()) {
        add(item, value);
    }
    add(SEAL, seal(policy, reconciled, run));
    add(
        "封签由什么算出",
        "程序、方案指纹、名册指纹、裁定表指纹、运行日期，和全部回收文件指纹（从小到大，逾期的不算），每项一行，合起来再算 SHA-256。任何一项变了，封签就变。".to_owned(),
    );
    add(
        "怎样重做一遍",
        format!(
            "用同一版程序，在同一工作区运行 kaohe assess --now {}",
            run.today
        ),
    );
    book.add(table);
}

/// Program and version.
pub const PROGRAM: &str = concat!("kaohe ", env!("CARGO_PKG_VERSION"));

/// One fingerprint over everything that the result rests on, so that two
/// workbooks are seen to come from the same.
fn seal(policy: &Policy, reconciled: &Reconciled, run: &Run) -> String {
    let today = run.today.to_string();
    let parts = [
        PROGRAM,
        &policy.hash,
        &run.roster_hash,
        &run.rulings_hash,
        &today,
    ];
    let mut lines: Vec<&str> = parts.to_vec();
    let files = reconciled.ledger().files.iter().zip(reconciled.outcomes());
    // What came after the closing is no part of what was closed.
    let files = files.filter(|(_, (outcome, _))| *outcome != Outcome::Late);
    let mut hashes: Vec<&str> = files.map(|(file, _)| file.sha256.as_str()).collect();
    hashes.sort_unstable();
    lines.extend(hashes);
    sha256_hex(lines.join("\n").as_bytes())
}

/// Adds the tables `conservation:files`, `:rows` and `:money`. What was read
/// is counted on the way in; the classes are counted by formula over what the
/// workbook shows; each line checks that they agree.
pub fn add_conservation(book: &mut Book, policy: &Policy, reconciled: &Reconciled) {
    let mut table = Equations::new(
        book,
        "conservation:files",
        Format::Integer,
        &[],
        &Outcome::ALL.map(Outcome::word),
    );
    let outcome = book.column("files", "outcome");
    let parts = Outcome::ALL.iter().filter_map(|o| {
        let same = Criterion::equal(outcome?, Expr::text(o.word()));
        Some(Expr::CountIfs(vec![same]))
    });
    let read = Decimal::from(reconciled.ledger().files.len());
    table.push("回收的文件", read, Vec::new(), parts.collect());
    book.add(table.table);

    let words = Class::ALL.map(Class::word);
    let entries = |form: &'_ Form| {
        let id = form.id.clone();
        let all = reconciled.ledger().entries.iter();
        all.filter(move |entry| entry.form == id)
    };
    let mut rows = Equations::new(book, "conservation:rows", Format::Integer, &[], &words);
    for form in policy.intake_forms() {
        let parts = Class::ALL.iter().filter_map(|of| {
            let class = column(book, &form.id, "@class")?;
            let same = Criterion::equal(class, Expr::text(of.word()));
            let listed = Expr::CountIfs(vec![same]);
            Some(
                match replaced::rows_of(book, form).filter(|_| *of == Class::Superseded) {
                    Some(put_away) => Expr::Sum(vec![listed, put_away]),
                    None => listed,
                },
            )
        });
        let read = entries(form).count() + reconciled.rows_outlined(form);
        let read = Decimal::from(read);
        rows.push(&form.sheet, read, Vec::new(), parts.collect());
    }
    book.add(rows.table);

    let extra = ["裁定改数"];
    let mut money = Equations::new(book, "conservation:money", Format::Money, &extra, &words);
    for form in policy.intake_forms().filter(|f| f.shape == Shape::Table) {
        let Some(field) = form.money_fields().next() else {
            continue;
        };
        let read = entries(form).filter_map(|e| e.amount(form));
        let ruled = column(book, &form.id, "@ruled").map(Expr::SumColumn);
        let parts = Class::ALL.iter().filter_map(|of| {
            let class = column(book, &form.id, "@class")?;
            let amount = column(book, &form.id, &field.id)?;
            let same = vec![Criterion::equal(class, Expr::text(of.word()))];
            let listed = Expr::SumIfs(amount, same);
            let sum = match replaced::amount_of(book, form).filter(|_| *of == Class::Superseded) {
                Some(put_away) => Expr::Sum(vec![listed, put_away]),
                None => listed,
            };
            Some(sum.rounded(2))
        });
        let read = read.sum::<Decimal>() + reconciled.amount_outlined(form);
        let label = format!("{}：{}", form.sheet, field.heading());
        let ruled = ruled.map(|ruled| ruled.rounded(2));
        money.push(&label, read, ruled.into_iter().collect(), parts.collect());
    }
    book.add(money.table);
}

/// A table of equations: what was read, with what was added to it, is the sum
/// of its parts.
struct Equations {
    table: Table,
    index: usize,
}

impl Equations {
    fn new(book: &Book, id: &str, format: Format, added: &[&str], parts: &[&str]) -> Self {
        let mut table = Table::new(id);
        table.column("label", "内容", Format::Text);
        table.column("read", "读到", format);
        for (i, word) in added.iter().enumerate() {
            table.column(format!("a{i}"), *word, format);
        }
        for (i, word) in parts.iter().enumerate() {
            table.column(format!("k{i}"), *word, format);
        }
        table.column("sum", "各类相加", format);
        table.column("check", "核对", Format::Centre);
        Equations {
            table,
            index: book.next(),
        }
    }

    fn push(&mut self, label: &str, read: Decimal, added: Vec<Expr>, parts: Vec<Expr>) {
        let row = self.table.rows.len();
        let table = self.index;
        let cell = |column| CellRef { table, row, column };
        let first = 2 + added.len();
        let sum = first + parts.len();
        let whole = Expr::SumRow {
            from: cell(1),
            to: first - 1,
        };
        let of_parts = Expr::SumRow {
            from: cell(first),
            to: sum - 1,
        };
        let equal = Expr::compare(Comparison::Equal, whole.rounded(2), Expr::Cell(cell(sum)));
        let mut slots = vec![Slot::text(label), Slot::Fact(Scalar::Number(read))];
        slots.extend(added.into_iter().chain(parts).map(Slot::Figure));
        slots.push(Slot::Figure(of_parts.rounded(2)));
        slots.push(Slot::Figure(Expr::when(
            equal,
            Expr::text("相符"),
            Expr::text("不相符"),
        )));
        self.table.rows.push(slots);
    }
}
