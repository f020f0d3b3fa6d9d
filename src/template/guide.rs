//! The sheet 填报说明, made from the definitions of the forms: what to do, and for
//! each sheet what it is for and how its fields are filled in. It prints on two
//! pages: what a drop-down or the prompt of a cell says is not said again.

use crate::form::part_name;
use crate::policy::{Field, Form, Kind, Policy, Prefill, Shape};
use crate::roster::Unit;
use crate::sheet::{Area, Cell, Content, Look, Sheet, Style};

/// Name of the guide's sheet.
pub const GUIDE_SHEET: &str = "填报说明";

/// Widths of the three columns; together as wide as A4 upright.
const WIDTHS: [u32; 3] = [16, 9, 73];

/// The guide for a unit with the forms of its workbook.
pub(super) fn guide_sheet(policy: &Policy, unit: &Unit, forms: &[&Form]) -> Sheet {
    let mut page = Writer::new();
    let pack = &policy.pack;
    page.banner(&format!("{}年度填报说明", pack.year), Look::Title);
    page.banner(&pack.title, Look::Note);
    page.pair("填报单位", &unit.name, false);
    page.pair("报送截止时间", "", true);
    page.pair("报送方式、电话", "", true);
    page.section("一、怎么填（五步）");
    for line in steps(policy, forms) {
        page.banner(&line, Look::Note);
    }
    page.section("二、十条规矩");
    for (number, rule) in (1..).zip(rules(policy)) {
        page.banner(&format!("{number}. {rule}"), Look::Note);
    }
    page.section("三、本单位要填的表（带*的栏必填；点表名就到那张表）");
    page.cells([
        ("工作表".to_owned(), Look::Header),
        ("填法".to_owned(), Look::Header),
        ("填什么、怎么填".to_owned(), Look::Header),
    ]);
    for form in forms {
        page.form_line(form, policy);
    }
    page.sheet.page.footer_left = pack.document.clone();
    page.sheet.page.footer_right = unit.name.clone();
    page.sheet
}

fn cover_name(policy: &Policy) -> &str {
    policy
        .cover()
        .map_or("基本情况", |form| form.sheet.as_str())
}

fn steps(policy: &Policy, forms: &[&Form]) -> Vec<String> {
    let cover = cover_name(policy);
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
    vec![
        format!("第一步：打开“{cover}”表，填填报人、审核人、电话和日期。"),
        format!("第二步：按页签从左到右逐张填写，只填浅黄色的格子，带*的栏必须填。{listed}"),
        format!(
            "第三步：对照表头上方的合计核对明细。{}",
            totals(policy, forms)
        ),
        "第四步：保存，仍为 .xlsx 文件，按上面的报送方式发回电子文件。".to_owned(),
        format!("第五步：打印“{cover}”和有内容的表，签字盖章后一并报送。空白的行不会打印出来。"),
    ]
}

/// Which total above which table goes into which line of the cover.
fn totals(policy: &Policy, forms: &[&Form]) -> String {
    let goes = policy.reconcile.declared.iter().filter_map(|rule| {
        let form = forms.iter().find(|form| form.id == rule.form)?;
        let field = policy.cover()?.fields.get(&rule.field)?;
        let total = match rule.conditions.is_empty() {
            true => "合计".to_owned(),
            false => part_name(rule, policy),
        };
        Some(format!(
            "把“{}”表头上方的“{total}”填进“{}”的“{}”。",
            form.sheet,
            cover_name(policy),
            field.header
        ))
    });
    goes.collect()
}

