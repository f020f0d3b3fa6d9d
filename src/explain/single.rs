//! A single person, or a single matter, in words for a terminal.

use super::{Explainer, Line, text};
use crate::assess::APART;
use crate::assess::NOT_APPLICABLE;
use crate::diagnostic::{hanging, paragraph};
use crate::flow::Assessment;
use crate::policy::Policy;
use crate::reconcile::{Matter, Standing, side_name};
use crate::roster::{Member, Roster, Unit};
use crate::value::money;

/// All about one person: vetoes, awards, nominations.
pub fn person(
    assessment: &Assessment,
    policy: &Policy,
    roster: &Roster,
    unit: &Unit,
    member: &Member,
) -> String {
    let explainer = Explainer::new(assessment, policy, roster, unit);
    let head = format!("{}（{}，{}）", member.name, member.code, unit.name);
    let mut out = paragraph(&head);
    let own = |one: &super::Judged| one.subject == member.name;
    let vetoes: Vec<_> = explainer.vetoes().into_iter().filter(own).collect();
    if vetoes.is_empty() {
        out.push_str("\n一票否决\n  没有触发\n");
    }
    out.push_str(&text::judged("一票否决", &vetoes));
    let mut lines: Vec<Line> = Vec::new();
    for row in explainer.rows("award:persons", &member.code) {
        let of = |column: &str| explainer.text("award:persons", row, column);
        let amount = of("amount").parse().map(money);
        lines.push(Line {
            title: of("award"),
            text: format!(
                "{}（本人捐助 {} 元）",
                of("result"),
                amount.unwrap_or_else(|_| NOT_APPLICABLE.to_owned())
            ),
        });
    }
    let nominations = &assessment.reconciled.rulings().nominations;
    for one in nominations.iter().filter(|one| one.member == member.code) {
        lines.push(Line {
            title: "提名".to_owned(),
            text: format!("{}（提名人 {}，{}）", one.reason, one.by, one.place),
        });
    }
    if !lines.is_empty() {
        out.push_str("\n评优\n");
    }
    for line in &lines {
        out.push_str(&hanging(&format!("  {}：", line.title), &line.text));
    }
    out.push('\n');
    out.push_str(&paragraph(&format!(
        "所在单位的全部说明：再运行一次，把姓名换成“{}”",
        unit.name
    )));
    out
}

/// All about one matter.
pub fn matter(matter: &Matter, apart: bool) -> String {
    let mut out = paragraph(&format!(
        "{} {}（{}）",
        matter.id,
        matter.topic.word(),
        if apart { APART } else { matter.standing.word() }
    ));
    out.push_str(&hanging("  事项：", &matter.reason));
    for (at, side) in matter.sides.iter().enumerate() {
        let name = match matter.sides.len() {
            1 => String::new(),
            _ => side_name(at).to_owned(),
        };
        out.push_str(&hanging(&format!("  所报{name}："), &side.text));
    }
    out.push_str(&hanging(
        "  涉及金额：",
        &format!("{} 元", money(matter.at_stake)),
    ));
    let choices: Vec<String> = matter.choices.iter().map(|one| one.word()).collect();
    out.push_str(&hanging("  可以裁定为：", &choices.join("；")));
    out.push_str(&hanging("  建议：", &matter.advice()));
    match &matter.standing {
        Standing::Ruled(_, one) | Standing::Reopened(one) => out.push_str(&hanging(
            "  裁定：",
            &format!(
                "{}；{}（{}，{}）",
                one.verdict, one.reason, one.by, one.place
            ),
        )),
        Standing::Open | Standing::ByRule(_) => {}
    }
    out.push_str(&paragraph(
        "在汇总工作簿的“核对事项”表里裁定；裁定会怎样改变结果，见“裁定试算”表。",
    ));
    out
}
