//! What a cell carries beside its value: letters that are struck out or raised, a
//! number format that says 万, pictures, notes and boxes. None of it passes in
//! silence, none of it changes a value by itself, and what goes back to the unit
//! holds it again.

use std::io::{Cursor, Read, Write};

use crate::common::with_parts;
use crate::common::world::{TODAY, World, file, number, text, world};
use kaohe::correction::returned_workbook;
use kaohe::diagnostic::{Checked, Finding, Severity};
use kaohe::flow::{Scope, read_files};
use kaohe::form::Layout;
use kaohe::intake::{Here, State, Submission};
use kaohe::reconcile::{Class, Reconciled, Topic, Verdict};
use kaohe::ruling::{Decision, Rulings};
use kaohe::sheet::{AttachedKind, Cell, Content, Workbook, open, write};
use kaohe::template::LEFTOVER_SHEET;

const UNIT: &str = "G01";
const NAME: &str = "县直经济委员组.xlsx";

/// A return with three gifts of 50,000, 3,000 and 20,000.
fn correct(world: &World) -> Workbook {
    let mut book = world.issued(UNIT);
    for (entry, amount) in [(0, 50_000), (1, 3_000), (2, 20_000)] {
        world.gift(&mut book, entry, "委员107", number(amount));
        let voucher = format!("收据00{entry}");
        world.put(&mut book, "funds", "voucher", entry, text(&voucher));
        let day = Content::Date(jiff::civil::date(2018, 3 + entry as i8, 8));
        world.put(&mut book, "funds", "date", entry, day);
    }
    world.put(&mut book, "cover", "declared_money", 0, number(73_000));
    book
}

/// The cell of a field of 资金物资.
fn at(world: &World, field: &str, entry: u32) -> Cell {
    let form = &world.policy.forms["funds"];
    Layout::new(form, 1).cell(&form.fields[field], entry)
}

fn funds(world: &World) -> &str {
    &world.policy.forms["funds"].sheet
}

/// A part as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip7::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The part of a sheet.
fn part_of(bytes: &[u8], sheet: &str) -> String {
    let book = open(bytes).expect("a workbook");
    let place = book.sheets.iter().position(|s| s.name == sheet);
    format!("xl/worksheets/sheet{}.xml", place.expect("the sheet") + 1)
}

/// The tag of a cell in the XML of a sheet, from its opening sign to behind its end.
fn span(xml: &str, cell: Cell) -> (usize, usize) {
    let start = xml.find(&format!("<c r=\"{}\"", cell.name()));
    let start = start.unwrap_or_else(|| panic!("no cell {}", cell.name()));
    let tag = start + xml[start..].find('>').unwrap() + 1;
    let is_empty = xml[start..tag].ends_with("/>");
    let end = match is_empty {
        true => tag,
        false => start + xml[start..].find("</c>").unwrap() + 4,
    };
    (start, end)
}

/// Cells of a sheet written anew, each from its own style.
fn rewritten(bytes: &[u8], sheet: &str, cells: &[(Cell, &str)]) -> Vec<u8> {
    let part = part_of(bytes, sheet);
    with_parts(bytes, |name, xml| {
        (name == part).then(|| {
            cells.iter().fold(xml.to_owned(), |xml, (cell, made)| {
                let (start, end) = span(&xml, *cell);
                let made = made.replace("{r}", &cell.name());
                format!("{}{made}{}", &xml[..start], &xml[end..])
            })
        })
    })
}

