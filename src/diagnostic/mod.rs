//! What is said about the data: findings with a stable code, the place, what
//! was typed, what was taken, and how to mend it.

mod brief;
mod catalogue;
mod render;
mod wrap;

pub use brief::{MESSAGE, NAME, TYPED, brief, some};
pub use catalogue::{Code, Severity};
pub use render::{by_file, render_all, render_file, severities};
pub use wrap::{COLUMNS, hanging, paragraph, width};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::sheet::Cell;
use crate::value::masked;

/// Where something stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// File name, relative to the workspace or the pack.
    pub file: Option<String>,
    /// Sheet.
    pub sheet: Option<String>,
    /// Cell.
    pub cell: Option<Cell>,
    /// Header of the cell's column.
    pub header: Option<String>,
    /// Line of a text file, from 1.
    pub line: Option<usize>,
}

impl Place {
    /// A file.
    pub fn file(file: impl Into<String>) -> Self {
        Place {
            file: Some(file.into()),
            ..Place::default()
        }
    }

    /// A line of a text file, from 1.
    pub fn line(file: impl Into<String>, line: usize) -> Self {
        Place {
            line: Some(line),
            ..Place::file(file)
        }
    }

    /// The same file, on a sheet.
    pub fn on(mut self, sheet: impl Into<String>) -> Self {
        self.sheet = Some(sheet.into());
        self
    }

    /// The same sheet, at a cell below a header.
    pub fn at(mut self, cell: Cell, header: impl Into<String>) -> Self {
        self.cell = Some(cell);
        self.header = Some(header.into());
        self
    }

    /// For programs: what is known of it.
    pub fn to_json(&self) -> Value {
        let cell = self.cell.map(Cell::name);
        let parts = [
            ("file", self.file.as_ref().map(|file| json!(file))),
            ("sheet", self.sheet.as_ref().map(|sheet| json!(sheet))),
            ("cell", cell.map(|cell| json!(cell))),
            ("header", self.header.as_ref().map(|header| json!(header))),
            ("line", self.line.map(|line| json!(line))),
        ];
        known(parts)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let file = self.file.as_deref().unwrap_or("（无文件）");
        f.write_str(&brief(file, NAME))?;
        if let Some(line) = self.line {
            write!(f, " 第{line}行")?;
        }
        if let Some(sheet) = &self.sheet {
            write!(f, " › {}", brief(sheet, NAME))?;
        }
        if let Some(cell) = self.cell {
            write!(f, "!{}", cell.name())?;
        }
        if let Some(header) = &self.header {
            write!(f, "\u{FF08}{}\u{FF09}", brief(header, NAME))?;
        }
        Ok(())
    }
}

/// Lines of what was typed that stand as lines in a message.
const MOST_LINES: usize = 3;

/// A text as it is said of somebody's return: numbers of persons hidden, and no longer
/// than it is read. A number is hidden before it may be cut in two.
fn said(text: &str, most: usize) -> String {
    let text = brief(&masked(text), most).into_owned();
    // A cell may hold a line of its own for every letter.
    match text.lines().count() > MOST_LINES {
        true => text.replace('\n', "↵"),
        false => text,
    }
}

/// Something about the data that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code, which decides the severity and the title.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What was typed, if a cell is spoken of.
    pub typed: Option<String>,
    /// What was taken for it.
    pub taken: Option<String>,
    /// Other places that have to do with it.
    pub related: Vec<Place>,
    /// How to mend it.
    pub mend: String,
}

impl Finding {
    /// A finding with the mend that the catalogue gives for its code.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Finding {
            code,
            message: said(&message.into(), MESSAGE),
            place,
            typed: None,
            taken: None,
            related: Vec::new(),
            mend: code.mend().to_owned(),
        }
    }

    /// With what was typed.
    pub fn typed(mut self, typed: impl Into<String>) -> Self {
        self.typed = Some(said(&typed.into(), TYPED));
        self
    }

    /// With what was taken for it.
    pub fn taken(mut self, taken: impl Into<String>) -> Self {
        self.taken = Some(said(&taken.into(), TYPED));
        self
    }

    /// With another place that has to do with it.
    pub fn related(mut self, place: Place) -> Self {
        self.related.push(place);
        self
    }

    /// With its own words on how to mend it.
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = brief(&mend.into(), MESSAGE).into_owned();
        self
    }

    /// Severity, by the code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// All of it for programs.
    pub fn to_json(&self) -> Value {
        let related: Vec<Value> = self.related.iter().map(Place::to_json).collect();
        let parts = [
            ("code", Some(json!(self.code.code()))),
            ("message", Some(json!(self.message))),
            ("place", Some(self.place.to_json())),
            ("typed", self.typed.as_ref().map(|typed| json!(typed))),
            ("taken", self.taken.as_ref().map(|taken| json!(taken))),
            ("related", (!related.is_empty()).then(|| json!(related))),
            ("mend", Some(json!(self.mend))),
            ("severity", Some(json!(self.severity().word()))),
            ("title", Some(json!(self.code.title()))),
        ];
        known(parts)
    }
}

/// An object of those parts that are known.
fn known<const N: usize>(parts: [(&str, Option<Value>); N]) -> Value {
    let known = parts
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(known.collect::<Map<_, _>>())
}

/// A value and what was found on the way to it.
#[derive(Debug, Clone)]
pub struct Checked<T> {
    /// The value.
    pub value: T,
    /// The findings.
    pub findings: Vec<Finding>,
}
/// Puts findings into the order in which they are listed: gravest first, then
/// by file, sheet and cell.
pub fn in_order(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.severity(), f.place.clone(), f.code);
        key(a).cmp(&key(b))
    });
}
