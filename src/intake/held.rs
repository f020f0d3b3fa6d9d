//! What is held of the returns that were read. All together they may have so much and
//! no more; files are put here in their order, so what there is room for depends on
//! what they hold, not on which was read sooner.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::outline::Age;
use super::recognise::{State, unreadable};
use crate::diagnostic::{Checked, Code};
use crate::policy::Policy;

/// Bytes that what was read may take together. Of several returns of a unit only one is
/// held whole.
pub(super) const MOST: u64 = 192 << 20;

/// Bytes of a return that was put away, and of each of its lines: no less than they take.
const OUTLINE: u64 = 1 << 10;
const LINE: u64 = 256;

/// A file of the folder and what became of it.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Path below the folder.
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// What became of it.
    pub state: State,
}

/// A file that was read, and the bytes that this takes.
pub(super) struct Read {
    pub made: Checked<Returned>,
    pub weight: u64,
}

/// The files that were read so far.
pub(super) struct Held<'a> {
    most: u64,
    policy: &'a Policy,
    files: Vec<Read>,
    weight: u64,
    /// The latest return of each unit: its age and the number of its file.
    latest: HashMap<String, (Age, usize)>,
}

impl<'a> Held<'a> {
    /// Room for so many bytes.
    pub fn of(most: u64, policy: &'a Policy) -> Self {
        Held {
            most,
            policy,
            files: Vec::new(),
            weight: 0,
            latest: HashMap::new(),
        }
    }

    /// Adds the next file. Of two returns of a unit the earlier one is put away.
    pub fn add(&mut self, mut read: Read) {
        let at = self.files.len();
        let Some(age) = read.made.value.state.age() else {
            return self.push(read);
        };
        let before = self.latest.get(&age.unit).and_then(|(last, number)| {
            let before = &self.files.get(*number)?;
            let name = |read: &Read| read.made.value.name.clone();
            let order = age.compare(&name(&read), last, &name(before));
            Some((*number, before.weight, order))
        });
        match before {
            Some((_, _, Ordering::Less)) => {
                put_away(&mut read, self.policy);
                return self.push(read);
            }
            Some((_, weight, _)) if !self.is_room_for(&read, weight) => {}
            None if !self.is_room_for(&read, 0) => {}
            _ => {
                if let Some((number, weight, _)) = before
                    && let Some(before) = self.files.get_mut(number)
                {
                    put_away(before, self.policy);
                    self.weight = self.weight - weight + before.weight;
                }
                self.latest.insert(age.unit.clone(), (age, at));
            }
        }
        self.push(read);
    }

    /// Whether there is room for a file where so many bytes are given up.
    fn is_room_for(&self, read: &Read, given_up: u64) -> bool {
        self.weight - given_up + read.weight <= self.most
    }

    fn push(&mut self, read: Read) {
        let read = match self.is_room_for(&read, 0) {
            true => read,
            false => too_much(read),
        };
        self.weight += read.weight;
        self.files.push(read);
    }

    /// The returns that were put away, though nothing but the name tells that they
    /// are not the latest.
    pub fn rivals(&self) -> Vec<usize> {
        let is_rival = |read: &Read| {
            let State::Outlined(outline) = &read.made.value.state else {
                return false;
            };
            let latest = self.latest.get(&outline.age.unit);
            latest.is_some_and(|(age, number)| {
                let latest = self.files.get(*number);
                let sha256 = latest.map(|latest| &latest.made.value.sha256);
                outline.age.is_rival_of(age) && sha256 != Some(&read.made.value.sha256)
            })
        };
        let numbered = self.files.iter().enumerate();
        let rivals = numbered.filter(|(_, read)| is_rival(read));
        rivals.map(|(at, _)| at).collect()
    }

    /// Puts a file that was read once more in the place of its outline.
    pub fn put_back(&mut self, at: usize, read: Read) {
        let Some(before) = self.files.get(at) else {
            return;
        };
        let read = match () {
            () if before.made.value.sha256 != read.made.value.sha256 => changed(read),
            () if !self.is_room_for(&read, before.weight) => too_much(read),
            () => read,
        };
        self.weight = self.weight - before.weight + read.weight;
        if let Some(place) = self.files.get_mut(at) {
            *place = read;
        }
    }

