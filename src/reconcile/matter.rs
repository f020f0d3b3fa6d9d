//! Matters that no machine may decide: each with a stable identity, the facts
//! of its sides, what is at stake, and the rulings that may be chosen.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

pub use super::topic::Topic;
pub(super) use super::verdict::MOST_SIDES;
pub use super::verdict::{Verdict, side_name};
use crate::diagnostic::{Code, Finding, MESSAGE, Place, brief};
use crate::fingerprint::sha256_hex;
use crate::ruling::{Decision, Rulings};
use crate::value::squeeze;

/// Said of a matter that was ruled, but whose facts have changed since.
pub const REOPENED: &str = "重新待裁定";

/// How a matter stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It waits for a ruling.
    Open,
    /// A rule of the program has settled it; a ruling may change that.
    ByRule(Verdict),
    /// It has been ruled.
    Ruled(Verdict, Decision),
    /// It had been ruled, but the facts have changed since.
    Reopened(Decision),
}

impl Standing {
    /// In the user's words.
    pub fn word(&self) -> &'static str {
        match self {
            Standing::Open => "待裁定",
            Standing::ByRule(_) => "已按规则处理",
            Standing::Ruled(..) => "已裁定",
            Standing::Reopened(_) => REOPENED,
        }
    }

    /// As a key in JSON.
    pub fn key(&self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::ByRule(_) => "rule",
            Standing::Ruled(..) => "applied",
            Standing::Reopened(_) => "reopened",
        }
    }

    /// Whether somebody has to rule.
    pub fn is_open(&self) -> bool {
        matches!(self, Standing::Open | Standing::Reopened(_))
    }
}

/// One side of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideOf {
    /// The facts in words.
    pub text: String,
    /// Indexes of its entries in the ledger; none for files.
    pub entries: Vec<usize>,
    /// Where it stands.
    pub places: Vec<Place>,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Identity, for example `YS-1A2B3C4D`. It stays as long as the matter stands
    /// where it stood, or says what it said.
    pub id: String,
    /// What it is about.
    pub topic: Topic,
    /// Why it is a matter, in one sentence.
    pub reason: String,
    /// Its sides.
    pub sides: Vec<SideOf>,
    /// Money that hangs on it, in 元.
    pub at_stake: Decimal,
    /// What may be ruled.
    pub choices: Vec<Verdict>,
    /// What the program proposes.
    pub proposed: Verdict,
    /// Fingerprint of the facts.
    pub facts: String,
    /// How it stands.
    pub standing: Standing,
    /// Codes of the units that it touches.
    pub units: Vec<String>,
}

impl Matter {
    /// What the program proposes, in the user's words. Nobody is proposed to be
    /// guilty of what is not known.
    pub fn advice(&self) -> String {
        match self.topic {
            Topic::Unanswered => "先请填报单位补填，补不来的再裁定".to_owned(),
            _ => self.proposed.word(),
        }
    }

    /// Whether it is only to be put on record: no ruling on it changes an entry.
    pub fn is_for_the_record(&self) -> bool {
        self.choices.contains(&Verdict::Noted)
    }
}

/// Letters of a side, as far as somebody would read it.
const LONGEST_SIDE: usize = 600;
/// Lines of the last side that are quoted where more stand together on it.
const MOST_LINES: usize = 10;

/// Sides, as many as have a name of their own. What goes beyond stands together on the
/// last one, and is quoted as far as somebody would read it.
pub(super) fn named_sides(mut sides: Vec<SideOf>) -> Vec<SideOf> {
    let beyond = sides.split_off(sides.len().min(MOST_SIDES));
    let Some(last) = sides.last_mut() else {
        return sides;
    };
    let more = beyond.len().saturating_sub(MOST_LINES);
    for (at, side) in beyond.into_iter().enumerate() {
        if at < MOST_LINES && !side.text.is_empty() {
            last.text.push('\n');
            last.text.push_str(&side.text);
        }
        last.entries.extend(side.entries);
        last.places.extend(side.places);
    }
    if more > 0 {
        last.text.push_str(&format!("\n……另有 {more} 处，见明细"));
    }
    sides
}