/// Cells of a sheet with another font or number format: XML of the one, text of the
/// other.
fn restyled(bytes: &[u8], sheet: &str, cells: &[Cell], font: &str, format: &str) -> Vec<u8> {
    let of_sheet = part_of(bytes, sheet);
    let styles = part(bytes, "xl/styles.xml");
    let fonts = styles.matches("<font>").count();
    let cell_styles = styles.split("<cellXfs").nth(1).unwrap();
    let cell_styles = cell_styles.split("</cellXfs>").next().unwrap();
    let count = cell_styles.matches("<xf ").count();
    let format = format
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;");
    let styles = styles
        .replace("</fonts>", &format!("<font>{font}<sz val=\"11\"/></font></fonts>"))
        .replace(
            "</numFmts>",
            &format!("<numFmt numFmtId=\"190\" formatCode=\"{format}\"/></numFmts>"),
        )
        .replace(
            "</cellXfs>",
            &format!("<xf numFmtId=\"190\" fontId=\"{fonts}\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>"),
        );
    with_parts(bytes, |name, xml| {
        if name == "xl/styles.xml" {
            return Some(styles.clone());
        }
        (name == of_sheet).then(|| {
            cells.iter().fold(xml.to_owned(), |xml, cell| {
                let (start, end) = span(&xml, *cell);
                let own = &xml[start..end];
                let tag = own.find('>').unwrap();
                let head = format!("<c r=\"{}\"", cell.name());
                let kind = own[..tag].split(" t=\"").nth(1);
                let kind = kind.map(|k| format!(" t=\"{}\"", k.split('"').next().unwrap()));
                let kind = kind.unwrap_or_default();
                let slash = if own[..tag].ends_with('/') { "/" } else { "" };
                let rest = &own[tag..];
                format!(
                    "{}{head} s=\"{count}\"{kind}{slash}{rest}{}",
                    &xml[..start],
                    &xml[end..]
                )
            })
        })
    })
}

/// The workbook with more parts.
fn with_more(bytes: &[u8], more: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip7::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip7::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip7::write::SimpleFileOptions::default();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().to_owned();
        if more.iter().any(|(own, _)| *own == name) {
            continue;
        }
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        out.start_file(name, options).unwrap();
        out.write_all(&content).unwrap();
    }
    for (name, content) in more {
        out.start_file(*name, options).unwrap();
        out.write_all(content.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The list of parts to which a sheet leads.
fn relations(bytes: &[u8], sheet: &str, to: &[(&str, &str)]) -> (String, String) {
    let part = part_of(bytes, sheet).replace("worksheets/", "worksheets/_rels/") + ".rels";
    let to: Vec<String> = to
        .iter()
        .enumerate()
        .map(|(index, (kind, target))| {
            format!("<Relationship Id=\"rIdX{index}\" Type=\"http://schemas.x/{kind}\" Target=\"{target}\"/>")
        })
        .collect();
    let list = format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
        to.concat()
    );
    (part, list)
}

/// What was read and reconciled.
type Done = Checked<Reconciled>;

fn assess(world: &World, bytes: Vec<u8>) -> Done {
    ruled(world, bytes, &Rulings::default())
}

/// The same, with what the office has decided.
fn ruled(world: &World, bytes: Vec<u8>, rulings: &Rulings) -> Done {
    let files = [file(NAME, bytes)];
    let (policy, roster) = (&world.policy, &world.roster);
    read_files(&files, policy, roster, rulings, Scope::Files, &Here)
}

/// The findings about the return, but for what every such return has: nobody else
/// has confirmed its gifts, nor filled in the rest, and a day without its format is a
/// number.
fn findings(read: &Done) -> Vec<&Finding> {
    let of_file = |f: &&Finding| f.place.file.as_deref() == Some(NAME);
    let findings = read.findings.iter().filter(of_file);
    let other = ["IN-217", "IN-233", "RC-412", "RC-416", "RC-403"];
    findings
        .filter(|f| !other.contains(&f.code.code()))
        .collect()
}

fn codes(read: &Done) -> Vec<&'static str> {
    findings(read).iter().map(|f| f.code.code()).collect()
}

/// What counts of the gifts, in 元.
fn counted(world: &World, read: &Done) -> Vec<String> {
    let form = &world.policy.forms["funds"];
    let entries = read.value.entries();
    let counted =
        entries.filter(|(entry, class, _)| entry.form == "funds" && *class == Class::Counted);
    let amounts = counted.filter_map(|(entry, ..)| entry.amount(form));
    amounts
        .map(|amount| amount.normalize().to_string())
        .collect()
}

/// A ruling on the only matter with a topic.
fn ruling(read: &Done, topic: Topic, verdict: Verdict) -> Rulings {
    let matters = read.value.matters().iter();
    let matters: Vec<_> = matters.filter(|matter| matter.topic == topic).collect();
    assert_eq!(matters.len(), 1, "{matters:?}");
    assert!(matters[0].choices.contains(&verdict));
    Rulings {
        decisions: vec![Decision {
            matter: matters[0].id.clone(),
            verdict: verdict.word(),
            reason: "问过填报单位".to_owned(),
            by: "某人".to_owned(),
            facts: matters[0].facts.clone(),
            about: String::new(),
            place: Default::default(),
        }],
        ..Rulings::default()
    }
}

