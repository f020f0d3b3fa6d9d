//! The tables of the first page: the answer in a few figures.

use super::awards::ELIGIBLE;
use super::book::{Book, Format, Slot, Table};
use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr};
use super::metrics::{column, counted, zero};
use super::scores::PENDING;
use super::vetoes::VETOED;
use crate::diagnostic::Severity;
use crate::policy::{Credit, Dimension, FundTable, Kind, Policy};
use crate::reconcile::{Agreement, REOPENED, Standing};

/// Adds the tables `overview:figures`, `overview:kinds`, `overview:blocks`.
pub fn add(book: &mut Book, policy: &Policy) {
    if let Some(table) = figures(book, policy) {
        book.add(table);
    }
    if let Some(table) = kinds(book, policy) {
        book.add(table);
    }
    if let Some(table) = blocks(book, policy) {
        book.add(table);
    }
}

fn count(column: Option<ColumnRef>, word: &str) -> Expr {
    match column {
        Some(column) => Expr::CountIfs(vec![Criterion::equal(column, Expr::text(word))]),
        None => zero(),
    }
}

/// A figure of the first page.
struct Line {
    label: String,
    value: Expr,
    format: Format,
    measure: &'static str,
    /// Name of the sheet that proves it, and the table there.
    sheet: &'static str,
    table: String,
}

/// The figures in two columns side by side: units and persons, money and work.
fn figures(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("overview:figures");
    for side in ["", "2"] {
        table.column(format!("label{side}"), "项目", Format::Text);
        table.column(format!("value{side}"), "数", Format::Integer);
        table.column(format!("measure{side}"), "单位", Format::Centre);
        table.column(format!("sheet{side}"), "详见", Format::Text);
    }
    let (left, right) = (of_units(book, policy)?, of_money(book, policy)?);
    for row in 0..left.len().max(right.len()) {
        let mut slots = Vec::new();
        for lines in [&left, &right] {
            match lines.get(row) {
                Some(line) => slots.extend(line.slots(book)),
                None => slots.extend(vec![Slot::text(""); 4]),
            }
        }
        table.rows.push(slots);
    }
    Some(table)
}

impl Line {
    fn slots(&self, book: &Book) -> [Slot; 4] {
        let proof = book.find(&self.table).map(|table| CellRef {
            table,
            row: 0,
            column: 0,
        });
        [
            Slot::text(&self.label),
            Slot::Formatted(self.value.clone(), self.format),
            Slot::text(self.measure),
            match proof {
                Some(cell) => Slot::Link(self.sheet.to_owned(), cell),
                None => Slot::text(self.sheet),
            },
        ]
    }
}

/// Counts of units, members and villages.
fn of_units(book: &Book, policy: &Policy) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let mut add = |label: &str, value: Expr, measure, sheet, table: &str| {
        lines.push(Line {
            label: label.to_owned(),
            value,
            format: Format::Integer,
            measure,
            sheet,
            table: table.to_owned(),
        });
    };
    let returned = book.column("units", "returned");
    let (yes, no) = (count(returned, "是"), count(returned, "否"));
    let all = Expr::Sum(vec![yes.clone(), no.clone()]);
    add("应报送单位", all, "个", "回收情况", "units");
    add("已报送单位", yes, "个", "回收情况", "units");
    add("未报送单位", no, "个", "回收情况", "units");
    let vetoes = book.column("veto:units", "result");
    add(
        "一票否决的单位",
        count(vetoes, VETOED),
        "个",
        "一票否决",
        "veto:units",
    );
    add(
        "否决待定的单位",
        count(vetoes, PENDING),
        "个",
        "一票否决",
        "veto:units",
    );
    let members = book.column("members", "veto");
    add(
        "一票否决的委员",
        count(members, "是"),
        "人",
        "一票否决",
        "veto:members",
    );
    add(
        "否决待定的委员",
        count(members, PENDING),
        "人",
        "一票否决",
        "veto:members",
    );
    let awards = book.column("award:units", "result");
    add(
        "符合评优标准的单位",
        count(awards, ELIGIBLE),
        "个",
        "评优资格",
        "award:units",
    );
    let near = book.column("near:all", "gap")?;
    add(
        "离评优或否决只差一点",
        Expr::CountNumbers(near),
        "个",
        "临界与试算",
        "near:all",
    );
    for rule in &policy.publicity {
        let table = format!("publicity:{}", rule.id);
        let listed = count(book.column(&table, "result"), "列入宣传");
        add("列入宣传的单位和个人", listed, "个", "宣传名单", &table);
    }
    let reached = Expr::CountIfs(vec![
        Criterion::equal(book.column("goals", "scope")?, Expr::text("是")),
        Criterion::equal(book.column("goals", "conclusion")?, Expr::text("全部达标")),
    ]);
    let bound = count(book.column("goals", "scope"), "是");
    add("列入目标考核的村", bound, "个", "目标完成", "goals");
    add("其中全部达标的村", reached, "个", "目标完成", "goals");
    Some(lines)
}