/// A matter before it has an identity.
pub(super) struct Draft {
    pub topic: Topic,
    /// Where it stands, apart from the names of files: what gives it its identity.
    pub stands: Vec<String>,
    /// What it says: when that changes, it is opened again.
    pub says: Vec<String>,
    pub reason: String,
    pub sides: Vec<SideOf>,
    pub at_stake: Decimal,
    pub choices: Vec<Verdict>,
    pub proposed: Verdict,
    /// What holds while nobody has ruled, if the program may settle it.
    pub by_rule: Option<Verdict>,
    /// What was typed and what was taken for it, where single cells are spoken of.
    pub quoted: Option<(String, String)>,
    pub units: Vec<String>,
}

impl Draft {
    /// The entries of each side.
    pub fn entries(&self) -> Vec<Vec<usize>> {
        let sides = self.sides.iter();
        sides.map(|side| side.entries.clone()).collect()
    }
}

/// Where matters come together with rulings.
pub(super) struct Desk<'a> {
    rulings: &'a Rulings,
    /// The first ruling on each fingerprint.
    by_facts: HashMap<String, usize>,
    /// The first ruling under each identity, but for those on fingerprints of which
    /// it is known that they will come: these wait for them, whatever stands where
    /// they stood.
    by_id: HashMap<String, usize>,
    used: HashSet<usize>,
    ids: Names,
    facts: Names,
    matters: Vec<Matter>,
}

impl<'a> Desk<'a> {
    /// A desk with what has been ruled. `awaited` are fingerprints that will come.
    pub fn new(rulings: &'a Rulings, awaited: HashSet<String>) -> Self {
        let mut desk = Desk {
            rulings,
            by_facts: HashMap::new(),
            by_id: HashMap::new(),
            used: HashSet::new(),
            ids: Names::default(),
            facts: Names::default(),
            matters: Vec::new(),
        };
        for (at, decision) in rulings.decisions.iter().enumerate() {
            let facts = squeeze(&decision.facts);
            match awaited.contains(&facts) {
                // An identity that its own matter will claim is not given to another.
                true => desk.ids.put(&decision.matter),
                false => {
                    let id = squeeze(&decision.matter);
                    desk.by_id.entry(id).or_insert(at);
                }
            }
            desk.by_facts.entry(facts).or_insert(at);
        }
        desk
    }

    /// Lays a matter before the office. Gives what holds for it: the ruling, or
    /// what a rule says; nothing while it is open.
    pub fn raise(&mut self, mut draft: Draft, findings: &mut Vec<Finding>) -> Option<Verdict> {
        for side in &mut draft.sides {
            side.text = brief(&side.text, LONGEST_SIDE).into_owned();
        }
        let Draft { topic, .. } = draft;
        let facts = self.facts.claim(digest(topic, &draft.says, 16));
        let stood = format!("{}-{}", topic.letters(), digest(topic, &draft.stands, 8));
        let decisions = &self.rulings.decisions;
        let by_facts = self.by_facts.get(&facts).copied();
        let by_facts = by_facts.filter(|at| !self.used.contains(at));
        let mut id = match by_facts.and_then(|at| decisions.get(at)) {
            Some(decision) => decision.matter.clone(),
            None => self.ids.claim(stood),
        };
        let found = by_facts.or_else(|| self.by_id.get(&id).copied());
        let found = found.filter(|at| !self.used.contains(at));
        let ruled = found.and_then(|at| Some((at, decisions.get(at)?)));
        let mut standing = match draft.by_rule {
            Some(verdict) => Standing::ByRule(verdict),
            None => Standing::Open,
        };
        if let Some((at, decision)) = ruled {
            self.used.insert(at);
            if by_facts.is_none() {
                standing = Standing::Reopened(decision.clone());
            } else {
                // It keeps the identity under which it was ruled.
                id.clone_from(&decision.matter);
                self.ids.put(&id);
                let same = |v: &&Verdict| squeeze(&v.word()) == squeeze(&decision.verdict);
                match draft.choices.iter().find(same) {
                    Some(verdict) => standing = Standing::Ruled(*verdict, decision.clone()),
                    None => findings.push(unusable(decision, &draft.choices)),
                }
            }
        }
        let holds = match &standing {
            Standing::Ruled(verdict, _) | Standing::ByRule(verdict) => Some(*verdict),
            Standing::Open | Standing::Reopened(_) => None,
        };
        if let Standing::Reopened(decision) = &standing {
            findings.push(reopened(&id, &draft, decision));
        }
        self.matters.push(Matter {
            id,
            topic,
            reason: brief(&draft.reason, MESSAGE).into_owned(),
            sides: draft.sides,
            at_stake: draft.at_stake,
            choices: draft.choices,
            proposed: draft.proposed,
            facts,
            standing,
            units: draft.units,
        });
        holds
    }

