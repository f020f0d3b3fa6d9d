//! Reads all returned files, several at once. No return's cells outlive its
//! decoding, and of several returns of a unit only those are held whole that may
//! be the one that counts; what was put away can be read once more.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::opener::{Decoder, Opener};
use super::outline::Age;
use super::recognise::{State, unreadable};
use super::returned_file::ReturnedFile;
use super::submission::Submission;
use super::whose::unit_in_name;
use crate::diagnostic::{Checked, Code};
use crate::fingerprint::sha256_hex;
use crate::policy::Policy;
use crate::roster::Roster;
use crate::several::{Room, at_once};

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

/// The files of a folder, and what they are decoded by.
pub struct Intake<'a> {
    files: &'a [ReturnedFile],
    policy: &'a Policy,
    roster: &'a Roster,
    decoder: Box<dyn Decoder + 'a>,
    width: usize,
    room: Room,
}

/// Bytes of files that are held at once: one of the largest, or very many as they
/// are. A few large ones would take what their decoding needs.
const AT_ONCE: u64 = 64 << 20;

/// What a file was read as, until all have been.
type Place = Mutex<Option<Checked<Returned>>>;

/// The latest return of each unit so far: its age and the number of its file.
type Latest = Mutex<HashMap<String, (Age, usize)>>;

impl<'a> Intake<'a> {
    /// Files to be decoded by a policy and a roster.
    pub fn new(
        files: &'a [ReturnedFile],
        policy: &'a Policy,
        roster: &'a Roster,
        opener: &'a dyn Opener,
    ) -> Self {
        Intake {
            files,
            policy,
            roster,
            decoder: opener.decoder(policy, roster),
            width: opener.width(),
            room: Room::of(AT_ONCE),
        }
    }

    /// Reads all of them. The result has one element per file, in their order,
    /// and the findings stand in the same. Findings in a return that was put away
    /// are put away with it.
    pub fn read(&self) -> Checked<Vec<Returned>> {
        let count = self.files.len();
        let places: Vec<Place> = (0..count).map(|_| Mutex::new(None)).collect();
        let latest = Latest::default();
        at_once(count, self.width, |at| {
            let (Some(file), Some(place)) = (self.files.get(at), places.get(at)) else {
                return;
            };
            let made = self.returned(file);
            let age = made.value.state.age();
            *locked(place) = Some(made);
            let replaced = age.and_then(|age| self.replaced(&latest, at, age));
            if let Some(place) = replaced.and_then(|at| places.get(at)) {
                self.put_away(place);
            }
        });
        let again = self.rivals(&places);
        at_once(again.len(), self.width, |at| {
            let at = again.get(at).copied().unwrap_or(usize::MAX);
            if let (Some(file), Some(place)) = (self.files.get(at), places.get(at)) {
                let mut made = self.returned(file);
                // What was read well once is not given up for a moment's failure.
                if let State::Unreadable(_) = made.value.state {
                    made = self.returned(file);
                }
                let mut before = locked(place);
                let known = before.as_ref().map(|one| one.value.sha256.as_str());
                *before = Some(match known == Some(made.value.sha256.as_str()) {
                    true => made,
                    false => changed(file),
                });
            }
        });
        let mut findings = Vec::new();
        let places = places.into_iter().filter_map(|place| {
            let made = place.into_inner().unwrap_or_else(PoisonError::into_inner)?;
            findings.extend(made.findings);
            Some(made.value)
        });
        Checked {
            value: places.collect(),
            findings,
        }
    }

    /// Reads a return once more that had been put away, if its file is still the
    /// same.
    pub fn again(&self, at: usize, returned: &Returned) -> Option<Box<Submission>> {
        let made = self.returned(self.files.get(at)?).value;
        match made.state {
            State::Read(submission) if made.sha256 == returned.sha256 => Some(submission),
            _ => None,
        }
    }

