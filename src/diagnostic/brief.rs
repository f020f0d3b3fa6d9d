//! What messages quote, cut to what a person reads: a file may hold texts of any
//! length, and as many of a kind as it likes.

use std::borrow::Cow;

/// Letters of a message: with its place and how to mend it, it stays on one screen.
pub const MESSAGE: usize = 240;
/// Letters of what was typed, or taken for it.
pub const TYPED: usize = 120;
/// Letters of a name: of a file, a sheet, a column.
pub const NAME: usize = 60;
/// Items of a list that are named; of others it is said how many there are.
const ITEMS: usize = 10;
/// Letters of a quotation within a message that is too long.
const QUOTED: usize = 40;

/// A text of at most so many letters: first what it quotes “so” is cut, and if that is
/// not enough its middle, since the end says what is the matter.
pub fn brief(text: &str, most: usize) -> Cow<'_, str> {
    if is_within(text, most) {
        return Cow::Borrowed(text);
    }
    let cut = unquoted(text);
    if is_within(&cut, most) {
        return Cow::Owned(cut);
    }
    Cow::Owned(without_middle(&cut, most))
}

/// Some items, and how many there are if not all are named: `甲、乙等 37 个`.
pub fn some(items: &[impl AsRef<str>], between: &str, measure: &str) -> String {
    let first = items
        .iter()
        .take(ITEMS)
        .map(|item| brief(item.as_ref(), NAME));
    let first: Vec<Cow<'_, str>> = first.collect();
    let named = first.join(between);
    match items.len() {
        0..=ITEMS => named,
        count => format!("{named}等 {count} {measure}"),
    }
}

fn is_within(text: &str, most: usize) -> bool {
    text.len() <= most || text.chars().nth(most).is_none()
}

/// A text with long quotations cut.
fn unquoted(text: &str) -> String {
    let mut cut = String::new();
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('“') {
        let (quoted, after) = quoted.split_once('”').unwrap_or((quoted, ""));
        cut.push_str(before);
        cut.push('“');
        match is_within(quoted, QUOTED) {
            true => cut.push_str(quoted),
            false => cut.push_str(&without_middle(quoted, QUOTED)),
        }
        cut.push('”');
        rest = after;
    }
    cut.push_str(rest);
    cut
}

/// The beginning and the end of a text that is longer.
fn without_middle(text: &str, most: usize) -> String {
    let end = most / 4;
    let begin: String = text.chars().take(most - end - 2).collect();
    let end: Vec<char> = text.chars().rev().take(end).collect();
    let end: String = end.into_iter().rev().collect();
    format!("{begin}……{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_cut_before_what_is_said() {
        let long = "甲".repeat(30_000);
        let said = format!("“{long}”在名册上，“委员三个一”表里没有填报");
        let cut = brief(&said, MESSAGE);
        assert!(cut.starts_with("“甲甲"), "{cut}");
        assert!(
            cut.ends_with("甲”在名册上，“委员三个一”表里没有填报"),
            "{cut}"
        );
        assert!(cut.chars().count() < 80, "{cut}");
        let bare = brief(&long, MESSAGE).into_owned();
        assert_eq!(bare.chars().count(), MESSAGE);
        assert!(bare.contains("……"));
        // One that never ends, and one within another.
        for text in [format!("“{long}"), format!("“甲”{long}”“{long}“乙”")] {
            assert!(brief(&text, MESSAGE).chars().count() <= MESSAGE);
        }
        assert_eq!(brief("一句话", MESSAGE), "一句话");
    }

    #[test]
    fn of_many_items_the_first_are_named_and_all_are_counted() {
        let items: Vec<String> = (1..=37).map(|number| format!("件{number}")).collect();
        assert_eq!(some(&items[..2], "、", "个"), "件1、件2");
        let told = some(&items, "、", "个");
        assert!(
            told.starts_with("件1、件2、") && told.ends_with("件10等 37 个"),
            "{told}"
        );
        assert_eq!(some(&["甲".repeat(90)], "、", "个").chars().count(), NAME);
    }
}
