//! Writes many workbooks that are mostly alike, as those of the units are: what
//! they have in common the library writes once, and the rows are spelled and packed
//! by us. Each is the same, part by part, as if it had been written alone.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashSet;

use super::frame::{Frame, Gist};
use super::pack::{TEXTS, joined, packed, part, sheet_part};
use super::rows::Numbers;
use super::spelling::escaped;
use super::texts::Texts;
use super::write::{COMPRESSION, QUICK, WriteError, active, clean, without_rows, write};
use super::{Area, Content, Properties, Scalar, SheetOf, Style, Visibility, WorkbookOf, drawn};

/// The part that holds the title.
const CORE: &str = "docProps/core.xml";

/// Workbooks that are written one after the other, or several at a time.
#[derive(Default)]
pub struct Batch {
    books: Mutex<Vec<Arc<Book>>>,
}

impl Batch {
    /// One of which nothing is known yet.
    pub fn new() -> Self {
        Batch::default()
    }

    /// The bytes of a workbook. They do not depend on what was written before.
    ///
    /// # Errors
    /// As [`write`].
    pub fn write(&self, workbook: &WorkbookOf<'_>) -> Result<Vec<u8>, WriteError> {
        // What cannot be written, and why, is the library's to say as well.
        match self.spelled(workbook) {
            Some(bytes) => Ok(bytes),
            None => write(workbook),
        }
    }

    /// The workbook from known parts, if all of it can be.
    fn spelled(&self, workbook: &WorkbookOf<'_>) -> Option<Vec<u8>> {
        let sheets = &workbook.sheets;
        if !sheets.iter().all(is_plain) {
            return None;
        }
        let texts = Texts::new(sheets);
        // Without texts the part that holds them is not there.
        if texts.count() == 0 {
            return None;
        }
        let gists: Vec<Gist> = sheets.iter().map(Gist::of).collect::<Option<_>>()?;
        let outline = Outline::of(workbook);
        let book = match self.known(&outline)? {
            Some(book) => book,
            None => self.begun(outline, workbook, &gists)?,
        };
        let frames = book.frames(workbook, &gists)?;
        let mut parts: HashMap<String, Arc<[u8]>> = HashMap::new();
        for (at, ((sheet, gist), frame)) in sheets.iter().zip(&gists).zip(&frames).enumerate() {
            let name = sheet_part(at);
            let packed = frame.packed(&name, sheet, gist, &book.numbers, &texts)?;
            parts.insert(name, packed);
        }
        let mut xml = Vec::new();
        texts.spell(&mut xml);
        let packed_texts = packed(TEXTS, &xml, COMPRESSION).ok()?;
        parts.insert(TEXTS.to_owned(), packed_texts.into());
        let [before, after] = &book.core;
        let mut core = before.as_bytes().to_vec();
        escaped(&mut core, &clean(&workbook.properties.title));
        core.extend(after.as_bytes());
        parts.insert(
            CORE.to_owned(),
            packed(CORE, &core, COMPRESSION).ok()?.into(),
        );
        let mut bytes = Cursor::new(Vec::new());
        joined(&book.written, parts, &mut bytes).ok()?;
        Some(bytes.into_inner())
    }

    /// What is known of workbooks with an outline; the outer is none where nothing
    /// can be looked up.
    fn known(&self, outline: &Outline) -> Option<Option<Arc<Book>>> {
        let books = self.books.lock().ok()?;
        Some(books.iter().find(|book| book.outline == *outline).cloned())
    }

    /// Has the library write the first workbook with an outline.
    fn begun(
        &self,
        outline: Outline,
        workbook: &WorkbookOf<'_>,
        gists: &[Gist],
    ) -> Option<Arc<Book>> {
        let (written, numbers) = without_rows(workbook, &workbook.sheets, COMPRESSION).ok()?;
        let sheets = workbook.sheets.iter().zip(gists).enumerate();
        let frames = sheets.map(|(at, (sheet, gist))| {
            let frame = framed(&written, at, sheet, gist)?;
            Some(Mutex::new(vec![frame]))
        });
        let book = Arc::new(Book {
            outline,
            numbers,
            frames: frames.collect::<Option<_>>()?,
            core: core(&written, &workbook.properties)?,
            written,
        });
        let mut books = self.books.lock().ok()?;
        // Another may have been quicker.
        let known = books.iter().find(|known| known.outline == book.outline);
        if let Some(known) = known {
            return Some(Arc::clone(known));
        }
        books.push(Arc::clone(&book));
        Some(book)
    }
}

/// The frame of a sheet in a workbook that was written without its rows.
fn framed(written: &[u8], at: usize, sheet: &SheetOf<'_>, gist: &Gist) -> Option<Arc<Frame>> {
    let xml = part(written, &sheet_part(at)).ok()?;
    Frame::new(sheet, gist.clone(), &xml).map(Arc::new)
}

/// What is known of workbooks with the same outline.
struct Book {
    outline: Outline,
    numbers: Numbers,
    /// One of them as the library wrote it without rows.
    written: Vec<u8>,
    /// What stands before and behind the title.
    core: [String; 2],
    /// Frames by sheet.
    frames: Vec<Mutex<Vec<Arc<Frame>>>>,
}

impl Book {
    /// The frames of a workbook's sheets. The library writes those that are not known.
    fn frames(&self, workbook: &WorkbookOf<'_>, gists: &[Gist]) -> Option<Vec<Arc<Frame>>> {
        let sheets = || workbook.sheets.iter().zip(gists);
        let known = sheets().zip(&self.frames).map(|((sheet, gist), known)| {
            let known = known.lock().ok()?;
            Some(known.iter().find(|f| f.is_of(sheet, gist)).cloned())
        });
        let mut frames: Vec<Option<Arc<Frame>>> = known.collect::<Option<_>>()?;
        if frames.iter().any(Option::is_none) {
            self.learn(workbook, gists, &mut frames)?;
        }
        frames.into_iter().collect()
    }