#[test]
fn a_format_that_says_wan_waits_for_a_ruling_and_one_that_scales_is_right() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let cell = at(&world, "amount", 1);
    let waits = [
        "0\"万元\"",
        "#,##0.00\"万\"",
        "0.00\\万",
        "General\"万元\"",
        "[红色]0\"万\";0",
    ];
    let fine = [
        "0!.0,\"万\"",
        "0\\.0,\"万元\"",
        "0!.0000\"万元\"",
        "0,\"千元\"",
        "[>=10000]0!.0,\"万\";0.00",
        "0\"元\"",
        "#,##0.00",
        "0\"千克\"",
        "0;0\"万\"",
    ];
    let faults = [
        "0\"千元\"",
        "0\"亿\"",
        "0\"百万元\"",
        "0.00,,\"万\"",
        "0.00,",
        "\"30000\"",
        ";;;",
    ];
    for format in fine {
        let read = assess(&world, restyled(&bytes, funds(&world), &[cell], "", format));
        assert_eq!(codes(&read), Vec::<&str>::new(), "{format}");
        assert_eq!(
            counted(&world, &read),
            ["50000", "3000", "20000"],
            "{format}"
        );
    }
    for format in waits {
        let changed = restyled(&bytes, funds(&world), &[cell], "", format);
        let read = assess(&world, changed.clone());
        assert_eq!(codes(&read), ["RC-408"], "{format}");
        let finding = findings(&read)[0];
        assert!(finding.message.contains(format), "{}", finding.message);
        assert_eq!(finding.place.cell, Some(cell));
        assert_eq!(
            counted(&world, &read),
            ["50000", "3000", "20000"],
            "{format}"
        );
        for (verdict, amount) in [
            (Verdict::TenThousand, "30000000"),
            (Verdict::Uphold, "3000"),
        ] {
            let rulings = ruling(&read, Topic::Measure, verdict);
            let after = ruled(&world, changed.clone(), &rulings);
            assert_eq!(
                counted(&world, &after),
                ["50000", amount, "20000"],
                "{format}"
            );
        }
    }
    for format in faults {
        let read = assess(&world, restyled(&bytes, funds(&world), &[cell], "", format));
        assert_eq!(codes(&read), ["IN-270"], "{format}");
        assert_eq!(counted(&world, &read), ["50000", "20000"], "{format}");
    }
}

#[test]
fn a_struck_row_that_is_gone_from_the_next_return_is_not_lost() {
    let world = world();
    let mut book = correct(&world);
    let struck: Vec<Cell> = world.policy.forms["funds"]
        .fields
        .keys()
        .filter(|id| !["goods", "basis", "village"].contains(&id.as_str()))
        .map(|id| at(&world, id, 2))
        .collect();
    let bytes = write(&book).unwrap();
    let next = |book: &Workbook, bytes: Vec<u8>| {
        let next = [
            file("旧.xlsx", bytes),
            file("新.xlsx", write(book).unwrap()),
        ];
        let assessment = world.assess_bytes(&next);
        let codes = assessment.findings.iter().map(|f| f.code.code());
        codes.filter(|code| *code == "RC-409").count()
    };
    for field in world.policy.forms["funds"].fields.keys() {
        world.put(&mut book, "funds", field, 2, Content::Text(String::new()));
    }
    let day = Content::Date(jiff::civil::date(2018, 12, 24));
    world.put(&mut book, "cover", "filled_on", 0, day);
    assert_eq!(next(&book, bytes.clone()), 1, "a row that was not struck");
    let struck = restyled(&bytes, funds(&world), &struck, "<strike/>", "General");
    assert_eq!(next(&book, struck), 0);
}

