//! Which parts of an Office package are read: the one place that says so. Only
//! these are unpacked and vetted; whatever else a package holds (queries,
//! thumbnails, printer settings, pictures) is not looked at, and cannot make a
//! healthy workbook one that is refused.

use std::collections::{BTreeMap, HashSet};

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::parts::{Looked, Package, Parts, look_over};
use super::relations::{self, Relation};
use super::spaces::{self, Taken};
use crate::sheet::refused::{damaged, short_name, two_ways, unknown};
use crate::sheet::xml::attribute;
use crate::sheet::{OpenError, Visibility, limits};

/// Kinds of parts that are read beside the cells of a sheet, to which the sheet
/// leads.
pub(super) const BESIDE_SHEET: [&str; 3] = ["comments", "threadedComment", "drawing"];
/// Kinds of parts that are read beside the sheets, to which the workbook leads.
const BESIDE_SHEETS: [&str; 3] = ["sharedStrings", "styles", "rdRichValueStructure"];

/// A workbook of XML parts.
#[derive(Debug, Default)]
pub(super) struct XlsxBook {
    /// What was unpacked.
    pub parts: Parts,
    /// Its sheets in order.
    pub sheets: Vec<BookSheet>,
    /// Whether days are counted from 1904.
    pub days_of_1904: bool,
    /// Where the workbook leads, with the names of parts.
    pub leads_to: Vec<Relation>,
    /// Where the properties are that say when it was saved.
    pub properties: Option<Vec<u8>>,
    /// And those that say by which program.
    pub application: Option<Vec<u8>>,
    /// There are macros.
    pub macros: bool,
    /// What was seen of each part, by its name.
    pub looked: BTreeMap<String, Looked>,
}

/// A sheet of a workbook.
#[derive(Debug)]
pub(super) struct BookSheet {
    /// Its name.
    pub name: String,
    /// Seen or not.
    pub visibility: Visibility,
    /// It has cells: it is no chart, dialog or sheet of macros.
    pub has_cells: bool,
    /// The name of its part.
    pub part: String,
    /// Where it leads: to its notes, drawings and the like.
    pub leads_to: Vec<Relation>,
}

impl XlsxBook {
    /// Whether all elements of a part are plainly of one namespace.
    pub fn is_of_one_space(&self, part: &str) -> bool {
        let looked = self.looked.get(part);
        looked.is_some_and(|looked| looked.one_space)
    }

    /// Unpacks a part and looks it over, once.
    fn take(&mut self, package: &mut Package<'_>, name: &str) -> Result<bool, OpenError> {
        if self.parts.get(name).is_some() {
            return Ok(true);
        }
        let Some(content) = package.text(name)? else {
            return Ok(false);
        };
        self.looked
            .insert(name.to_owned(), look_over(&package.called(name), &content)?);
        self.parts.put(name, content);
        Ok(true)
    }
}

