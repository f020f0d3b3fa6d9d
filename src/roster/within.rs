//! The names of the roster that stand within a longer text, such as the name of
//! a file or of an enterprise. They are looked up by their beginnings, so that a roster of hundreds
//! of units costs no more than a small one.

use std::collections::HashMap;

use super::Unit;
use crate::value::squeeze;

/// Names by their first two characters.
#[derive(Debug, Clone, Default)]
pub(super) struct NamesWithin {
    by_start: HashMap<[char; 2], Vec<(String, String)>>,
}

impl NamesWithin {
    /// Adds the names of a unit: its name, its aliases, and the township in each.
    /// One character is no name.
    pub fn add(&mut self, unit: &Unit) {
        for name in names_of(unit) {
            self.add_name(&name, &unit.code);
        }
    }

    /// Adds one name.
    pub fn add_name(&mut self, name: &str, code: &str) {
        let name = squeeze(name);
        let mut chars = name.chars();
        if let (Some(first), Some(second)) = (chars.next(), chars.next()) {
            let names = self.by_start.entry([first, second]).or_default();
            names.push((name, code.to_owned()));
        }
    }

    /// The names that stand in a squeezed text, each with the code of its unit.
    pub fn within<'a>(&'a self, text: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let starts = text.char_indices().filter_map(|(at, first)| {
            let rest = text.get(at..)?;
            let second = rest.chars().nth(1)?;
            Some((rest, self.by_start.get(&[first, second])?))
        });
        starts.flat_map(|(rest, names)| {
            names
                .iter()
                .filter(move |(name, _)| rest.starts_with(name.as_str()))
                .map(|(name, code)| (name.as_str(), code.as_str()))
        })
    }
}

/// A unit's name, its aliases, and the township in its name.
fn names_of(unit: &Unit) -> Vec<String> {
    let mut names: Vec<String> = std::iter::once(&unit.name)
        .chain(&unit.aliases)
        .map(|name| squeeze(name))
        .collect();
    let towns: Vec<String> = names
        .iter()
        .filter_map(|name| {
            let (start, mark) = name
                .char_indices()
                .find(|(_, c)| matches!(c, '镇' | '乡'))?;
            Some(name[..start + mark.len_utf8()].to_owned())
        })
        .filter(|town| town.chars().count() > 2)
        .collect();
    names.extend(towns);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_anywhere_in_a_text() {
        let mut names = NamesWithin::default();
        names.add(&Unit {
            code: "T1".to_owned(),
            name: "清塘 铺镇联工委".to_owned(),
            kind: String::new(),
            aliases: vec!["清塘".to_owned(), "铺".to_owned()],
        });
        let found = |text: &str| -> Vec<String> {
            let mut found: Vec<String> = names.within(text).map(|(n, _)| n.to_owned()).collect();
            found.sort();
            found
        };
        assert_eq!(found("2018年清塘铺镇_表"), ["清塘", "清塘铺镇"]);
        let all = ["清塘", "清塘铺镇", "清塘铺镇联工委"];
        assert_eq!(found("清塘铺镇联工委"), all);
        assert!(found("铺清").is_empty());
    }
}