#[test]
fn an_amount_in_wan_by_its_format_and_by_the_cover_is_multiplied_once() {
    let world = world();
    let mut book = correct(&world);
    for (entry, amount) in [(0, 5), (1, 3), (2, 2)] {
        world.put(&mut book, "funds", "amount", entry, number(amount));
    }
    world.put(&mut book, "cover", "declared_money", 0, number(100_000));
    let bytes = write(&book).unwrap();
    let cells: Vec<Cell> = (0..3).map(|entry| at(&world, "amount", entry)).collect();
    let bytes = restyled(&bytes, funds(&world), &cells, "", "0\"万元\"");
    let read = assess(&world, bytes.clone());
    let rulings = ruling(&read, Topic::Measure, Verdict::TenThousand);
    let after = ruled(&world, bytes, &rulings);
    assert_eq!(counted(&world, &after), ["50000", "30000", "20000"]);
}

#[test]
fn a_format_on_a_number_that_is_no_amount_or_on_the_cover_is_an_error() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let cover = &world.policy.forms["cover"];
    let cell = Layout::new(cover, 1).cell(&cover.fields["declared_money"], 0);
    let read = assess(
        &world,
        restyled(&bytes, &cover.sheet, &[cell], "", "0\"万元\""),
    );
    assert!(codes(&read).contains(&"IN-270"), "{:?}", codes(&read));
}

#[test]
fn what_is_struck_through_counts_as_typed_and_waits_for_a_ruling() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let fields = [
        "donor",
        "donor_kind",
        "channel",
        "fund_form",
        "amount",
        "way",
        "purpose",
        "date",
        "voucher",
    ];
    let row: Vec<Cell> = fields.iter().map(|field| at(&world, field, 1)).collect();
    let amount = [at(&world, "amount", 1)];
    for (cells, message) in [
        (&row[..], "这一行划了删除线"),
        (&amount[..], "“金额或折价”划了删除线"),
    ] {
        for font in ["<strike/>", "<strike val=\"1\"/>", "<strike val=\"true\"/>"] {
            let changed = restyled(&bytes, funds(&world), cells, font, "General");
            let read = assess(&world, changed.clone());
            assert_eq!(codes(&read), ["IN-271"], "{font}");
            let finding = findings(&read)[0];
            assert!(finding.message.starts_with(message), "{}", finding.message);
            assert!(finding.related.is_empty());
            assert_eq!(counted(&world, &read), ["50000", "3000", "20000"]);
            for (verdict, wanted) in [
                (Verdict::Exclude, &["50000", "20000"][..]),
                (Verdict::Uphold, &["50000", "3000", "20000"]),
            ] {
                let rulings = ruling(&read, Topic::Struck, verdict);
                let after = ruled(&world, changed.clone(), &rulings);
                assert_eq!(counted(&world, &after), wanted);
                assert_eq!(codes(&after), Vec::<&str>::new());
            }
        }
    }
    for font in ["<strike val=\"0\"/>", "<strike val=\"false\"/>", "<u/>"] {
        let read = assess(
            &world,
            restyled(&bytes, funds(&world), &row, font, "General"),
        );
        assert_eq!(codes(&read), Vec::<&str>::new(), "{font}");
    }
    // A text that may stay empty decides nothing: it is only said.
    let voucher = [at(&world, "voucher", 1)];
    let read = assess(
        &world,
        restyled(&bytes, funds(&world), &voucher, "<strike/>", "General"),
    );
    assert_eq!(codes(&read), ["IN-271"]);
    assert!(
        read.value
            .matters()
            .iter()
            .all(|m| m.topic != Topic::Struck)
    );
    // Empty cells of a struck row say nothing.
    let mut book = correct(&world);
    for field in fields {
        world.put(&mut book, "funds", field, 3, Content::Blank);
    }
    let bytes = write(&book).unwrap();
    let empty: Vec<Cell> = fields.iter().map(|field| at(&world, field, 3)).collect();
    let read = assess(
        &world,
        restyled(&bytes, funds(&world), &empty, "<strike/>", "General"),
    );
    assert_eq!(codes(&read), Vec::<&str>::new());
}

#[test]
fn a_prefilled_row_that_is_struck_through_is_spoken_of() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let form = &world.policy.forms["three_ones"];
    let member = form.field_of_kind(&kaohe::policy::Kind::Member).unwrap();
    let cell = Layout::new(form, 1).cell(member, 0);
    let read = assess(
        &world,
        restyled(&bytes, &form.sheet, &[cell], "<strike/>", "General"),
    );
    assert_eq!(codes(&read), ["IN-271"]);
    assert_eq!(findings(&read)[0].place.cell, Some(cell));
}

