//! The sheet 填报说明, made from the definitions of the forms: what to do, what
//! each sheet is for, how each field is filled in.

use crate::policy::{Field, Form, Kind, Policy, Prefill, Shape};
use crate::roster::Unit;
use crate::sheet::{Area, Cell, Content, Look, Sheet, Style};

/// Name of the guide's sheet.
pub const GUIDE_SHEET: &str = "填报说明";

/// Widths of the four columns; together about as wide as A4 upright.
const WIDTHS: [u32; 4] = [20, 8, 52, 24];

/// What must hold in every return.
const RULES: [&str; 10] = [
    "金额单位一律是元，不是万元：5万元填50000。",
    "一格只填一个数，不写“约”“多”“5-6万”，数字后面不写单位。",
    "日期写成年-月-日，例如2018-06-08；只记得月份的，填当月1日。",
    "有下拉箭头的格子从列表里选；姓名、村名要与名册一致，不加职务和称呼。",
    "一件事写一行，不要一行写几件，也不要几行合成一件。",
    "不要合并单元格，不要改表名和表头，不要增删栏目。",
    "不要在表里另加合计行、小计行；表头上方的合计会自动计算。",
    "“是/否”栏只填“是”或“否”，没有做的填“否”，不要空着。",
    "没有发生的表空着不填，不要写“无”。同一笔捐助只由一方填报。",
    "保存为 .xlsx 文件报回，不要另存为 .xls、PDF 或照片；打印时只选有内容的页。",
];

/// The guide for a unit with the forms of its workbook.
pub(super) fn guide_sheet(policy: &Policy, unit: &Unit, forms: &[&Form]) -> Sheet {
    let mut page = Writer::new();
    let pack = &policy.pack;
    page.banner(&format!("{}年度填报说明", pack.year), Look::Title);
    page.banner(&pack.title, Look::Note);
    page.pair("填报单位", &unit.name, false);
    page.pair("报送截止时间", "", true);
    page.pair("报送方式和联系电话", "", true);
    page.section("一、怎么填（五步）");
    for line in steps(policy, forms) {
        page.banner(&line, Look::Note);
    }
    page.section("二、本单位要填的表");
    page.header(["工作表", "填法", "填什么", "方案条款"]);
    for form in forms {
        page.form_line(form, policy);
    }
    page.section("三、十条规矩");
    for (number, rule) in (1..).zip(RULES) {
        page.banner(&format!("{number}. {rule}"), Look::Note);
    }
    page.section("四、每一栏怎么填");
    for form in forms {
        page.banner(&format!("“{}”表", form.sheet), Look::Section);
        page.header(["栏目", "必填", "怎么填", "举例"]);
        for field in form.fields.values() {
            page.field_line(field, form, policy);
        }
    }
    page.sheet.page.footer_left = pack.document.clone();
    page.sheet.page.footer_right = unit.name.clone();
    page.sheet
}

fn steps(policy: &Policy, forms: &[&Form]) -> Vec<String> {
    let cover = policy
        .cover()
        .map_or("基本情况", |form| form.sheet.as_str());
    let checked: Vec<String> = policy
        .cover()
        .into_iter()
        .flat_map(Form::money_fields)
        .map(|field| format!("“{}”", field.header))
        .collect();
    let prefilled: Vec<String> = forms
        .iter()
        .filter(|form| form.sheet != cover && form.fields.values().any(|field| field.prefilled))
        .map(|form| format!("“{}”", form.sheet))
        .collect();
    let listed = if prefilled.is_empty() {
        String::new()
    } else {
        format!("{}表里姓名或村名已经列好，接着往右填。", prefilled.join(""))
    };
    let totals = if checked.is_empty() {
        String::new()
    } else {
        format!("把全年的合计填进“{cover}”的{}。", checked.join("和"))
    };
    vec![
        format!("第一步：打开“{cover}”表，填填报人、审核人、电话和日期。"),
        format!("第二步：按页签从左到右逐张填写，只填浅黄色的格子，带*的栏必须填。{listed}"),
        format!("第三步：对照表头上方的合计核对明细。{totals}"),
        "第四步：保存，仍为 .xlsx 文件，按上面的报送方式发回电子文件。".to_owned(),
        format!("第五步：打印“{cover}”和有内容的表，签字盖章后一并报送。"),
    ]
}