/// What must hold in every return.
fn rules(policy: &Policy) -> [String; 10] {
    let year = policy.pack.year;
    let cover = cover_name(policy);
    let remarks = policy
        .cover()
        .into_iter()
        .flat_map(|form| form.fields.values());
    let mut remarks = remarks.filter(|field| field.kind == Kind::Text && !field.required);
    let remark = remarks.next().map_or_else(String::new, |field| {
        format!("要说明的写在“{cover}”的“{}”。", field.header)
    });
    [
        "金额单位一律是元，不是万元：5万元填50000。".to_owned(),
        "一格只填一个数，不写“约”“多”“5-6万”，数字后面不写单位。".to_owned(),
        format!("日期写成年-月-日，例如{year}-06-08；只记得月份的，填当月1日。"),
        "有下拉箭头的格子从列表里选；姓名、村名要与名册一致，不加职务和称呼。".to_owned(),
        "一件事写一行，不要一行写几件，也不要几行合成一件。没有发生的表空着不填，不要写“无”。同一笔捐助只由一方填报。".to_owned(),
        format!("不要合并单元格，不要改表名和表头，不要增删栏目。{remark}"),
        "不要在表里另加合计行、小计行；表头上方的合计会自动计算。".to_owned(),
        "“是/否”栏只填“是”或“否”，没有做的填“否”，不要空着。".to_owned(),
        "行不用预备，接着往下填就是，“序号”可以不填。插入行、调列宽和行高、筛选、排序、改格式都可以；锁住的只有表头和已经印好的内容。要删行或改版式，点“审阅”里的“撤销工作表保护”，没有密码。".to_owned(),
        "保存为 .xlsx 文件报回，不要另存为 .xls、PDF 或照片，不要设打开密码。".to_owned(),
    ]
}

/// Writes the sheet from top to bottom. Heights follow from the texts.
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
        self.sheet.heights.insert(self.row - 1, 22.0);
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
        self.sheet.heights.insert(self.row, 18.0);
        self.row += 1;
    }

    fn cells(&mut self, cells: [(String, Look); 3]) {
        for (column, (text, look)) in (0..).zip(cells) {
            self.sheet
                .text(Cell::new(self.row, column), text, look.into());
        }
        self.row += 1;
    }

    /// A form: its name, how it is filled in, what it is for, and its fields.
    fn form_line(&mut self, form: &Form, policy: &Policy) {
        let link = Content::Link {
            text: form.sheet.clone(),
            sheet: form.sheet.clone(),
            cell: Cell::new(0, 0),
        };
        let fields = form.fields.values().filter(|field| !field.prefilled);
        let fields: String = fields.map(|field| said(field, form)).collect();
        let clauses = form.clauses.iter();
        let known: Vec<&str> = clauses
            .filter(|id| policy.clauses.contains_key(*id))
            .map(String::as_str)
            .collect();
        let row = self.row;
        let text = format!("{}{fields}（方案{}）", form.guide, known.join("、"));
        let points = lines(&text, WIDTHS[2]) * 27 / 2 + 4;
        self.sheet.heights.insert(row, f64::from(points));
        self.cells([
            (String::new(), Look::Fine),
            (way(form).to_owned(), Look::Fine),
            (text, Look::Fine),
        ]);
        self.sheet.put(Cell::new(row, 0), link, Look::Link.into());
    }
}

/// Lines that a text in small letters takes in a column, with room to spare for
/// programs whose letters are larger.
fn lines(text: &str, width: u32) -> u32 {
    let tenths: u32 = text
        .chars()
        .map(|c| if c.is_ascii() { 10 } else { 20 })
        .sum();
    tenths.div_ceil(width * 10).max(1)
}

/// How a form is filled in, in a word.
fn way(form: &Form) -> &'static str {
    match (form.shape, form.prefill) {
        (Shape::Card, _) => "填一份",
        (_, Prefill::Members | Prefill::Villages) => "按名单",
        _ => "逐件填",
    }
}

/// A field with what its help says besides where the list is, and when it must be
/// filled in.
fn said(field: &Field, form: &Form) -> String {
    let listed = matches!(
        field.kind,
        Kind::Choice(_) | Kind::YesNo | Kind::UnitKind | Kind::Village | Kind::Member | Kind::Unit
    );
    let parts = field.help.split_inclusive(['。', '\u{FF1B}']);
    let parts = parts.filter(|part| !(listed && part.contains("下拉列表")));
    let mut help: String = parts.collect();
    if let Some((other, value)) = &field.required_if {
        let header = form.fields.get(other).map_or(other, |f| &f.header);
        help.push_str(&format!("“{header}”是“{value}”时必填。"));
    }
    let mark = if field.required { "*" } else { "" };
    let heading = field.heading();
    match help.is_empty() {
        true => format!("【{heading}{mark}】"),
        false => format!("【{heading}{mark}】{help}"),
    }
}