/// A text in pieces as a cell holds it, within the cell or among the shared ones.
fn pieces(runs: &[(&str, &str)]) -> String {
    let runs: Vec<String> = runs
        .iter()
        .map(|(look, text)| match *look {
            "" => format!("<r><t>{text}</t></r>"),
            look => format!("<r><rPr>{look}<sz val=\"11\"/></rPr><t>{text}</t></r>"),
        })
        .collect();
    runs.concat()
}

fn in_cell(runs: &[(&str, &str)]) -> String {
    format!(
        "<c r=\"{{r}}\" t=\"inlineStr\"><is>{}</is></c>",
        pieces(runs)
    )
}

const STRUCK: &str = "<strike/>";
const RAISED: &str = "<vertAlign val=\"superscript\"/>";
const LOWERED: &str = "<vertAlign val=\"subscript\"/>";
const RED: &str = "<color rgb=\"FFFF0000\"/>";

#[test]
fn a_figure_of_which_some_letters_are_struck_out_or_raised_is_none() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let cases = [
        (
            "amount",
            vec![(STRUCK, "50000"), (RED, "30000")],
            "[划去50000]30000",
        ),
        ("amount", vec![("", "50000"), (RAISED, "1")], "50000[上标1]"),
        (
            "amount",
            vec![("", "50000"), (LOWERED, "1")],
            "50000[下标1]",
        ),
        (
            "date",
            vec![("", "2018-03-0"), (STRUCK, "8"), ("", "9")],
            "2018-03-0[划去8]9",
        ),
        (
            "donor",
            vec![(STRUCK, "委员107"), ("", "委员108")],
            "[划去委员107]委员108",
        ),
        (
            "donor",
            vec![("", "委员107"), (RAISED, "注1")],
            "委员107[上标注1]",
        ),
    ];
    let shared = part(&bytes, "xl/sharedStrings.xml").matches("<si>").count();
    for (field, runs, quoted) in cases {
        let cell = at(&world, field, 1);
        let inline = rewritten(&bytes, funds(&world), &[(cell, &in_cell(&runs))]);
        let by_number = format!("<c r=\"{{r}}\" t=\"s\"><v>{shared}</v></c>");
        let among_shared = rewritten(&bytes, funds(&world), &[(cell, &by_number)]);
        let among_shared = with_parts(&among_shared, |name, xml| {
            let text = format!("<si>{}</si></sst>", pieces(&runs));
            (name == "xl/sharedStrings.xml").then(|| xml.replace("</sst>", &text))
        });
        for bytes in [inline, among_shared] {
            let read = assess(&world, bytes);
            assert_eq!(codes(&read), ["IN-272"], "{quoted}");
            assert_eq!(findings(&read)[0].typed.as_deref(), Some(quoted));
            assert_eq!(counted(&world, &read), ["50000", "20000"]);
        }
    }
}

#[test]
fn pieces_that_change_nothing_are_read_as_before() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let (amount, purpose) = (at(&world, "amount", 1), at(&world, "purpose", 1));
    for (cell, runs, wanted) in [
        (amount, vec![(RED, "3"), ("", "000")], vec![]),
        (purpose, vec![("", "硬化村道300m"), (RAISED, "2")], vec![]),
        (purpose, vec![("", "CO"), (LOWERED, "2")], vec![]),
        (
            purpose,
            vec![(STRUCK, "修路3公里"), ("", "修路5公里")],
            vec!["IN-273"],
        ),
        // All of it is struck through, piece by piece.
        (
            purpose,
            vec![(STRUCK, "修路"), (STRUCK, "3公里")],
            vec!["IN-271"],
        ),
    ] {
        let changed = rewritten(&bytes, funds(&world), &[(cell, &in_cell(&runs))]);
        let read = assess(&world, changed);
        assert_eq!(codes(&read), wanted, "{runs:?}");
        assert_eq!(
            counted(&world, &read),
            ["50000", "3000", "20000"],
            "{runs:?}"
        );
    }
}