/// Writes the sheet from top to bottom.
struct Writer {
    sheet: Sheet,
    row: u32,
}

impl Writer {
    fn new() -> Self {
        let mut sheet = Sheet::new(GUIDE_SHEET);
        sheet.protected = true;
        sheet.page.landscape = false;
        for (column, width) in (0..).zip(WIDTHS) {
            sheet.widths.insert(column, f64::from(width));
        }
        Writer { sheet, row: 0 }
    }

    fn area(&self, first: u16) -> Area {
        let last = WIDTHS.len() as u16 - 1;
        Area::new(Cell::new(self.row, first), Cell::new(self.row, last))
    }

    fn banner(&mut self, text: &str, look: Look) {
        self.sheet.banner(self.area(0), text, look.into());
        self.row += 1;
    }

    fn section(&mut self, text: &str) {
        self.banner(text, Look::Section);
        self.sheet.heights.insert(self.row - 1, 26.0);
    }

    /// A label and a text, or room for the office to write one.
    fn pair(&mut self, label: &str, text: &str, open: bool) {
        self.sheet
            .text(Cell::new(self.row, 0), label, Look::Label.into());
        let style = Style::new(Look::Text);
        let style = if open { style.input() } else { style };
        let area = self.area(1);
        self.sheet.banner(area, text, style);
        if open {
            self.sheet.put(area.first, Content::Blank, style);
        }
        self.sheet.heights.insert(self.row, 22.0);
        self.row += 1;
    }

    fn header(&mut self, texts: [&str; 4]) {
        self.cells(texts.map(|text| (text.to_owned(), Look::Header)));
    }

    fn cells(&mut self, cells: [(String, Look); 4]) {
        let lines = cells
            .iter()
            .zip(WIDTHS)
            .map(|((text, _), width)| lines(text, width));
        let points = lines.max().unwrap_or(1) * 14 + 5;
        self.sheet.heights.insert(self.row, f64::from(points));
        for (column, (text, look)) in (0..).zip(cells) {
            self.sheet
                .text(Cell::new(self.row, column), text, look.into());
        }
        self.row += 1;
    }

    fn form_line(&mut self, form: &Form, policy: &Policy) {
        let clauses: Vec<String> = form
            .clauses
            .iter()
            .filter_map(|id| policy.clauses.get(id))
            .map(|clause| clause.heading.clone())
            .collect();
        let link = Content::Link {
            text: form.sheet.clone(),
            sheet: form.sheet.clone(),
            cell: Cell::new(0, 0),
        };
        let row = self.row;
        self.cells([
            (String::new(), Look::Text),
            (way(form).to_owned(), Look::Centre),
            (form.guide.clone(), Look::Text),
            (clauses.join("\u{FF1B}"), Look::Text),
        ]);
        self.sheet.put(Cell::new(row, 0), link, Look::Link.into());
    }

    fn field_line(&mut self, field: &Field, form: &Form, policy: &Policy) {
        let required = if field.required { "必填" } else { "" };
        self.cells([
            (field.heading(), Look::Text),
            (required.to_owned(), Look::Centre),
            (how(field, form, policy), Look::Text),
            (field.example.clone(), Look::Text),
        ]);
    }
}

/// How a form is filled in, in a word.
fn way(form: &Form) -> &'static str {
    match (form.shape, form.prefill) {
        (Shape::Card, _) => "填一份",
        (_, Prefill::Members | Prefill::Villages) => "按名单",
        _ => "逐件填",
    }
}

/// Lines that a text takes in a column; rows get their height here, because
/// programs disagree on it.
fn lines(text: &str, width: u32) -> u32 {
    let units: u32 = text
        .chars()
        .map(|c| if c.is_ascii() { 11 } else { 21 })
        .sum();
    units.div_ceil(width.max(1) * 10).max(1)
}

/// The field's help, with what the definition says besides: when it must be
/// filled in, and what there is to choose from.
fn how(field: &Field, form: &Form, policy: &Policy) -> String {
    let mut text = field.help.clone();
    if let Some((other, value)) = &field.required_if {
        let header = form.fields.get(other).map_or(other, |f| &f.header);
        text.push_str(&format!("“{header}”是“{value}”时必填。"));
    }
    if let Kind::Choice(id) = &field.kind
        && let Some(choice) = policy.choices.get(id)
    {
        text.push_str(&format!("可选：{}。", choice.items.join("、")));
    }
    text
}
