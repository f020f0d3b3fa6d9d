//! Names that are almost one of the roster's. They are found by the letters
//! that they must share, or by their sound, so that a name that nobody knows is
//! compared with few others.

use std::collections::{BTreeSet, HashMap};

use crate::value::{Letter, sounds, squeeze};

/// So many similar names are shown at most.
pub(super) const MOST_NEAR: usize = 3;

/// The names of one sort.
#[derive(Debug, Clone, Default)]
pub(super) struct Alike {
    /// In the roster's order.
    names: Vec<Named>,
    /// Letters of the longest: what is much longer is near none.
    longest: usize,
    /// Which names hold a letter.
    holding: HashMap<char, Vec<usize>>,
    /// Which names sound like this.
    sounding: HashMap<String, Vec<usize>>,
}

/// A name, with what it is compared by.
#[derive(Debug, Clone)]
struct Named {
    /// As written in the roster.
    name: String,
    /// Without what cannot be seen.
    bare: String,
    letters: Vec<Letter>,
    /// How many of its letters are digits.
    digits: usize,
}

impl Named {
    fn of(name: &str) -> Named {
        let bare = squeeze(name);
        Named {
            letters: Letter::all(&bare),
            digits: bare.chars().filter(char::is_ascii_digit).count(),
            bare,
            name: name.to_owned(),
        }
    }

    /// Whether a name is another but for its numbers: those are two names.
    fn is_numbered_otherwise(&self, other: &Named) -> bool {
        fn rest(of: &Named) -> impl Iterator<Item = char> {
            of.bare.chars().filter(|c| !c.is_ascii_digit())
        }
        self.digits == other.digits && rest(self).eq(rest(other))
    }
}

impl Alike {
    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        let named = Named::of(name);
        let bare = &named.bare;
        let at = self.names.len();
        for letter in bare.chars().collect::<BTreeSet<char>>() {
            self.holding.entry(letter).or_default().push(at);
        }
        self.sounding.entry(sounds(bare)).or_default().push(at);
        self.longest = self.longest.max(named.letters.len());
        self.names.push(named);
    }

    /// All names in their bare spelling.
    pub fn bare(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|one| one.bare.as_str())
    }

    /// Names that differ in one character, or, if they are long, in two, or whose
    /// letters are all alike; the most alike first.
    pub fn near(&self, text: &str) -> Vec<String> {
        // A text of a whole page is no name, and is not gone through as one.
        let most = self.longest + 3;
        if text
            .chars()
            .filter(|c| !c.is_whitespace())
            .nth(most)
            .is_some()
        {
            return Vec::new();
        }
        let typed = Named::of(text);
        let most = match typed.letters.len() {
            0..=1 => return Vec::new(),
            2..=5 => 1,
            _ => 2,
        };
        let sounding = self.sounding.get(&sounds(&typed.bare));
        let mut candidates = self.sharing(&typed.bare, most);
        candidates.extend(sounding.into_iter().flatten());
        candidates.sort_unstable();
        candidates.dedup();
        let mut near: Vec<(usize, usize)> = Vec::new();
        for at in candidates {
            let Some(known) = self.names.get(at) else {
                continue;
            };
            if known.bare != typed.bare
                && !known.is_numbered_otherwise(&typed)
                && let Some(distance) = apart(known, &typed, most)
            {
                near.push((distance, at));
            }
        }
        near.sort_unstable();
        let mut names: Vec<&String> = near
            .iter()
            .filter_map(|(_, at)| self.names.get(*at).map(|one| &one.name))
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
fn apart(known: &Named, typed: &Named, most: usize) -> Option<usize> {
    let (name, text) = (&known.letters, &typed.letters);
    let mut pairs = text.iter().zip(name);
    if name.len() == text.len() && pairs.all(|(one, other)| one.is_alike(*other)) {
        // Of a name of boxes nothing is known.
        let is_known = text.iter().any(|letter| !letter.is_unreadable());
        return is_known.then_some(1);
    }
    let lengths = name.len().abs_diff(text.len());
    if lengths > most {
        return None;
    }
    let distance = || strsim::osa_distance(&known.bare, &typed.bare);
    let same = |one: Option<&Letter>, other: Option<&Letter>| one == other;
    match (name.len().min(text.len()), lengths) {
        (0 | 1, _) => None,
        // Of two characters one is not alike, 张三 and 李三, unless they changed places.
        (2, 0) => {
            let turned = same(name.first(), text.get(1)) && same(name.get(1), text.first());
            turned.then_some(1)
        }
        // One was left out of 王小明, or put in: the surname stays.
        (2, 1) => (same(name.first(), text.first()) && distance() == 1).then_some(2),
        (2, _) => None,
        _ => Some(distance()).filter(|distance| (1..=most).contains(distance)),
    }
}