#[test]
fn a_picture_in_a_cell_is_said_and_fills_nothing() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let wps =
        "<c r=\"{r}\" t=\"str\"><f>_xlfn.DISPIMG(\"ID_0A\",1)</f><v>=DISPIMG(\"ID_0A\",1)</v></c>";
    let resaved = "<c r=\"{r}\"><f>_xlfn.DISPIMG(\"ID_0A\",1)</f><v></v></c>";
    let unknown = "<c r=\"{r}\" t=\"e\"><f>DISPIMG(\"ID_0A\",1)</f><v>#NAME?</v></c>";
    let excel = "<c r=\"{r}\" t=\"e\" vm=\"1\"><v>#VALUE!</v></c>";
    let (purpose, voucher) = (at(&world, "purpose", 1), at(&world, "voucher", 1));
    for made in [wps, resaved, unknown, excel] {
        let read = assess(&world, rewritten(&bytes, funds(&world), &[(purpose, made)]));
        assert_eq!(codes(&read), ["IN-275"], "{made}");
        assert_eq!(counted(&world, &read), ["50000", "20000"], "{made}");
        let read = assess(&world, rewritten(&bytes, funds(&world), &[(voucher, made)]));
        assert_eq!(codes(&read), ["IN-215"], "{made}");
        assert!(
            findings(&read)[0].message.starts_with("这一格是图片"),
            "{made}"
        );
        assert_eq!(counted(&world, &read), ["50000", "3000", "20000"], "{made}");
    }
    // An error of a formula is one, also where Excel keeps more of it elsewhere.
    let spill = "<c r=\"{r}\" t=\"e\" vm=\"1\"><f>A1:A9*2</f><v>#VALUE!</v></c>";
    let read = assess(
        &world,
        rewritten(&bytes, funds(&world), &[(purpose, spill)]),
    );
    assert_eq!(codes(&read), ["IN-213"]);
    let kinds = "<rvStructures><s t=\"_error\"><k n=\"errorType\" t=\"i\"/></s></rvStructures>";
    let other = rewritten(&bytes, funds(&world), &[(purpose, excel)]);
    let list = part(&other, "xl/_rels/workbook.xml.rels");
    let relation = "<Relationship Id=\"rIdX\" Type=\"http://schemas.microsoft.com/office/2017/06/relationships/rdRichValueStructure\" Target=\"richData/rdrichvaluestructure.xml\"/></Relationships>";
    let list = list.replace("</Relationships>", relation);
    let other = with_more(
        &other,
        &[
            ("xl/richData/rdrichvaluestructure.xml", kinds),
            ("xl/_rels/workbook.xml.rels", list.as_str()),
        ],
    );
    assert_eq!(codes(&assess(&world, other)), ["IN-213"]);
}

/// A return with a note on an amount and one far away, by the program's own writer.
fn noted(world: &World) -> Vec<u8> {
    let mut book = correct(world);
    let sheet = book
        .sheets
        .iter_mut()
        .find(|s| s.name == funds(world))
        .unwrap();
    sheet
        .notes
        .insert(at(world, "amount", 1), "此笔实为30000元".to_owned());
    sheet
        .notes
        .insert(Cell::new(40, 3), "另有一笔没有写".to_owned());
    write(&book).unwrap()
}

/// Threads and boxes on the sheet of the gifts.
fn attached(world: &World) -> Vec<u8> {
    let bytes = write(&correct(world)).unwrap();
    let amount = at(world, "amount", 1).name();
    let talk = format!(
        "<ThreadedComments><threadedComment ref=\"{amount}\" id=\"a\"><text>是不是30000？</text></threadedComment><threadedComment ref=\"{amount}\" id=\"b\" parentId=\"a\"><text>是 &amp; 请改</text></threadedComment></ThreadedComments>"
    );
    let notes = format!(
        "<comments><authors><author>tc={{A}}</author></authors><commentList><comment ref=\"{amount}\" authorId=\"0\"><text><t>[Threaded comment]\n\nComment:\n    是不是30000？</t></text></comment></commentList></comments>"
    );
    let drawing = "<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"y\"><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>30</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>补充：委员108另捐</a:t></a:r><a:r><a:t>5000元</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>35</xdr:row></xdr:from><xdr:pic/></xdr:twoCellAnchor></xdr:wsDr>";
    let to = [
        ("comments", "../comments1.xml"),
        (
            "threadedComment",
            "../threadedComments/threadedComment1.xml",
        ),
        ("drawing", "/xl/drawings/drawing1.xml"),
    ];
    let (part, list) = relations(&bytes, funds(world), &to);
    with_more(
        &bytes,
        &[
            (part.as_str(), list.as_str()),
            ("xl/comments1.xml", notes.as_str()),
            ("xl/threadedComments/threadedComment1.xml", talk.as_str()),
            ("xl/drawings/drawing1.xml", drawing),
        ],
    )
}