    /// Whether the office has ruled on what a matter says that is not raised yet.
    /// `before` others that say the same will be raised before it.
    pub fn is_ruled(&self, topic: Topic, says: &[String], before: usize) -> bool {
        if self.by_facts.is_empty() {
            return false;
        }
        let facts = digest(topic, says, 16);
        let name = self.facts.free(&facts).nth(before);
        name.is_some_and(|name| self.by_facts.contains_key(&name))
    }

    /// Indexes of the entries of the open matters of a topic.
    pub fn waiting(&self, topic: Topic) -> HashSet<usize> {
        let matters = self.matters.iter();
        let open = matters.filter(|one| one.topic == topic && one.standing.is_open());
        let sides = open.flat_map(|one| &one.sides);
        sides
            .flat_map(|side| side.entries.iter().copied())
            .collect()
    }

    /// The matter that was raised last.
    pub fn last(&self) -> Option<&Matter> {
        self.matters.last()
    }

    /// All matters, those that wait first; and the rulings whose matter is gone.
    pub fn close(self, findings: &mut Vec<Finding>) -> (Vec<Matter>, Vec<Decision>) {
        let mut matters = self.matters;
        let order = |standing: &Standing| match standing {
            Standing::Reopened(_) => 0,
            Standing::Open => 1,
            Standing::Ruled(..) => 2,
            Standing::ByRule(_) => 3,
        };
        matters.sort_by(|a, b| {
            // Who did not answer stands together, unit by unit as in the roster.
            let id = |m: &Matter| match m.topic {
                Topic::Unanswered => String::new(),
                _ => m.id.clone(),
            };
            let key = |m: &Matter| (order(&m.standing), m.topic, -m.at_stake, id(m));
            key(a).cmp(&key(b))
        });
        let decisions = self.rulings.decisions.iter().enumerate();
        let gone: Vec<Decision> = decisions
            .filter(|(at, _)| !self.used.contains(at))
            .map(|(_, decision)| decision.clone())
            .collect();
        for decision in &gone {
            let message = format!("裁定过的 {} 这次没有出现", decision.matter);
            let finding = Finding::new(Code::RulingGone, decision.place.clone(), message);
            findings.push(finding.typed(&decision.verdict));
        }
        (matters, gone)
    }
}

/// Names of which each is given once: two matters that say the same are told apart by
/// a running number.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    /// From which number on a name is free.
    next: HashMap<String, usize>,
}

