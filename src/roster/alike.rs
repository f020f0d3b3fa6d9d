//! Names that are almost one of the roster's. They are found by the letters
//! that they must share, or by their sound, so that a name that nobody knows is
//! compared with few others.

use std::collections::{BTreeSet, HashMap};

use crate::value::{is_alike, is_unreadable, sounds, squeeze};

/// So many similar names are shown at most.
pub(super) const MOST_NEAR: usize = 3;

/// The names of one sort.
#[derive(Debug, Clone, Default)]
pub(super) struct Alike {
    /// In the roster's order: as written there, and without what cannot be seen.
    names: Vec<(String, String)>,
    /// Which names hold a letter.
    holding: HashMap<char, Vec<usize>>,
    /// Which names sound like this.
    sounding: HashMap<String, Vec<usize>>,
}

impl Alike {
    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        let bare = squeeze(name);
        let at = self.names.len();
        for letter in bare.chars().collect::<BTreeSet<char>>() {
            self.holding.entry(letter).or_default().push(at);
        }
        self.sounding.entry(sounds(&bare)).or_default().push(at);
        self.names.push((name.to_owned(), bare));
    }

    /// All names in their bare spelling.
    pub fn bare(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(_, bare)| bare.as_str())
    }

    /// Names that differ in one character, or, if they are long, in two, or whose
    /// letters are all alike; the most alike first.
    pub fn near(&self, text: &str) -> Vec<String> {
        let text = squeeze(text);
        let letters: Vec<char> = text.chars().collect();
        let most = match letters.len() {
            0..=1 => return Vec::new(),
            2..=5 => 1,
            _ => 2,
        };
        let digits = bare_of_digits(&text);
        let sounding = self.sounding.get(&sounds(&text));
        let mut candidates = self.sharing(&text, most);
        candidates.extend(sounding.into_iter().flatten());
        candidates.sort_unstable();
        candidates.dedup();
        let mut near: Vec<(usize, usize)> = Vec::new();
        for at in candidates {
            let Some((_, bare)) = self.names.get(at) else {
                continue;
            };
            if *bare != text
                && !is_numbered_otherwise(bare, &digits)
                && let Some(distance) = apart(bare, &text, &letters, most)
            {
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

/// How far a name of the roster is from what was typed, if it is near.
fn apart(bare: &str, text: &str, typed: &[char], most: usize) -> Option<usize> {
    let name: Vec<char> = bare.chars().collect();
    let pairs = || typed.iter().zip(&name);
    if name.len() == typed.len() && pairs().all(|(one, other)| is_alike(*one, *other)) {
        // Of a name of boxes nothing is known.
        let known = typed.iter().any(|letter| !is_unreadable(*letter));
        return known.then_some(1);
    }
    if name.len().abs_diff(typed.len()) > most {
        return None;
    }
    let distance = strsim::osa_distance(bare, text);
    match (
        name.len().min(typed.len()),
        name.len().abs_diff(typed.len()),
    ) {
        (0 | 1, _) => None,
        // Of two characters one is not alike, 张三 and 李三, unless they changed places.
        (2, 0) => (name.first() == typed.get(1) && name.get(1) == typed.first()).then_some(1),
        // One was left out of 王小明, or put in: the surname stays.
        (2, 1) => (name.first() == typed.first() && distance == 1).then_some(2),
        (2, _) => None,
        (_, lengths) => (lengths <= most && (1..=most).contains(&distance)).then_some(distance),
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
