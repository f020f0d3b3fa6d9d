//! Notes on the cells of a workbook that is sent back: what the program says there,
//! and behind it what the unit had written itself. When the workbook returns, the
//! one is told from the other.

/// How what the program says begins, and how it ends.
const OWN: &str = "【程序核对】";
const OWN_ENDS: &str = "——以上是程序写的——";
/// What stands before the unit's own words.
const UNITS: &str = "填报单位原来的批注：";

/// A note with what the program says.
pub fn note_of(own: &str) -> String {
    format!("{OWN}\n{own}\n{OWN_ENDS}")
}

/// The same note, with what the unit had written behind it.
pub fn with_units(note: &str, units: &str) -> String {
    format!("{note}\n{UNITS}\n{units}")
}

/// What of a note is not the program's; nothing if all of it is.
pub fn units_words(note: &str) -> Option<&str> {
    let rest = match (note.find(OWN), note.find(OWN_ENDS)) {
        // Before it stands at most who wrote the note, as some programs put it.
        (Some(start), Some(end)) if start < end => {
            let before = note.get(..start).unwrap_or_default().trim();
            let is_name = before.lines().count() <= 1 && before.ends_with([':', '：']);
            match before.is_empty() || is_name {
                true => note.get(end + OWN_ENDS.len()..).unwrap_or_default(),
                false => note,
            }
        }
        _ => note,
    };
    let rest = rest.trim();
    let rest = rest.strip_prefix(UNITS).unwrap_or(rest).trim();
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_words_are_told_from_the_units() {
        let own = "错误：金额写法不对\n填写的是：5-6万\n改法：只填一个数";
        assert_eq!(units_words(&note_of(own)), None);
        let both = with_units(&note_of(own), "此笔实为30000元\n请核");
        assert_eq!(units_words(&both), Some("此笔实为30000元\n请核"));
        // However often it goes there and back.
        let again = with_units(&note_of(own), units_words(&both).unwrap_or_default());
        assert_eq!(again, both);
        // Written behind it by hand, or with a name before it as Excel does.
        assert_eq!(
            units_words(&format!("{}\n已改", note_of(own))),
            Some("已改")
        );
        assert_eq!(units_words(&format!("县政协办:\n{}", note_of(own))), None);
        // What was torn apart is not passed over.
        let torn = note_of(own).replace(OWN_ENDS, "");
        assert!(units_words(&torn).is_some());
        let before = format!("请看下面，我有话说\n{}", note_of(own));
        assert_eq!(units_words(&before), Some(before.as_str()));
        assert_eq!(units_words("此笔实为30000元"), Some("此笔实为30000元"));
        assert_eq!(units_words(" \n "), None);
    }
}