/// Money and goods, what of them is sure, other work, and the state of the data.
fn of_money(book: &Book, policy: &Policy) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let mut add = |label: String, value: Expr, measure, sheet, table: &str| {
        let format = match measure {
            "元" => Format::Money,
            _ => Format::Integer,
        };
        lines.push(Line {
            label,
            value,
            format,
            measure,
            sheet,
            table: table.to_owned(),
        });
    };
    for form in policy.intake_forms() {
        let Credit::Donor(_) = form.credit else {
            continue;
        };
        let field = form.money_fields().next()?;
        let sum = |more: Vec<Criterion>| {
            let mut criteria = vec![counted(book, &form.id)?];
            criteria.extend(more);
            Some(Expr::SumIfs(column(book, &form.id, &field.id)?, criteria).rounded(2))
        };
        let rules = || {
            policy
                .fund_tables
                .iter()
                .filter(|rule| rule.form == form.id)
        };
        let table = |rule: &FundTable| format!("funds:{}", rule.id);
        let whole = rules().next().map(table).unwrap_or_default();
        add(
            "帮扶资金物资合计".into(),
            sum(vec![])?,
            "元",
            "资金汇总",
            &whole,
        );
        if let Some(rule) = rules().find(|rule| rule.rows == Dimension::Village)
            && let Dimension::Choice(choice) = &rule.columns
        {
            for item in items(policy, &form.id, choice)? {
                let of = Criterion::equal(column(book, &form.id, choice)?, Expr::text(item));
                let label = format!("其中：{item}");
                add(label, sum(vec![of])?, "元", "资金汇总", &table(rule));
            }
        }
    }
    if let Some(given) = book.column("sides:summary", "given") {
        let agreement = book.column("sides:summary", "agreement")?;
        let agreed = [Agreement::Confirmed, Agreement::InParts].map(|one| {
            let same = Criterion::equal(agreement, Expr::text(one.word()));
            Expr::SumIfs(given, vec![same])
        });
        let sum = Expr::Sum(agreed.to_vec()).rounded(2);
        add(
            "受援方报收相符".into(),
            sum,
            "元",
            "捐受核对",
            "sides:summary",
        );
    }
    let standing = book.column("matters", "standing")?;
    let stake = book.column("matters", "stake")?;
    let open = [Standing::Open.word(), REOPENED];
    let at_stake =
        open.map(|word| Expr::SumIfs(stake, vec![Criterion::equal(standing, Expr::text(word))]));
    let waiting = open.map(|word| count(Some(standing), word));
    let at_stake = Expr::Sum(at_stake.to_vec()).rounded(2);
    add(
        "等待裁定涉及的金额".into(),
        at_stake,
        "元",
        "核对事项",
        "matters",
    );
    let waiting = Expr::Sum(waiting.to_vec());
    add(
        "等待裁定的事项".into(),
        waiting,
        "件",
        "核对事项",
        "matters",
    );
    let decides = count(book.column("trials", "decides"), "是");
    add(
        "会改变资格的裁定".into(),
        decides,
        "种",
        "临界与试算",
        "trials",
    );
    // Money of forms that are no gifts stands beside, never within the total.
    for rule in &policy.fund_tables {
        let form = policy.forms.get(&rule.form)?;
        let counts = rule.field.is_none();
        if matches!(form.credit, Credit::Donor(_)) || rule.rows != Dimension::Unit {
            continue;
        }
        let own = vec![counted(book, &form.id)?];
        let table = format!("funds:{}", rule.id);
        let (value, measure) = match &rule.field {
            Some(field) => (
                Expr::SumIfs(column(book, &form.id, field)?, own).rounded(2),
                "元",
            ),
            None => (Expr::CountIfs(own), "次"),
        };
        let label = if counts {
            form.sheet.clone()
        } else {
            format!("{}（另列）", form.sheet)
        };
        add(label, value, measure, "专项活动", &table);
    }
    let severity = book.column("issues", "severity");
    for one in [Severity::Error, Severity::Warning] {
        let label = format!("数据中的{}", one.word());
        add(
            label,
            count(severity, one.word()),
            "条",
            "问题清单",
            "issues",
        );
    }
    let checks = [
        "conservation:files",
        "conservation:rows",
        "conservation:money",
        "sides:check",
    ];
    let wrong = checks.map(|id| count(book.column(id, "check"), "不相符"));
    let wrong = Expr::Sum(wrong.to_vec());
    add(
        "核对不相符".into(),
        wrong,
        "处",
        "运行信息",
        "conservation:rows",
    );
    Some(lines)
}

/// The items of a choice field.
fn items<'a>(policy: &'a Policy, form: &str, field: &str) -> Option<&'a [String]> {
    let Kind::Choice(choice) = &policy.forms.get(form)?.fields.get(field)?.kind else {
        return None;
    };
    Some(&policy.choices.get(choice)?.items)
}