#[test]
fn notes_talks_and_boxes_are_said_where_they_stand() {
    let world = world();
    let read = assess(&world, noted(&world));
    assert_eq!(codes(&read), ["IN-274", "IN-274"]);
    let said: Vec<(Option<Cell>, Option<&str>)> = findings(&read)
        .iter()
        .map(|f| (f.place.cell, f.typed.as_deref()))
        .collect();
    let amount = at(&world, "amount", 1);
    let wanted = [
        (Some(amount), Some("此笔实为30000元")),
        (Some(Cell::new(40, 3)), Some("另有一笔没有写")),
    ];
    assert_eq!(said, wanted);
    assert_eq!(
        findings(&read)[0].place.header.as_deref(),
        Some("金额或折价")
    );
    assert_eq!(counted(&world, &read), ["50000", "3000", "20000"]);
    let read = assess(&world, attached(&world));
    let said: Vec<(Option<Cell>, Option<&str>)> = findings(&read)
        .iter()
        .map(|f| (f.place.cell, f.typed.as_deref()))
        .collect();
    // The talk once, and nothing of the picture.
    let wanted = [
        (Some(amount), Some("是不是30000？\n是 & 请改")),
        (Some(Cell::new(30, 1)), Some("补充：委员108另捐5000元")),
    ];
    assert_eq!(said, wanted);
}

#[test]
fn a_workbook_with_nothing_but_a_note_is_no_untouched_one() {
    let world = world();
    let unit = world.roster.unit(UNIT).unwrap();
    let mut book = kaohe::template::unit_workbook(&world.policy, &world.roster, unit, TODAY);
    let read = assess(&world, write(&book).unwrap());
    assert_eq!(codes(&read), ["IN-225"]);
    let sheet = book
        .sheets
        .iter_mut()
        .find(|s| s.name == funds(&world))
        .unwrap();
    sheet
        .notes
        .insert(at(&world, "donor", 0), "今年没有捐款".to_owned());
    let read = assess(&world, write(&book).unwrap());
    assert!(codes(&read).contains(&"IN-274"));
}

#[test]
fn the_units_words_go_there_and_back_and_the_programs_are_not_taken_for_them() {
    let world = world();
    let mut bytes = noted(&world);
    // An error on the same cell: the program has its own to say there.
    bytes = rewritten(
        &bytes,
        funds(&world),
        &[
            (
                at(&world, "amount", 1),
                &in_cell(&[(STRUCK, "50000"), ("", "3000")]),
            ),
            (at(&world, "amount", 2), &in_cell(&[("", "约三万")])),
        ],
    );
    let mut before: Option<Vec<String>> = None;
    for round in 1..=3 {
        let read = assess(&world, bytes.clone());
        let mut said: Vec<String> = read
            .findings
            .iter()
            .filter(|f| f.code.code() == "IN-274")
            .map(|f| f.typed.clone().unwrap_or_default())
            .collect();
        said.sort();
        assert!(
            said.contains(&"此笔实为30000元".to_owned()),
            "{round}: {said:?}"
        );
        let findings: Vec<&Finding> = read.findings.iter().collect();
        assert!(
            findings.iter().any(|f| f.code.code() == "IN-272"),
            "{round}"
        );
        let book = returned_workbook(
            submission(&read),
            &findings,
            &world.policy,
            &world.roster,
            TODAY,
        );
        let book = book.unwrap();
        let sheet = book
            .sheets
            .iter()
            .find(|s| s.name == funds(&world))
            .unwrap();
        let note = &sheet.notes[&at(&world, "amount", 1)];
        assert!(
            note.contains("错误：") && note.ends_with("此笔实为30000元"),
            "{note}"
        );
        assert_eq!(note.matches("此笔实为30000元").count(), 1, "{note}");
        let left = book.sheets.iter().find(|s| s.name == LEFTOVER_SHEET);
        if round == 1 {
            // No entry stands there any more.
            let texts = left.unwrap().cells.values();
            let kept = texts.filter(|(content, _)| *content == text("批注：另有一笔没有写"));
            assert_eq!(kept.count(), 1);
        }
        // From the second time on nothing is added.
        if let Some(before) = &before {
            assert!(said.len() <= before.len(), "{round}: {said:?}");
        }
        before = Some(said);
        bytes = write(&book).unwrap();
    }
    assert_eq!(before.unwrap(), ["此笔实为30000元"]);
}

