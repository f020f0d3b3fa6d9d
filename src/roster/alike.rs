//! Names that are almost one of the roster's. They are found by the letters
//! that they must share, so that a name that nobody knows is compared with few
//! others.

use std::collections::{BTreeSet, HashMap};

use crate::value::squeeze;

/// So many similar names are shown at most.
pub(super) const MOST_NEAR: usize = 3;

/// The names of one sort.
#[derive(Debug, Clone, Default)]
pub(super) struct Alike {
    /// In the roster's order: as written there, and without what cannot be seen.
    names: Vec<(String, String)>,
    /// Which names hold a letter.
    holding: HashMap<char, Vec<usize>>,
}

impl Alike {
    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        let bare = squeeze(name);
        let at = self.names.len();
        for letter in bare.chars().collect::<BTreeSet<char>>() {
            self.holding.entry(letter).or_default().push(at);
        }
        self.names.push((name.to_owned(), bare));
    }

    /// All names in their bare spelling.
    pub fn bare(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(_, bare)| bare.as_str())
    }

    /// Names that differ in one character, or, if they are long, in two; the most
    /// alike first.
    pub fn near(&self, text: &str) -> Vec<String> {
        let text = squeeze(text);
        let length = text.chars().count();
        let most = match length {
            0..=1 => return Vec::new(),
            2..=5 => 1,
            _ => 2,
        };
        let digits = bare_of_digits(&text);
        let mut near: Vec<(usize, usize)> = Vec::new();
        for at in self.sharing(&text, most) {
            let Some((_, bare)) = self.names.get(at) else {
                continue;
            };
            let other = bare.chars().count();
            // Of two characters one is not alike: 张三 and 李三.
            if other.abs_diff(length) > most
                || other.min(length) <= 2
                || is_numbered_otherwise(bare, &digits)
            {
                continue;
            }
            let distance = strsim::osa_distance(bare, &text);
            if (1..=most).contains(&distance) {
                near.push((distance, at));
            }
        }
        near.sort_unstable();
        let mut names: Vec<&String> = near
            .iter()
            .filter_map(|(_, at)| self.names.get(*at).map(|(name, _)| name))
            .collect();
        names.dedup();
        names.into_iter().take(MOST_NEAR).cloned().collect()
    }

    /// The names that share enough letters with a text: whoever differs in so many
    /// holds at least one of any one more of its letters. The rarest are asked.
    fn sharing(&self, text: &str, most: usize) -> Vec<usize> {
        let letters: BTreeSet<char> = text.chars().collect();
        if letters.len() <= most {
            return (0..self.names.len()).collect();
        }
        let none = &Vec::new();
        let mut lists: Vec<&Vec<usize>> = letters
            .iter()
            .map(|letter| self.holding.get(letter).unwrap_or(none))
            .collect();
        lists.sort_by_key(|list| list.len());
        let mut found: Vec<usize> = lists
            .into_iter()
            .take(most + 1)
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A text without its digits, and how many they are.
fn bare_of_digits(text: &str) -> (String, usize) {
    let bare: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (bare, digits)
}

/// Whether a name is another but for its numbers: those are two names.
fn is_numbered_otherwise(name: &str, (bare, digits): &(String, usize)) -> bool {
    name.chars().filter(char::is_ascii_digit).count() == *digits
        && name
            .chars()
            .filter(|c| !c.is_ascii_digit())
            .eq(bare.chars())
}