fn kinds(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("overview:kinds");
    table.column("kind", "单位类型", Format::Text);
    table.column("expected", "应报", Format::Integer);
    table.column("returned", "已报", Format::Integer);
    table.column("average", "平均得分", Format::Score);
    table.column("median", "中位得分", Format::Score);
    table.column("worst", "最低得分", Format::Score);
    table.column("best", "最高得分", Format::Score);
    table.column("vetoed", "一票否决", Format::Integer);
    table.column("eligible", "符合评优", Format::Integer);
    let index = book.next();
    let kind_of = |table: &str, column: &str, cell| {
        let column = book.column(table, column)?;
        Some(Criterion::equal(column, Expr::Cell(cell)))
    };
    for kind in policy.unit_kinds.values() {
        let own = CellRef {
            table: index,
            row: table.rows.len(),
            column: 0,
        };
        let of_units = kind_of("units", "kind", own)?;
        let returned = Criterion::equal(book.column("units", "returned")?, Expr::text("是"));
        let vetoed = Criterion::equal(book.column("veto:units", "result")?, Expr::text(VETOED));
        let eligible =
            Criterion::equal(book.column("award:units", "result")?, Expr::text(ELIGIBLE));
        // Of those who returned, whether they are ranked or not.
        let points = match book.column(&format!("score:{}", kind.id), "@scored") {
            Some(scored) => {
                let number = Expr::CountNumbers(scored);
                let none = Expr::compare(Comparison::Equal, number.clone(), zero());
                let sum = Expr::SumColumn(scored);
                let mean = Expr::arithmetic(Arithmetic::Divide, sum, number);
                let decimals = policy.pack.score_decimals;
                [
                    mean,
                    Expr::MedianColumn(scored),
                    Expr::MinColumn(scored),
                    Expr::MaxColumn(scored),
                ]
                .map(|figure| {
                    let figure = figure.rounded(decimals);
                    Slot::Figure(Expr::when(none.clone(), Expr::text("—"), figure))
                })
            }
            None => ["不评分"; 4].map(Slot::text),
        };
        let [average, median, worst, best] = points;
        table.rows.push(vec![
            Slot::text(&kind.name),
            Slot::Figure(Expr::CountIfs(vec![of_units.clone()])),
            Slot::Figure(Expr::CountIfs(vec![of_units, returned])),
            average,
            median,
            worst,
            best,
            Slot::Figure(Expr::CountIfs(vec![
                kind_of("veto:units", "unit", own)?,
                vetoed,
            ])),
            Slot::Figure(Expr::CountIfs(vec![
                kind_of("award:units", "kind", own)?,
                eligible,
            ])),
        ]);
    }
    Some(table)
}

/// Blocks by money and goods and by channel: the choice fields by which the
/// pack breaks gifts down for villages and for blocks.
fn blocks(book: &Book, policy: &Policy) -> Option<Table> {
    let by = |rows: Dimension| {
        policy.fund_tables.iter().find_map(|rule| {
            let form = policy.forms.get(&rule.form)?;
            let gift = matches!(form.credit, Credit::Donor(_)) && rule.rows == rows;
            match &rule.columns {
                Dimension::Choice(field) if gift => Some((rule, field)),
                _ => None,
            }
        })
    };
    let (rule, kinds) = by(Dimension::Village)?;
    let amount = column(book, &rule.form, rule.field.as_deref()?)?;
    let channels = by(Dimension::Block).map(|(_, field)| field);
    let mut table = Table::new("overview:blocks");
    table.column("block", "板块", Format::Text);
    table.column("lead", "牵头领导", Format::Text);
    let mut parts = Vec::new();
    let kind_items = items(policy, &rule.form, kinds)?;
    for item in kind_items {
        parts.push((kinds, item));
        table.column(format!("c{}", parts.len()), item, Format::Money);
    }
    let total = table.column("total", "合计", Format::Money);
    if let Some(field) = channels {
        for item in items(policy, &rule.form, field)? {
            parts.push((field, item));
            table.column(format!("c{}", parts.len()), item, Format::Money);
        }
    }
    let index = book.next();
    for block in policy.blocks.values() {
        let row = table.rows.len();
        let cell = |column| CellRef {
            table: index,
            row,
            column,
        };
        let mut slots = vec![Slot::text(&block.name), Slot::text(&block.lead)];
        for (at, (field, item)) in parts.iter().enumerate() {
            if at == kind_items.len() {
                slots.push(total_of(cell(2), total - 1));
            }
            let criteria = vec![
                counted(book, &rule.form)?,
                Criterion::equal(column(book, &rule.form, "@block")?, Expr::Cell(cell(0))),
                Criterion::equal(column(book, &rule.form, field)?, Expr::text(item.as_str())),
            ];
            slots.push(Slot::Figure(Expr::SumIfs(amount, criteria).rounded(2)));
        }
        if parts.len() == kind_items.len() {
            slots.push(total_of(cell(2), total - 1));
        }
        table.rows.push(slots);
    }
    let mut totals = vec![Slot::text("合计"), Slot::text("")];
    for column in 2..table.columns.len() {
        let down = Expr::SumColumn(ColumnRef {
            table: index,
            column,
        });
        totals.push(Slot::Figure(down.rounded(2)));
    }
    table.rows.push(totals);
    table.totals = 1;
    Some(table)
}

fn total_of(from: CellRef, to: usize) -> Slot {
    Slot::Figure(Expr::SumRow { from, to }.rounded(2))
}