impl Names {
    /// Takes a name.
    fn put(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Takes a name, or the first with a number that is free.
    fn claim(&mut self, name: String) -> String {
        let Some((number, free)) = self.numbered(&name).next() else {
            return name;
        };
        self.next.insert(name, number + 1);
        self.put(&free);
        free
    }

    /// A name and the same with running numbers, as far as they are free.
    fn free(&self, name: &str) -> impl Iterator<Item = String> {
        self.numbered(name).map(|(_, name)| name)
    }

    fn numbered(&self, name: &str) -> impl Iterator<Item = (usize, String)> {
        let from = self.next.get(name).copied().unwrap_or(1);
        let all = (from..).map(move |number| match number {
            1 => (1, name.to_owned()),
            _ => (number, format!("{name}-{number}")),
        });
        all.filter(|(_, name)| !self.taken.contains(name))
    }
}

/// The first characters of a SHA-256 over some texts.
fn digest(topic: Topic, parts: &[String], length: usize) -> String {
    let text = format!("{}\u{1f}{}", topic.letters(), parts.join("\u{1f}"));
    let mut hash = sha256_hex(text.as_bytes()).to_uppercase();
    hash.truncate(length);
    hash
}

fn unusable(decision: &Decision, choices: &[Verdict]) -> Finding {
    let words: Vec<String> = choices.iter().map(|v| format!("“{}”", v.word())).collect();
    let message = format!("{} 不能这样裁定，没有生效", decision.matter);
    Finding::new(Code::RulingUnusable, decision.place.clone(), message)
        .typed(&decision.verdict)
        .mend(format!("只能写{}之一。", words.join("、")))
}

fn reopened(id: &str, draft: &Draft, decision: &Decision) -> Finding {
    let message = format!("{id} 裁定以后，所依据的内容有了改动：{}", draft.reason);
    let mut finding = Finding::new(Code::RulingReopened, decision.place.clone(), message);
    finding.related = draft.sides.iter().flat_map(|s| s.places.clone()).collect();
    finding.typed(&decision.verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(stands: &str, says: &str) -> Draft {
        Draft {
            topic: Topic::SameEntry,
            stands: vec![stands.to_owned()],
            says: vec![says.to_owned()],
            reason: String::new(),
            sides: Vec::new(),
            at_stake: Decimal::ZERO,
            choices: vec![Verdict::Keep(0), Verdict::Distinct],
            proposed: Verdict::Keep(0),
            by_rule: None,
            quoted: None,
            units: Vec::new(),
        }
    }

    /// Identity and key of each matter, in the order in which they are raised.
    fn raised(
        rulings: &Rulings,
        awaited: &[&str],
        drafts: &[(&str, &str)],
    ) -> Vec<(String, &'static str)> {
        let awaited = awaited
            .iter()
            .map(|says| digest(Topic::SameEntry, &[(*says).to_owned()], 16));
        let mut desk = Desk::new(rulings, awaited.collect());
        let mut made = Vec::new();
        for (stands, says) in drafts {
            desk.raise(draft(stands, says), &mut Vec::new());
            made.extend(desk.last().map(|m| (m.id.clone(), m.standing.key())));
        }
        made
    }

    #[test]
    fn a_ruling_goes_with_what_it_was_made_about_and_no_identity_is_given_twice() {
        let nobody = Rulings::default();
        let id = raised(&nobody, &[], &[("row 10", "a gift")]).remove(0).0;
        let rulings = Rulings {
            decisions: vec![Decision {
                matter: id.clone(),
                verdict: Verdict::Distinct.word(),
                reason: String::from("原因"),
                by: String::from("某人"),
                facts: digest(Topic::SameEntry, &[String::from("a gift")], 16),
                about: String::new(),
                place: Place::default(),
            }],
            ..Rulings::default()
        };
        // Its row was deleted above: another matter now stands where it stood.
        let up = raised(&rulings, &[], &[("row 9", "a gift"), ("row 10", "another")]);
        assert_eq!(up, [(id.clone(), "applied"), (format!("{id}-2"), "open")]);
        // A row was put in above: another matter comes first in its place.
        let both = [("row 10", "another"), ("row 11", "a gift")];
        assert_eq!(
            raised(&rulings, &[], &both)[0].1,
            "reopened",
            "not known yet"
        );
        let down = raised(&rulings, &["another", "a gift"], &both);
        assert_eq!(down, [(format!("{id}-2"), "open"), (id.clone(), "applied")]);
        // What it was made about has changed: it is laid again under its name.
        let changed = raised(&rulings, &["another"], &[("row 10", "another")]);
        assert_eq!(changed, [(id, "reopened")]);
    }

    #[test]
    fn of_two_that_say_the_same_one_ruling_is_for_one() {
        let says = [String::from("a gift")];
        let facts = digest(Topic::SameEntry, &says, 16);
        let ruled = |facts: &[String]| {
            let decision = |facts: &String| Decision {
                matter: String::from("CF-1"),
                verdict: Verdict::Distinct.word(),
                reason: String::from("原因"),
                by: String::from("某人"),
                facts: facts.clone(),
                about: String::new(),
                place: Place::default(),
            };
            Rulings {
                decisions: facts.iter().map(decision).collect(),
                ..Rulings::default()
            }
        };
        let second = format!("{facts}-2");
        for (of, wanted) in [
            (vec![], [false, false]),
            (vec![facts.clone()], [true, false]),
            (vec![facts, second], [true, true]),
        ] {
            let rulings = ruled(&of);
            let mut desk = Desk::new(&rulings, HashSet::new());
            let asked = [0, 1].map(|before| desk.is_ruled(Topic::SameEntry, &says, before));
            assert_eq!(asked, wanted, "before any is raised");
            desk.raise(draft("row 9", "a gift"), &mut Vec::new());
            assert_eq!(desk.is_ruled(Topic::SameEntry, &says, 0), wanted[1]);
        }
    }
}
