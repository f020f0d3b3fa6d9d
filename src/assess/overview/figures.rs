//! The main figures, in two columns side by side: units and persons, money and
//! work. Each names the sheet that proves it.

use super::{count, items};
use crate::assess::metrics::{column, counted};
use crate::assess::publicity::LISTED;
use crate::assess::words::PENDING;
use crate::book::{Book, CellRef, Criterion, Expr, Format, Slot, Table};
use crate::diagnostic::Severity;
use crate::policy::{Credit, Dimension, FundTable, Policy};
use crate::reconcile::{Agreement, REOPENED, Standing};

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
pub(super) fn figures(book: &Book, policy: &Policy) -> Option<Table> {
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
    // Each unit once, however many rules there are for it.
    let vetoes = book.column("veto:units", "@unit");
    add(
        "一票否决的单位",
        count(vetoes, "是"),
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
    let awards = book.column("award:units", "@unit");
    add(
        "符合评优标准的单位",
        count(awards, "是"),
        "个",
        "评优资格",
        "award:units",
    );
    let near = book.column("near:all", "gap")?;
    add(
        "离评优或否决只差一点",
        Expr::CountNumbers(near),
        "个",
        "临界情况",
        "near:all",
    );
    for rule in &policy.publicity {
        let table = format!("publicity:{}", rule.id);
        let listed = count(book.column(&table, "result"), LISTED);
        let label = match policy.publicity.len() {
            1 => "列入宣传的单位和个人".to_owned(),
            _ => format!("列入宣传：{}", rule.name),
        };
        add(&label, listed, "个", "宣传名单", &table);
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
            "资金-…",
            &whole,
        );
        if let Some(rule) = rules().find(|rule| rule.rows == Dimension::Village)
            && let Dimension::Choice(choice) = &rule.columns
        {
            for item in items(policy, &form.id, choice)? {
                let of = Criterion::equal(column(book, &form.id, choice)?, Expr::text(item));
                let label = format!("其中：{item}");
                add(label, sum(vec![of])?, "元", "资金-…", &table(rule));
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
        "裁定试算",
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
    ];
    let wrong = checks.map(|id| count(book.column(id, "check"), "不相符"));
    // A table of funds whose parts are not all there does not come to the whole.
    let funds = policy.fund_tables.iter();
    let funds = funds.map(|rule| book.column(&format!("funds:{}", rule.id), "total"));
    let funds = funds.map(|total| count(total, "不相符"));
    let wrong = Expr::Sum(wrong.into_iter().chain(funds).collect());
    add(
        "核对不相符".into(),
        wrong,
        "处",
        "运行信息",
        "conservation:rows",
    );
    Some(lines)
}
