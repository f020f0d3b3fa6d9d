//! The records of which the stream of an .xls is made.

/// Record types, by [MS-XLS] 2.3.
pub(super) mod record {
    pub const BOF: u16 = 0x0809;
    pub const EOF: u16 = 0x000A;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const FILE_PASS: u16 = 0x002F;
    /// Records that are not encrypted where others are.
    pub const NEVER_SEALED: [u16; 7] = [BOF, FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138];
    pub const DIMENSIONS: u16 = 0x0200;
    pub const ROW: u16 = 0x0208;
    /// Several numbers side by side.
    pub const MULTIPLE: u16 = 0x00BD;
    /// Records that begin with the row and column of a cell that is not blank.
    pub const CELLS: [u16; 10] = [
        0x0203,
        0x0204,
        0x00D6,
        0x0205,
        0x027E,
        SHARED_TEXT,
        FORMULA,
        0x0206,
        0x0406,
        MULTIPLE,
    ];
    pub const FORMULA: u16 = 0x0006;
    /// Formulas, also with the numbers that older versions gave them: their results
    /// stand in the same place.
    pub const FORMULAS: [u16; 3] = [FORMULA, 0x0206, 0x0406];
    /// The text that a formula gives, behind it.
    pub const RESULT: u16 = 0x0207;
    /// What may stand between the two.
    pub const SHARED: [u16; 3] = [0x0221, 0x04BC, 0x0236];
    /// A cell with the number of a text.
    pub const SHARED_TEXT: u16 = 0x00FD;
    pub const STYLE: u16 = 0x00E0;
    /// Names, and where they lead: formulas that nobody needs.
    pub const NAMES: [u16; 2] = [0x0018, 0x0017];
    /// No record has this number.
    pub const NONE: u16 = 0xFFFF;
}

/// A record of the stream.
pub(super) struct Record {
    pub kind: u16,
    pub at: usize,
    pub body: usize,
    pub length: usize,
}

/// The whole records of a stream from a position to its end.
pub(super) fn records(stream: &[u8], start: usize) -> impl Iterator<Item = Record> + '_ {
    let mut at = start;
    std::iter::from_fn(move || {
        let head = stream.get(at..at.checked_add(4)?)?;
        let record = Record {
            kind: u16::from_le_bytes([head[0], head[1]]),
            at,
            body: at + 4,
            length: usize::from(u16::from_le_bytes([head[2], head[3]])),
        };
        at = record.body + record.length;
        (at <= stream.len()).then_some(record)
    })
}

/// Two bytes, lowest first; 0 beyond the end.
pub(super) fn short(stream: &[u8], at: usize) -> u16 {
    match stream.get(at..at + 2) {
        Some(two) => u16::from_le_bytes([two[0], two[1]]),
        None => 0,
    }
}
