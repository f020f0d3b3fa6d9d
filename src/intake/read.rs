//! Reads all returned files, several at once. No return's cells outlive its
//! decoding, and of several returns of a unit only those are held whole that may
//! be the one that counts; what was put away can be read once more.

use super::held::{Held, MOST, Read, Returned};
use super::opener::{Decoded, Decoder, Opener};
use super::recognise::State;
use super::returned_file::ReturnedFile;
use super::submission::Submission;
use super::whose::unit_in_name;
use crate::closing::Closing;
use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::fingerprint::sha256_hex;
use crate::policy::Policy;
use crate::roster::Roster;
use crate::several::{Room, in_turn};

/// The files of a folder, and what they are decoded by.
pub struct Intake<'a> {
    files: &'a [ReturnedFile],
    policy: &'a Policy,
    roster: &'a Roster,
    decoder: Box<dyn Decoder + 'a>,
    width: usize,
    room: Room,
    closing: Option<&'a Closing>,
}

/// Bytes of files that are held at once: one of the largest, or very many as they
/// are. A few large ones would take what their decoding needs.
const AT_ONCE: u64 = 64 << 20;

/// Bytes of what was read that wait for a file before them.
const WAITING: u64 = 64 << 20;

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
            closing: None,
        }
    }

    /// The same where the assessment was closed: what it was not closed on is late.
    pub fn closed(self, closing: &'a Closing) -> Self {
        Intake {
            closing: Some(closing),
            ..self
        }
    }

    /// Reads all of them. The result has one element per file, in their order,
    /// and the findings stand in the same. Findings in a return that was put away
    /// are put away with it.
    pub fn read(&self) -> Checked<Vec<Returned>> {
        let mut held = Held::of(MOST, self.policy);
        let all = |at: usize| self.files.get(at).map(|file| self.returned(file));
        self.in_turn(self.files.len(), all, |_, read| held.add(read));
        let rivals = held.rivals();
        let file = |at: usize| rivals.get(at).and_then(|at| self.files.get(*at));
        let again = |at: usize| {
            let read = self.returned(file(at)?);
            // What was read well once is not given up for a moment's failure.
            match read.made.value.state {
                State::Unreadable(_) => Some(self.returned(file(at)?)),
                _ => Some(read),
            }
        };
        self.in_turn(rivals.len(), again, |at, read| {
            if let Some(at) = rivals.get(at) {
                held.put_back(*at, read);
            }
        });
        held.all()
    }

    /// Has so many files read, several at once, and taken in turn.
    fn in_turn(
        &self,
        count: usize,
        read: impl Fn(usize) -> Option<Read> + Sync,
        mut take: impl FnMut(usize, Read) + Send,
    ) {
        let work = |at| {
            let read = read(at);
            let weight = read.as_ref().map_or(0, |read| read.weight);
            (read, weight)
        };
        in_turn(count, self.width, WAITING, work, |at, read| {
            if let Some(read) = read {
                take(at, read);
            }
        });
    }

    /// Reads a return once more that had been put away, if its file is still the
    /// same.
    pub fn again(&self, at: usize, returned: &Returned) -> Option<Box<Submission>> {
        let made = self.returned(self.files.get(at)?).made.value;
        match made.state {
            State::Read(submission) if made.sha256 == returned.sha256 => Some(submission),
            _ => None,
        }
    }

    fn returned(&self, file: &ReturnedFile) -> Read {
        let _held = self.room.take(file.size());
        let (sha256, decoded) = match file.read() {
            Ok(bytes) => {
                let sha256 = sha256_hex(&bytes);
                let decoded = self.decoder.decode(&file.name, &sha256, &bytes);
                (sha256, decoded)
            }
            Err(reason) => (
                String::new(),
                Decoded::unread(&file.name, Code::Unreadable, &reason),
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
        let late = self
            .closing
            .filter(|closing| closing.is_late(&made.value.name, &made.value.sha256));
        match late {
            Some(closing) => Read {
                made: self.late(made.value, closing),
                weight: 0,
            },
            None => Read {
                made,
                weight: decoded.weight,
            },
        }
    }

    /// A file that came when all was decided: whose it is, and nothing more.
    fn late(&self, file: Returned, closing: &Closing) -> Checked<Returned> {
        let unit = match &file.state {
            State::Read(submission) => Some(submission.unit.clone()),
            State::SetAside { unit, .. } => unit.clone(),
            State::Outlined(_) | State::Late { .. } | State::Unreadable(_) => None,
        };
        let unit = match &unit {
            Some(code) => self.roster.unit(code),
            None => unit_in_name(&file.name, self.roster),
        };
        let whose = unit.map_or(String::new(), |unit| format!("{}的文件，", unit.name));
        let why = format!(
            "{whose}{}定稿以后才收到或改动，逾期，没有计入",
            closing.day_in_words()
        );
        let finding = Finding::new(Code::Late, Place::file(&file.name), &why);
        Checked {
            value: Returned {
                state: State::Late {
                    why,
                    unit: unit.map(|unit| unit.code.clone()),
                },
                ..file
            },
            findings: vec![finding],
        }
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