    /// Which file is put away now that another return of this age has come.
    fn replaced(&self, latest: &Latest, at: usize, age: Age) -> Option<usize> {
        let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((of, last)) = latest.get_mut(&age.unit) else {
            latest.insert(age.unit.clone(), (age, at));
            return None;
        };
        let name = |at: usize| self.files.get(at).map_or("", |file| file.name.as_str());
        if age.compare(name(at), of, name(*last)) == Ordering::Less {
            return Some(at);
        }
        let before = *last;
        (*of, *last) = (age, at);
        Some(before)
    }

    fn put_away(&self, place: &Place) {
        if let Some(made) = locked(place).as_mut()
            && let State::Read(submission) = &made.value.state
        {
            let outline = submission.outline(self.policy);
            made.value.state = State::Outlined(Box::new(outline));
            made.findings = Vec::new();
        }
    }

    /// The returns that were put away, though nothing but the name tells that they
    /// are not the latest.
    fn rivals(&self, places: &[Place]) -> Vec<usize> {
        let mut latest: HashMap<String, (Age, String)> = HashMap::new();
        for place in places {
            if let Some(made) = locked(place).as_ref()
                && let State::Read(submission) = &made.value.state
            {
                let sha256 = made.value.sha256.clone();
                latest.insert(submission.unit.clone(), (submission.age(), sha256));
            }
        }
        let is_rival = |place: &Place| {
            let made = locked(place);
            let Some(returned) = made.as_ref().map(|made| &made.value) else {
                return false;
            };
            let State::Outlined(outline) = &returned.state else {
                return false;
            };
            let latest = latest.get(&outline.age.unit);
            latest.is_some_and(|(age, sha256)| {
                outline.age.is_rival_of(age) && *sha256 != returned.sha256
            })
        };
        let numbered = places.iter().enumerate();
        let rivals = numbered.filter(|(_, place)| is_rival(place));
        rivals.map(|(at, _)| at).collect()
    }

    fn returned(&self, file: &ReturnedFile) -> Checked<Returned> {
        let _held = self.room.take(file.size());
        let (sha256, decoded) = match file.read() {
            Ok(bytes) => {
                let sha256 = sha256_hex(&bytes);
                let decoded = self.decoder.decode(&file.name, &sha256, &bytes);
                (sha256, decoded)
            }
            Err(reason) => (
                String::new(),
                unreadable(&file.name, Code::Unreadable, &reason),
            ),
        };
        let mut made = Checked {
            value: Returned {
                name: file.name.clone(),
                sha256,
                state: decoded.value,
            },
            findings: decoded.findings,
        };
        self.say_whose(&mut made);
        made
    }

    /// A picture or the like tells by its name whose it is.
    fn say_whose(&self, made: &mut Checked<Returned>) {
        let (State::Unreadable(reason) | State::SetAside { why: reason, .. }) =
            &mut made.value.state
        else {
            return;
        };
        // It says whose the rows are taken for: none is taken.
        made.findings
            .retain(|one| one.code != Code::FileNameDiffers);
        let unit = unit_in_name(&made.value.name, self.roster);
        let Some(unit) = unit.filter(|unit| !reason.contains(&unit.name)) else {
            return;
        };
        let said = format!("（看文件名，像是{}的）", unit.name);
        for finding in &mut made.findings {
            let of_files = [
                Code::Unreadable,
                Code::TwoReadings,
                Code::UnknownWriting,
                Code::NotOurs,
            ];
            if of_files.contains(&finding.code) {
                finding.message.push_str(&said);
            }
        }
        reason.push_str(&said);
    }
}

/// A file that was another one when it was read once more.
fn changed(file: &ReturnedFile) -> Checked<Returned> {
    let reason = "文件在读取的时候被改动了；请等它保存完、复制完，再运行一次";
    let unreadable = unreadable(&file.name, Code::Unreadable, reason);
    Checked {
        value: Returned {
            name: file.name.clone(),
            sha256: String::new(),
            state: unreadable.value,
        },
        findings: unreadable.findings,
    }
}

/// What stands in a place; whoever broke off has left nothing half done.
fn locked(place: &Place) -> std::sync::MutexGuard<'_, Option<Checked<Returned>>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}
