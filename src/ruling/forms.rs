//! The forms in which rulings are written down. They are the same in every
//! year, so they are no part of the pack; 裁定.xlsx, the consolidated workbook
//! and the reader all take them from here.

use crate::policy::{Field, Form, Kind, Policy, Subject};

/// Id of the form of rulings on matters.
pub(super) const DECISIONS: &str = "decisions";
/// The field that only says in words what a ruling is about.
pub(super) const ABOUT: &str = "about";
/// The sheet of the consolidated workbook on which matters are ruled.
pub const MATTERS: &str = "核对事项";

/// The four forms.
pub struct RulingForms {
    /// Rulings on matters.
    pub decisions: Form,
    /// Additions and deductions.
    pub adjustments: Form,
    /// Nominations.
    pub nominations: Form,
    /// Exemptions.
    pub exemptions: Form,
}

impl RulingForms {
    /// All of them, in the order of their sheets.
    pub fn all(&self) -> [&Form; 4] {
        let RulingForms {
            decisions,
            adjustments,
            nominations,
            exemptions,
        } = self;
        [decisions, adjustments, nominations, exemptions]
    }

    /// The forms in the order of their sheets.
    pub fn new() -> Self {
        RulingForms {
            decisions: decisions(),
            adjustments: adjustments(),
            nominations: nominations(),
            exemptions: exemptions(),
        }
    }
}

impl Default for RulingForms {
    fn default() -> Self {
        Self::new()
    }
}

/// Rulings on matters.
pub fn decisions() -> Form {
    form(
        DECISIONS,
        1,
        ("核对裁定", "核对事项裁定表"),
        "这里是裁定的底册，由程序记录：请在汇总工作簿的“核对事项”表里裁定，保存后再运行一次，就记到这里。要撤销或改动，两处改一处即可。",
        vec![
            field("matter", "事项编号", 13, "照“核对事项”表。", "CF-1A2B3C4D"),
            field(ABOUT, "事项", 46, "照“核对事项”表。", ""),
            field("verdict", "裁定", 20, "从下拉列表选择。", "以甲为准"),
            field(
                "reason",
                "裁定理由",
                24,
                "一句话写清依据。",
                "与县经促会核实",
            ),
            field("by", "裁定人", 12, "写姓名。", "张三"),
            field("facts", "事实指纹", 18, "由程序填写，请勿改动。", ""),
        ],
    )
}

/// Additions and deductions.
pub fn adjustments() -> Form {
    let mut points = field("points", "加减分", 8, "加分写正数，减分写负数。", "-0.5");
    points.kind = Kind::Number;
    form(
        "adjustments",
        2,
        ("加减分", "本办加减分表"),
        "本办给单位的加分、减分，一次一行。条款和理由至少写一样，批准人必须写；没有写的，程序先停下来请您补写。",
        vec![
            field("unit", "单位", 22, "写名册上的单位名称。", "冷市镇联工委"),
            points,
            field("clause", "条款", 8, "依据方案哪一条，没有就空着。", "7.1"),
            field("reason", "理由", 36, "一句话写清。", "报送迟延十天"),
            field("by", "批准人", 12, "写姓名。", "张三"),
        ],
    )
}

/// Nominations.
pub fn nominations() -> Form {
    form(
        "nominations",
        3,
        ("提名", "工作表现突出人员提名表"),
        "个人评优看工作表现（方案六之3），由本办提名，一人一行。",
        vec![
            field("member", "姓名", 12, "写名册上的姓名。", "委员甲"),
            field("unit", "单位", 22, "有同名的人时必须写。", "冷市镇联工委"),
            field("reason", "突出表现", 40, "一句话写清。", "牵头引进茶厂"),
            field("by", "提名人", 12, "写姓名或机构。", "张三"),
        ],
    )
}

/// Exemptions.
pub fn exemptions() -> Form {
    form(
        "exemptions",
        4,
        ("免予否决", "免予一票否决审批表"),
        "经批准不作一票否决的单位或委员，一件一行。理由和批准人必须写；没有写的，程序先停下来请您补写。",
        vec![
            field(
                "subject",
                "单位或委员",
                20,
                "写名册上的名称或姓名。",
                "委员甲",
            ),
            field(
                "unit",
                "所属单位",
                22,
                "有同名的委员时必须写。",
                "冷市镇联工委",
            ),
            field(
                "veto",
                "否决情形",
                28,
                "从下拉列表选择。",
                "没有参与“三个一”扶贫行动",
            ),
            field("reason", "理由", 36, "一句话写清。", "长期住院"),
            field("by", "批准人", 12, "写姓名。", "张三"),
        ],
    )
}

/// What may be chosen in a field, for drop-downs; nothing where anything may
/// be written.
pub fn choices(policy: &Policy, form: &Form, field: &str) -> Vec<String> {
    match (form.id.as_str(), field) {
        ("adjustments", "clause") => policy.clauses.keys().cloned().collect(),
        ("exemptions", "veto") => {
            let units = policy.vetoes.iter().filter(|v| v.subject == Subject::Unit);
            let members = policy
                .vetoes
                .iter()
                .filter(|v| v.subject == Subject::Member);
            units.chain(members).map(|v| v.name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn field(id: &str, header: &str, width: u16, help: &str, example: &str) -> Field {
    Field {
        id: id.to_owned(),
        header: header.to_owned(),
        any_year: true,
        width,
        help: help.to_owned(),
        example: example.to_owned(),
        ..Field::default()
    }
}

fn form(id: &str, order: u32, names: (&str, &str), guide: &str, fields: Vec<Field>) -> Form {
    let (sheet, title) = names;
    Form {
        id: id.to_owned(),
        order,
        sheet: sheet.to_owned(),
        title: title.to_owned(),
        spare_rows: SPARE,
        guide: guide.to_owned(),
        fields: fields
            .into_iter()
            .map(|field| (field.id.clone(), field))
            .collect(),
        ..Form::default()
    }
}

/// Empty rows that are offered.
const SPARE: u32 = 30;
