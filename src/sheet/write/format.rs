//! Roles of cells to formats, each built once per workbook. Whatever a colour
//! says, weight, slant, underline or a border says too, for black print.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};
use rustc_hash::FxHashMap;

use crate::sheet::{Look, Mark, Style};

/// Body text: on every Chinese Windows, and known to WPS.
const SONG: &str = "宋体";
/// Headings: the same.
const HEI: &str = "黑体";
/// The character set of both (GB 2312).
const CHARSET: u8 = 134;

const RULE: Color = Color::RGB(0x0080_8080);
const HEADER: Color = Color::RGB(0x00DC_E4EC);
const REQUIRED: Color = Color::RGB(0x00B4_C4D6);
const LABEL: Color = Color::RGB(0x00EE_F2F6);
const TOTAL: Color = Color::RGB(0x00E4_EAF1);
const INPUT: Color = Color::RGB(0x00FF_FBE5);
const FAULT: Color = Color::RGB(0x00FF_C7CE);
const DOUBT: Color = Color::RGB(0x00FF_E699);
const LINK: Color = Color::RGB(0x0005_63C1);

/// The formats of a workbook by style.
#[derive(Default)]
pub(super) struct Formats {
    known: FxHashMap<Style, Format>,
}

impl Formats {
    /// The format of a style.
    pub(super) fn get(&mut self, style: Style) -> &Format {
        self.known.entry(style).or_insert_with(|| build(style))
    }
}

/// Size of a role's letters in points.
pub(super) fn size(look: Look) -> u32 {
    match look {
        Look::Title => 18,
        Look::Figure => 20,
        Look::Section => 13,
        Look::Subtitle | Look::SubtitleRight | Look::Note | Look::Fine => 10,
        _ => 11,
    }
}

/// Builds the format of a style.
fn build(style: Style) -> Format {
    let mut format = aligned(style.look, lettered(style.look));
    if bordered(style.look) && !style.bare {
        format = format.set_border(FormatBorder::Thin).set_border_color(RULE);
    }
    format = match style.look {
        Look::Header => format.set_background_color(HEADER),
        Look::HeaderRequired => format
            .set_background_color(REQUIRED)
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(Color::Black),
        Look::Label => format.set_background_color(LABEL),
        look @ (Look::Good | Look::Bad | Look::Caution | Look::Faint) => marked(look, format),
        _ => format,
    };
    if let Some(code) = number_format(style) {
        format = format.set_num_format(code);
    }
    if style.total {
        format = format.set_bold().set_background_color(TOTAL);
    }
    if style.input || style.open {
        format = format.set_unlocked();
    }
    if style.input && !style.total {
        format = format.set_background_color(INPUT);
    }
    if style.struck {
        format = format.set_font_strikethrough();
    }
    match style.mark {
        Mark::None => format,
        Mark::Doubt => format
            .set_background_color(DOUBT)
            .set_border(FormatBorder::Dashed)
            .set_border_color(Color::Black),
        Mark::Fault => format
            .set_background_color(FAULT)
            .set_border(FormatBorder::Medium)
            .set_border_color(Color::Black),
    }
}

/// Font of a role.
fn lettered(look: Look) -> Format {
    let name = match look {
        Look::Title | Look::Section | Look::Header | Look::HeaderRequired | Look::Figure => HEI,
        _ => SONG,
    };
    let format = Format::new()
        .set_font_name(name)
        .set_font_charset(CHARSET)
        .set_font_size(size(look));
    match look {
        Look::Title
        | Look::Section
        | Look::Header
        | Look::HeaderRequired
        | Look::Label
        | Look::Figure => format.set_bold(),
        Look::Link => format
            .set_underline(FormatUnderline::Single)
            .set_font_color(LINK),
        _ => format,
    }
}

/// Alignment of a role.
fn aligned(look: Look, format: Format) -> Format {
    let across = match look {
        Look::Title
        | Look::Header
        | Look::HeaderRequired
        | Look::Centre
        | Look::Date
        | Look::Figure => FormatAlign::Center,
        Look::SubtitleRight
        | Look::Integer
        | Look::Number
        | Look::Money
        | Look::MoneyOrNone
        | Look::Percent
        | Look::Score => FormatAlign::Right,
        Look::Plain => FormatAlign::General,
        _ => FormatAlign::Left,
    };
    let format = format
        .set_align(across)
        .set_align(FormatAlign::VerticalCenter);
    if look.wraps() {
        format.set_text_wrap()
    } else {
        format
    }
}

/// Whether lines stand around the cells of a role.
fn bordered(look: Look) -> bool {
    !matches!(
        look,
        Look::Title
            | Look::Subtitle
            | Look::SubtitleRight
            | Look::Section
            | Look::Note
            | Look::Plain
    )
}

/// The number format of a style. What is typed into a text cell stays text,
/// so that telephone numbers and codes keep their zeros. `Number` stays
/// general, because `0.####` leaves a dot behind whole numbers.
fn number_format(style: Style) -> Option<&'static str> {
    match style.look {
        Look::Integer => Some("#,##0"),
        Look::Money => Some("#,##0.00"),
        Look::MoneyOrNone => Some("#,##0.00;-#,##0.00;\"—\""),
        Look::Percent => Some("0.00%"),
        Look::Score => Some("0.00"),
        Look::Date => Some("yyyy-mm-dd"),
        Look::Text | Look::Centre if style.input => Some("@"),
        _ => None,
    }
}

/// The format that a conditional format lays over a cell; none for roles that
/// are not for that.
pub(super) fn highlight(look: Look) -> Option<Format> {
    match look {
        Look::Good | Look::Bad | Look::Caution | Look::Faint | Look::Lined => {
            Some(marked(look, Format::new()))
        }
        _ => None,
    }
}

/// Good is bold, bad is bold and underlined, caution is slanted; faint is only grey.
/// Caution has lines of its own: of two conditional formats LibreOffice shows one.
fn marked(look: Look, format: Format) -> Format {
    match look {
        Look::Good => format
            .set_bold()
            .set_font_color(Color::RGB(0x0000_6100))
            .set_background_color(Color::RGB(0x00E6_F4EA)),
        Look::Bad => format
            .set_bold()
            .set_underline(FormatUnderline::Single)
            .set_font_color(Color::RGB(0x009C_0006))
            .set_background_color(Color::RGB(0x00FD_E7E9)),
        Look::Caution => format
            .set_italic()
            .set_border(FormatBorder::Thin)
            .set_border_color(RULE)
            .set_font_color(Color::RGB(0x007F_6000))
            .set_background_color(Color::RGB(0x00FF_F4D6)),
        Look::Faint => format.set_font_color(Color::RGB(0x0080_8080)),
        Look::Lined => format.set_border(FormatBorder::Thin).set_border_color(RULE),
        _ => format,
    }
}