/// The return that was read.
fn submission(read: &Done) -> &Submission {
    match &read.value.ledger().files[0].state {
        State::Read(submission) => submission,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_struck_through_goes_back_struck_through() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let row = ["donor", "amount", "purpose", "date"].map(|field| at(&world, field, 1));
    let bytes = restyled(&bytes, funds(&world), &row, "<strike/>", "General");
    let read = assess(&world, bytes);
    let findings: Vec<&Finding> = read.findings.iter().collect();
    let (policy, roster) = (&world.policy, &world.roster);
    let book = returned_workbook(submission(&read), &findings, policy, roster, TODAY);
    let again = assess(&world, write(&book.unwrap()).unwrap());
    assert_eq!(codes(&again), ["IN-271"]);
    assert_eq!(counted(&world, &again), ["50000", "3000", "20000"]);
}

#[test]
fn nothing_beside_a_cell_changes_what_stands_in_it() {
    let world = world();
    let bytes = write(&correct(&world)).unwrap();
    let values = |bytes: &[u8]| {
        let sheets = open(bytes).expect("a workbook").sheets.into_iter();
        sheets
            .map(|sheet| (sheet.name, sheet.cells, sheet.formulas))
            .collect::<Vec<_>>()
    };
    let plain = values(&bytes);
    let fields = ["donor", "amount", "purpose", "date"];
    let cells: Vec<Cell> = (0..3)
        .flat_map(|entry| fields.map(|field| at(&world, field, entry)))
        .collect();
    let signs = [
        "0",
        "#,##0",
        ".00",
        ",",
        "!.",
        "\"万\"",
        "万",
        "\"千元\"",
        "[红色]",
        ";",
        "_ ",
        "[>=1000]",
    ];
    let mut seed: u32 = 7;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as usize % below
    };
    for _ in 0..60 {
        let format: String = (0..1 + next(5)).map(|_| signs[next(signs.len())]).collect();
        let font = ["", "<strike/>", "<strike val=\"0\"/>"][next(3)];
        let some: Vec<Cell> = cells.iter().copied().filter(|_| next(2) == 0).collect();
        let changed = restyled(&bytes, funds(&world), &some, font, &format);
        // A day is one by its format: only numbers and texts are compared.
        let days: Vec<Cell> = (0..3).map(|entry| at(&world, "date", entry)).collect();
        let without = |mut all: Vec<(
            String,
            std::collections::BTreeMap<Cell, kaohe::sheet::Found>,
            _,
        )>| {
            for (name, cells, _) in &mut all {
                if name == funds(&world) {
                    cells.retain(|cell, _| !days.contains(cell));
                }
            }
            all
        };
        assert_eq!(
            without(values(&changed)),
            without(plain.clone()),
            "{font} {format}"
        );
    }
    assert_eq!(values(&noted(&world)), plain);
    let sheets = open(&noted(&world)).unwrap().sheets;
    let notes: Vec<_> = sheets.iter().flat_map(|sheet| &sheet.attached).collect();
    assert!(notes.len() == 2 && notes.iter().all(|one| one.kind == AttachedKind::Note));
}

#[test]
fn what_is_issued_and_clean_has_nothing_beside_its_cells() {
    let world = world();
    for bytes in [
        write(&correct(&world)).unwrap(),
        write(&world.issued("T101")).unwrap(),
    ] {
        for sheet in open(&bytes).unwrap().sheets {
            assert!(
                sheet.beside.is_empty() && sheet.attached.is_empty(),
                "{}",
                sheet.name
            );
        }
    }
    let read = assess(&world, write(&correct(&world)).unwrap());
    let grave = |f: &&&Finding| f.severity() != Severity::Note;
    assert_eq!(findings(&read).iter().filter(grave).count(), 0);
}