    /// All files in their order, and what was found in them.
    pub fn all(self) -> Checked<Vec<Returned>> {
        let mut findings = Vec::new();
        let files = self.files.into_iter().map(|read| {
            findings.extend(read.made.findings);
            read.made.value
        });
        Checked {
            value: files.collect(),
            findings,
        }
    }
}

fn put_away(read: &mut Read, policy: &Policy) {
    let State::Read(submission) = &read.made.value.state else {
        return;
    };
    let outline = submission.outline(policy);
    let lines = u64::try_from(outline.lines.len()).unwrap_or(u64::MAX);
    read.weight = read.weight.min(OUTLINE + LINE.saturating_mul(lines));
    read.made.value.state = State::Outlined(Box::new(outline));
    read.made.findings = Vec::new();
}

/// A file for which there is no room.
fn too_much(read: Read) -> Read {
    let reason = format!(
        "各单位报来的内容合起来太多（最多 {} MB），没有读取这一份；请把多余的、以前的文件从文件夹里移走，再运行一次",
        MOST >> 20
    );
    instead(read, &reason)
}

/// A file that was another one when it was read once more.
fn changed(mut read: Read) -> Read {
    read.made.value.sha256 = String::new();
    let reason = "文件在读取的时候被改动了；请等它保存完、复制完，再运行一次";
    instead(read, reason)
}

/// Nothing of a file, and why.
fn instead(read: Read, reason: &str) -> Read {
    let Returned { name, sha256, .. } = read.made.value;
    let Checked { value, findings } = unreadable(&name, Code::Unreadable, reason);
    Read {
        made: Checked {
            value: Returned {
                name,
                sha256,
                state: value,
            },
            findings,
        },
        weight: 0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test")]

    use super::*;
    use crate::intake::Submission;
    use crate::policy::{PackSource, load};

    const MIB: u64 = 1 << 20;

    /// A return of a unit, so often returned for correction, that takes so much.
    fn read(unit: &str, revision: u32, weight: u64) -> Read {
        let submission = Submission {
            unit: unit.to_owned(),
            revision,
            ..Submission::default()
        };
        Read {
            made: Checked {
                value: Returned {
                    name: format!("{unit}{revision}"),
                    sha256: format!("{unit}{revision}"),
                    state: State::Read(Box::new(submission)),
                },
                findings: Vec::new(),
            },
            weight,
        }
    }

    /// What became of files that take so much, where there is room for 100 MiB.
    fn became(files: &[(&str, u32, u64)]) -> String {
        let policy = load(&PackSource::builtin()).expect("the pack");
        let mut held = Held::of(100 * MIB, &policy);
        for (unit, revision, weight) in files {
            held.add(read(unit, *revision, weight * MIB));
            assert!(held.weight <= held.most);
        }
        let all = held.all();
        let states = all.value.iter().map(|file| match &file.state {
            State::Read(_) => 'R',
            State::Outlined(_) => 'O',
            State::Unreadable(_) => '-',
            State::SetAside { .. } => 'S',
            State::Late { .. } => 'L',
        });
        let states: String = states.collect();
        assert_eq!(all.findings.len(), states.matches('-').count());
        states
    }

    #[test]
    fn what_there_is_no_room_for_is_refused_and_the_rest_is_not() {
        let (a, b, c) = (("a", 0, 60), ("b", 0, 30), ("c", 0, 20));
        assert_eq!(became(&[a, b, c, ("d", 0, 5)]), "RR-R");
        // What is replaced gives its room up, whichever comes first.
        assert_eq!(became(&[a, b, ("a", 1, 60), ("d", 0, 5)]), "ORRR");
        assert_eq!(became(&[("a", 1, 60), b, a, ("d", 0, 5)]), "RROR");
        // One that does not come in replaces nothing.
        assert_eq!(became(&[a, b, ("a", 1, 80)]), "RR-");
    }
}
