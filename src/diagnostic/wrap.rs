//! Lines that fit a terminal. Chinese has no blanks to break at, and its
//! characters are two columns wide; closing marks must not begin a line.

use unicode_width::UnicodeWidthChar;

use super::brief::brief;

/// Columns of a terminal for which text is wrapped.
pub const COLUMNS: usize = 80;

/// Lines that a text takes at most, so that with its heading it stands on a screen of
/// 24; what is longer loses its middle.
const LINES: usize = 16;

/// Marks that do not begin a line.
const CLOSING: &str = "\u{FF0C}\u{3002}\u{FF1B}\u{FF1A}\u{FF01}\u{FF1F}\u{3001}\u{FF09}\u{300D}\u{300F}\u{201D}\u{2019}\u{300B}\u{2026}.,;:!?)]%";
/// Marks that do not end a line.
const OPENING: &str = "\u{FF08}\u{201C}\u{2018}\u{300A}\u{300C}\u{300E}([";

/// Columns that a character takes. Marks that are narrow here and wide there
/// count as wide, as the terminals of a Chinese office draw them.
pub fn width_of(c: char) -> usize {
    c.width_cjk().unwrap_or(0)
}

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// A text in lines, none of which hangs behind another; see [`hanging`].
pub fn paragraph(text: &str) -> String {
    hanging("", text)
}

/// A text in lines of at most [`COLUMNS`]: the first begins with `first`, the
/// others with as many blanks; no more than a screen holds. Line breaks in the text are
/// kept; other control characters become blanks, so that a file cannot steer the
/// terminal.
pub fn hanging(first: &str, text: &str) -> String {
    let indent = width(first);
    let room = COLUMNS.saturating_sub(indent).max(20);
    // Every line but the last of a paragraph is half full at least.
    let text = brief(text, LINES * COLUMNS);
    let mut all: Vec<String> = Vec::new();
    for paragraph in text.split('\n') {
        let safe = |c: char| {
            if c.is_control() || is_steering(c) {
                ' '
            } else {
                c
            }
        };
        let paragraph: String = paragraph.chars().map(safe).collect();
        all.extend(lines(&paragraph, room));
    }
    if all.len() > LINES {
        let cut = all.len() - LINES + 1;
        all.splice(LINES - 4..LINES - 4 + cut, ["……".to_owned()]);
    }
    let mut out = String::new();
    let mut start = first.to_owned();
    for line in all {
        out.push_str(&start);
        out.push_str(line.trim_end());
        out.push('\n');
        start = " ".repeat(indent);
    }
    out
}

/// Marks that turn the direction of text.
fn is_steering(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Breaks one paragraph into lines of at most `room` columns.
fn lines(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let wide = width(&piece);
        if used + wide > room && used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
            if piece.trim().is_empty() {
                continue;
            }
        }
        // Longer than a line by itself: broken anywhere.
        for c in piece.chars() {
            if wide > room && used + width_of(c) > room {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += width_of(c);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// What must not be broken: a word of letters and digits, a character with
/// the marks that cling to it.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        let clings = before.is_some_and(|b| {
            let in_word = b.is_ascii_graphic() && c.is_ascii_graphic();
            in_word || OPENING.contains(b) || CLOSING.contains(c)
        });
        match pieces.last_mut() {
            Some(piece) if clings => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_broken_by_width_and_marks_stay_with_their_words() {
        let text = "填写内容很长，".repeat(20);
        let wrapped = hanging("  改法：", &text);
        assert!(wrapped.lines().count() > 3);
        for line in wrapped.lines() {
            assert!(width(line) <= COLUMNS, "{line}");
            assert!(!line.trim_start().starts_with('\u{FF0C}'), "{line}");
        }
        let joined: String = wrapped.lines().map(str::trim_start).collect();
        assert_eq!(joined.trim_start_matches("改法："), text);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken_and_nothing_is_lost() {
        let text = "x".repeat(300);
        let wrapped = paragraph(&text);
        assert_eq!(wrapped.replace('\n', ""), text);
        assert!(wrapped.lines().all(|line| line.len() <= COLUMNS));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let wrapped = paragraph("a\u{1B}[31mb\u{202E}c");
        assert_eq!(wrapped, "a [31mb c\n");
    }
}