    /// Has the library write the sheets whose frames are not known.
    fn learn(
        &self,
        workbook: &WorkbookOf<'_>,
        gists: &[Gist],
        frames: &mut [Option<Arc<Frame>>],
    ) -> Option<()> {
        let active = active(&workbook.sheets)?;
        let (mut places, mut sheets) = (Vec::new(), Vec::new());
        for (at, (sheet, frame)) in workbook.sheets.iter().zip(&*frames).enumerate() {
            sheets.push(match frame {
                None => sheet.clone(),
                // The one that is shown on opening must be there: it says so.
                Some(_) if at == active => SheetOf::new(sheet.name.clone()),
                Some(_) => continue,
            });
            places.push(at);
        }
        let learnt = WorkbookOf {
            sheets,
            properties: workbook.properties.clone(),
        };
        let (written, _) = without_rows(&learnt, &workbook.sheets, QUICK).ok()?;
        for (number, (at, sheet)) in places.into_iter().zip(&learnt.sheets).enumerate() {
            let frame = frames.get_mut(at)?;
            if frame.is_none() {
                let made = framed(&written, number, sheet, gists.get(at)?)?;
                self.frames.get(at)?.lock().ok()?.push(Arc::clone(&made));
                *frame = Some(made);
            }
        }
        Some(())
    }
}

/// What decides the parts of a workbook that are neither sheets nor texts.
#[derive(PartialEq)]
struct Outline {
    /// Properties without the title, which is spelled anew unless there is none.
    properties: Properties,
    has_title: bool,
    sheets: Vec<Tab>,
    /// Styles in the order in which they are first met.
    styles: Vec<Style>,
}

/// What a workbook says of a sheet.
#[derive(PartialEq)]
struct Tab {
    name: String,
    visibility: Visibility,
    repeat_rows: Option<(u32, u32)>,
    area: Option<Area>,
    filter: Option<Area>,
}

impl Outline {
    fn of(workbook: &WorkbookOf<'_>) -> Self {
        let sheets = &workbook.sheets;
        let mut known = FxHashSet::default();
        let mut styles: Vec<Style> = sheets.iter().flat_map(drawn::styles).collect();
        styles.retain(|style| known.insert(*style));
        let tab = |sheet: &SheetOf<'_>| Tab {
            name: sheet.name.clone(),
            visibility: sheet.visibility,
            repeat_rows: sheet.page.repeat_rows,
            area: sheet.page.area,
            filter: sheet.filter,
        };
        let properties = &workbook.properties;
        Outline {
            has_title: !clean(&properties.title).is_empty(),
            properties: Properties {
                title: String::new(),
                ..properties.clone()
            },
            sheets: sheets.iter().map(tab).collect(),
            styles,
        }
    }
}

/// Whether a sheet holds nothing that other parts depend on, and no formula that the
/// library could spell otherwise.
fn is_plain(sheet: &SheetOf<'_>) -> bool {
    let is_plain = |content: &Content| match content {
        Content::Formula { text, result } => {
            let is_text = matches!(result, Scalar::Text(_));
            !is_text && !text.starts_with(['=', '{']) && !text.contains("_xl")
        }
        _ => true,
    };
    sheet.long.is_none()
        && sheet.charts.is_empty()
        && sheet.notes.is_empty()
        && sheet.highlights.is_empty()
        && sheet.links.is_empty()
        && sheet.cells.values().all(|(content, _)| is_plain(content))
}

/// What stands before and behind the title, where we spell it as the library does.
fn core(written: &[u8], properties: &Properties) -> Option<[String; 2]> {
    let core = part(written, CORE).ok()?;
    let title = clean(&properties.title);
    if title.is_empty() {
        return Some([core, String::new()]);
    }
    let mut element = b"<dc:title>".to_vec();
    let start = element.len();
    escaped(&mut element, &title);
    let end = element.len();
    element.extend(b"</dc:title>");
    let at = core.find(std::str::from_utf8(&element).ok()?)?;
    Some([
        core.get(..at + start)?.to_owned(),
        core.get(at + end..)?.to_owned(),
    ])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::policy::{PackSource, load};
    use crate::roster::{Roster, Unit};
    use crate::template::unit_workbook;

    #[test]
    fn the_library_writes_what_is_common_once() -> Result<(), &'static str> {
        let policy = load(&PackSource::builtin()).map_err(|_| "the built-in pack")?;
        let batch = Batch::new();
        for kind in policy.unit_kinds.keys() {
            let known = batch.books.lock().map_err(|_| "books")?.len();
            for name in ["甲", "乙", "丙&<丁>"] {
                let unit = Unit {
                    code: name.to_owned(),
                    name: name.to_owned(),
                    kind: kind.clone(),
                    aliases: Vec::new(),
                };
                let units = Roster::new(vec![unit.clone()], Vec::new(), Vec::new());
                let book = unit_workbook(&policy, &units, &unit, date(2018, 12, 31));
                assert!(batch.spelled(&book).is_some(), "{kind} {name}");
            }
            let books = batch.books.lock().map_err(|_| "books")?;
            assert!(books.len() <= known + 1, "{kind}");
            for frames in books.iter().flat_map(|book| &book.frames) {
                assert_eq!(frames.lock().map_err(|_| "frames")?.len(), 1, "{kind}");
            }
        }
        Ok(())
    }
}