/// Unpacks what is read of an .xlsx, of the sheets whose names are wanted.
///
/// # Errors
/// When one of these parts is damaged, is not there, or can be read in more than
/// one way.
pub(super) fn unpack(
    package: &mut Package<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<XlsxBook, OpenError> {
    let (part, properties) = main_parts(package)?;
    let macros = package.names().any(|name| name.ends_with("vbaproject.bin"));
    let mut book = XlsxBook {
        macros,
        // When it was saved is of use, but no reason to refuse it.
        properties: properties.and_then(|name| package.text(&name).ok().flatten()),
        application: package.text(APP).ok().flatten(),
        ..XlsxBook::default()
    };
    if !book.take(package, &part)? {
        return Err(damaged("没有工作簿这一部件"));
    }
    book.leads_to = relations::of(package, &part)?;
    add_unled(package, &part, &mut book.leads_to);
    let (listed, days_of_1904) = listed(&book, &part)?;
    book.days_of_1904 = days_of_1904;
    for kind in BESIDE_SHEETS {
        let of_kind: Vec<String> = targets(&book.leads_to, kind).collect();
        if of_kind.len() > 1 {
            let what = spaces::in_plain_words(kind);
            return Err(two_ways(format!("有两份{what}")));
        }
        for name in of_kind {
            book.take(package, &name)?;
            let styles = book.parts.get(&name).filter(|_| kind == "styles");
            if let Some(plain) = styles.and_then(spaces::for_everybody) {
                book.parts.put(&name, plain);
            }
        }
    }
    for (name, visibility, id) in listed {
        // Modules of programs of old are listed and have no part.
        if id.is_empty() {
            book.macros = true;
            continue;
        }
        let led = book.leads_to.iter().find(|relation| relation.id == id);
        let called = format!("工作表“{}”", short_name(&name));
        let missing = || damaged(format!("{called}的内容不在文件里"));
        let led = led.ok_or_else(missing)?;
        let has_cells = match led.kind.as_str() {
            "worksheet" => true,
            "chartsheet" | "dialogsheet" => false,
            // Sheets of macros of old: never run, and they hold no figures.
            _ => {
                book.macros = true;
                false
            }
        };
        let mut sheet = BookSheet {
            part: led.target.clone(),
            name,
            visibility,
            has_cells,
            leads_to: Vec::new(),
        };
        if !wanted(&sheet.name) {
            continue;
        }
        if has_cells {
            // A few sheets more would make a small file a large one.
            let mut before = book.sheets.iter().filter(|other| other.has_cells);
            if before.any(|other| other.part.eq_ignore_ascii_case(&sheet.part)) {
                let name = &sheet.name;
                return Err(damaged(format!(
                    "工作表“{name}”与另一个工作表的内容是同一份"
                )));
            }
            package.call(&sheet.part, called.clone());
            if !book.take(package, &sheet.part)? {
                return Err(missing());
            }
            sheet.leads_to = relations::of(package, &sheet.part)?;
            for kind in BESIDE_SHEET {
                let of_kind: Vec<String> = targets(&sheet.leads_to, kind).collect();
                for name in of_kind {
                    book.take(package, &name)?;
                }
            }
        }
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// The names of the parts of a kind to which some relations lead.
fn targets<'a>(from: &'a [Relation], kind: &'a str) -> impl Iterator<Item = String> + 'a {
    let found = from
        .iter()
        .filter(move |relation| relation.kind == kind && !relation.is_outside);
    found.map(|relation| relation.target.clone())
}

/// Some programs put texts and styles where they usually are, and do not say so.
fn add_unled(package: &Package<'_>, book: &str, relations: &mut Vec<Relation>) {
    let folder = &book[..book.rfind('/').map_or(0, |at| at + 1)];
    for kind in ["sharedStrings", "styles"] {
        let usual = format!("{folder}{kind}.xml");
        if package.has(&usual) && !relations.iter().any(|relation| relation.kind == kind) {
            relations.push(Relation {
                id: String::new(),
                kind: kind.to_owned(),
                target: usual,
                is_outside: false,
            });
        }
    }
}

/// The names of the workbook's part, and of the one with its properties.
fn main_parts(package: &mut Package<'_>) -> Result<(String, Option<String>), OpenError> {
    let main = relations::of(package, "")?;
    let mut books: Vec<String> = targets(&main, "officeDocument").collect();
    books.dedup();
    let book = match books.as_slice() {
        [] => "xl/workbook.xml".to_owned(),
        [book] => book.clone(),
        _ => return Err(two_ways("里面有两份工作簿，分不清哪一份是要交的")),
    };
    let properties = targets(&main, "core-properties").next();
    let usual = || package.has(CORE).then(|| CORE.to_owned());
    Ok((book, properties.or_else(usual)))
}

/// Where the properties usually are.
const CORE: &str = "docProps/core.xml";
/// Where the program usually names itself.
const APP: &str = "docProps/app.xml";

/// The namespace of workbooks before Excel 2007 was done, and what they are called.
const BETA: &[u8] = b"http://schemas.microsoft.com/office/excel/2006/2";
pub(super) const IS_BETA: &str = "Excel 2007 测试版的格式，只有很少的软件认识";

/// Name, visibility and relation of a listed sheet.
type ListedSheet = (String, Visibility, String);

/// The sheets that a workbook lists, and whether its days are counted from 1904.
fn listed(book: &XlsxBook, part: &str) -> Result<(Vec<ListedSheet>, bool), OpenError> {
    let broken = || damaged("工作表目录不合规范");
    let content = book.parts.get(part).unwrap_or_default();
    if memmem::find(content, BETA).is_some() {
        return Err(unknown(IS_BETA));
    }
    if !book.is_of_one_space(part) {
        let taken = Taken {
            anywhere: &["sheets", "sheet", "workbookPr"],
            within: None,
        };
        spaces::check("工作表目录", content, &taken)?;
    }
    let mut sheets = Vec::new();
    let mut days_of_1904 = false;
    let mut lists = 0;
    let mut reader = Reader::from_reader(content);
    let mut beyond = 0_u32;
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        match &event {
            // What programs add for themselves has elements of the same names.
            Event::Start(tag) if beyond > 0 || tag.local_name().as_ref() == "extLst" => beyond += 1,
            Event::End(_) if beyond > 0 => beyond -= 1,
            Event::Start(tag) | Event::Empty(tag) if beyond == 0 => {
                match tag.local_name().as_ref() {
                    "sheets" => lists += 1,
                    "sheet" => sheets.push(sheet(tag)?),
                    "workbookPr" => {
                        let since = attribute(tag, "date1904");
                        days_of_1904 |= since.is_some_and(|v| v == "1" || v == "true");
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if sheets.is_empty() {
        return Err(damaged("没有工作表"));
    }
    if sheets.len() > limits::SHEETS {
        return Err(OpenError::TooLarge(format!(
            "有 {} 个工作表，最多 {} 个",
            sheets.len(),
            limits::SHEETS
        )));
    }
    if lists > 1 {
        return Err(two_ways("有两份工作表目录"));
    }
    let mut names = HashSet::new();
    for (name, _, _) in &sheets {
        if !names.insert(name.to_lowercase()) {
            return Err(two_ways(format!(
                "有两个同名的工作表“{}”",
                short_name(name)
            )));
        }
    }
    Ok((sheets, days_of_1904))
}

fn sheet(tag: &BytesStart<'_>) -> Result<ListedSheet, OpenError> {
    let broken = || damaged("工作表目录不合规范");
    let visibility = match attribute(tag, "state").as_deref() {
        Some("hidden") => Visibility::Hidden,
        Some("veryHidden") => Visibility::VeryHidden,
        _ => Visibility::Visible,
    };
    let attributes = tag.attributes().filter_map(Result::ok);
    let mut ids = attributes.filter(|attribute| {
        let key: &str = attribute.key.as_ref();
        key == "id" || key.ends_with(":id")
    });
    let id = ids.next().ok_or_else(broken)?;
    // Of two nobody can say which sheet is meant.
    if ids.next().is_some() {
        return Err(two_ways("工作表目录里有一张表指向两处内容"));
    }
    let name = attribute(tag, "name").ok_or_else(broken)?;
    Ok((name, visibility, id.value.into_owned()))
}

/// A workbook of binary parts.
#[derive(Debug, Default)]
pub(super) struct Binary {
    /// What was unpacked.
    pub parts: Parts,
    /// Where the workbook leads, with the names of parts.
    pub leads_to: Vec<Relation>,
    /// Where each sheet leads, by the name of its part.
    pub of_sheets: BTreeMap<String, Vec<Relation>>,
    /// There are macros.
    pub macros: bool,
}

impl Binary {
    /// Where the workbook stands.
    pub const BOOK: &str = "xl/workbook.bin";

    /// The part of a kind to which the workbook leads; some programs put it where
    /// it usually is, and do not say so.
    ///
    /// # Errors
    /// When it is not there.
    pub fn part(&self, kind: &str) -> Result<Option<&[u8]>, OpenError> {
        let usual = format!("xl/{kind}.bin");
        let what = spaces::in_plain_words(kind);
        match targets(&self.leads_to, kind).next() {
            None => Ok(self.parts.get(&usual)),
            Some(led) => match self.parts.get(&led) {
                None => Err(damaged(format!("有{what}不在文件里"))),
                found => Ok(found),
            },
        }
    }
}

/// Unpacks what is read of an .xlsb.
///
/// # Errors
/// As [`unpack`].
pub(super) fn unpack_xlsb(package: &mut Package<'_>) -> Result<Binary, OpenError> {
    // An addition beside a workbook that stands somewhere else.
    let main = relations::of(package, "")?;
    if targets(&main, "officeDocument").any(|name| !name.eq_ignore_ascii_case(Binary::BOOK)) {
        return Err(two_ways("里面有两份工作簿，分不清哪一份是要交的"));
    }
    let macros = package.names().any(|name| name.ends_with("vbaproject.bin"));
    let mut book = Binary {
        macros,
        leads_to: relations::of(package, Binary::BOOK)?,
        ..Binary::default()
    };
    let mut names: Vec<String> = vec![Binary::BOOK.to_owned()];
    for kind in ["sharedStrings", "styles"] {
        let mut of_kind: Vec<String> = targets(&book.leads_to, kind).collect();
        if of_kind.len() > 1 {
            let what = spaces::in_plain_words(kind);
            return Err(two_ways(format!("有两份{what}")));
        }
        names.push(of_kind.pop().unwrap_or_else(|| format!("xl/{kind}.bin")));
    }
    for sheet in targets(&book.leads_to, "worksheet") {
        let leads_to = relations::of(package, &sheet)?;
        let beside = BESIDE_SHEET.map(|kind| targets(&leads_to, kind).collect::<Vec<_>>());
        names.extend(beside.into_iter().flatten());
        names.push(sheet.clone());
        book.of_sheets.insert(sheet, leads_to);
    }
    for name in names {
        let is_text = name.ends_with(".xml");
        let content = match is_text {
            true => package.text(&name)?,
            false => package.read(&name)?,
        };
        let Some(content) = content.filter(|_| book.parts.get(&name).is_none()) else {
            continue;
        };
        if is_text {
            look_over(&package.called(&name), &content)?;
        }
        book.parts.put(&name, content);
    }
    for name in [CORE, APP] {
        if let Ok(Some(content)) = package.text(name) {
            book.parts.put(name, content);
        }
    }
    Ok(book)
}

/// Unpacks what is read of an .ods; none if it is no workbook.
///
/// # Errors
/// As [`unpack`], or when it is locked with a password.
pub(super) fn unpack_ods(package: &mut Package<'_>) -> Result<Option<Parts>, OpenError> {
    const CONTENT: &str = "content.xml";
    const STYLES: &str = "styles.xml";
    const KIND: &[u8] = b"application/vnd.oasis.opendocument.";
    // Both say what it is; neither is needed to read it.
    let manifest = package.text("META-INF/manifest.xml").ok().flatten();
    let manifest = manifest.unwrap_or_default();
    if is_locked(&manifest) {
        return Err(OpenError::Protected);
    }
    if !package.has(CONTENT) {
        return Ok(None);
    }
    let said = package.read("mimetype").ok().flatten().unwrap_or_default();
    let is_of = |what: &[u8], text: &[u8]| memmem::find(text, &[KIND, what].concat()).is_some();
    let is_other = is_of(b"", &said) && !is_of(b"spreadsheet", &said);
    if is_other {
        return Ok(None);
    }
    let mut parts = Parts::default();
    let Some(content) = package.text(CONTENT)? else {
        return Ok(None);
    };
    let is_spreadsheet = is_of(b"spreadsheet", &said)
        || is_of(b"spreadsheet", &manifest)
        || memmem::find(&content, b"<office:spreadsheet").is_some();
    if !is_spreadsheet {
        return Ok(None);
    }
    look_over(&package.called(CONTENT), &content)?;
    parts.put(CONTENT, content);
    if let Some(styles) = package.text(STYLES)? {
        look_over(&package.called(STYLES), &styles)?;
        parts.put(STYLES, styles);
    }
    if let Ok(Some(meta)) = package.text("meta.xml") {
        parts.put("meta.xml", meta);
    }
    Ok(Some(parts))
}

/// Whether a manifest says that a part of the document itself is encrypted. A library
/// of macros, which nobody reads, may have a password of its own; its parts stand in
/// folders.
fn is_locked(manifest: &[u8]) -> bool {
    const ENTRY: &[u8] = b"file-entry";
    const PATH: &[u8] = b"full-path=";
    let starts: Vec<usize> = memmem::find_iter(manifest, ENTRY).collect();
    let ends = starts.iter().skip(1).copied().chain([manifest.len()]);
    starts.iter().zip(ends).any(|(&start, end)| {
        let entry = manifest.get(start..end).unwrap_or_default();
        if memmem::find(entry, b"encryption-data").is_none() {
            return false;
        }
        let path = memmem::find(entry, PATH).and_then(|at| entry.get(at + PATH.len()..));
        let Some((quote, path)) = path.and_then(<[u8]>::split_first) else {
            return true;
        };
        let path = path.split(|byte| byte == quote).next().unwrap_or_default();
        !path.contains(&b'/')
    })
}
