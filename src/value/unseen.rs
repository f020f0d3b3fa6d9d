//! Characters that nobody sees, and that come along from web pages, messengers
//! and address books.

use std::ops::RangeInclusive;

/// Unicode's property Default_Ignorable_Code_Point (DerivedCoreProperties.txt,
/// version 16), which no program shows; and the braille blank, which is a
/// filler that shows nothing either. In order.
const UNSEEN: [RangeInclusive<char>; 18] = [
    // Soft hyphen, grapheme joiner, Arabic letter mark.
    '\u{AD}'..='\u{AD}',
    '\u{34F}'..='\u{34F}',
    '\u{61C}'..='\u{61C}',
    // Fillers of Hangul and Khmer.
    '\u{115F}'..='\u{1160}',
    '\u{17B4}'..='\u{17B5}',
    // Variation selectors and separators of Mongolian.
    '\u{180B}'..='\u{180F}',
    // Blanks of no width, marks and overrides of direction, joiners, isolates.
    '\u{200B}'..='\u{200F}',
    '\u{202A}'..='\u{202E}',
    '\u{2060}'..='\u{206F}',
    '\u{2800}'..='\u{2800}',
    '\u{3164}'..='\u{3164}',
    // Variation selectors, the mark of byte order, the narrow filler.
    '\u{FE00}'..='\u{FE0F}',
    '\u{FEFF}'..='\u{FEFF}',
    '\u{FFA0}'..='\u{FFA0}',
    '\u{FFF0}'..='\u{FFF8}',
    // Controls of shorthand and of music.
    '\u{1BCA0}'..='\u{1BCA3}',
    '\u{1D173}'..='\u{1D17A}',
    // Tags and more variation selectors.
    '\u{E0000}'..='\u{E0FFF}',
];

/// Whether a character shows nothing, and no blank either.
pub(super) fn is_unseen(c: char) -> bool {
    let after = UNSEEN.partition_point(|range| *range.end() < c);
    UNSEEN.get(after).is_some_and(|range| range.contains(&c))
}
