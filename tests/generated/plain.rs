//! What comes of a pack and the entries that were typed, counted plainly: apart from
//! the program, in whole numbers and fractions of them.

use std::collections::{BTreeMap, BTreeSet};

use super::pack::{
    Award, Condition, FULL, Form, Limit, Measure, Method, Missing, Pack, SORTS, Score, Unit, Veto,
};
use crate::dice::Dice;

/// A visit that a unit reports.
#[derive(Debug, Clone)]
pub struct Visit {
    pub sort: &'static str,
    pub people: i128,
    pub planned: bool,
    pub noted: bool,
}

/// What a member did.
#[derive(Debug, Clone)]
pub struct Act {
    pub member: String,
    pub did: bool,
    pub more: bool,
    /// His row was filled in.
    pub told: bool,
}

/// A gift that a unit reports.
#[derive(Debug, Clone)]
pub struct Gift {
    pub donor: String,
    pub fen: i128,
}

/// A unit's return.
#[derive(Debug, Clone, Default)]
pub struct Return {
    pub visits: Vec<Visit>,
    pub acts: Vec<Act>,
    pub gifts: Vec<Gift>,
}

/// All returns by the code of the unit; who sent none is not there.
pub type Returns = BTreeMap<String, Return>;

/// The returns of a seed.
pub fn returns(pack: &Pack, seed: u64) -> Returns {
    let mut dice = Dice::new(seed, 2);
    let mut returns = Returns::new();
    let everybody: Vec<String> = pack
        .units
        .iter()
        .flat_map(|unit| unit.members.iter().chain([&unit.name]).cloned())
        .chain(["过路人".to_owned(), "热心人".to_owned()])
        .collect();
    let mut fen = 0;
    for unit in &pack.units {
        if dice.chance(150) {
            continue;
        }
        let mut own = Return::default();
        for _ in 0..*dice.of(&[0, 0, 1, 2, 3, 5]) {
            own.visits.push(Visit {
                sort: dice.of::<&'static str>(&SORTS),
                people: *dice.of(&[0, 1, 7, 20, 45]),
                planned: dice.chance(600),
                noted: dice.chance(600),
            });
        }
        let (did, more) = (*dice.of(&[100, 550, 900, 1_000]), dice.below(1_000));
        if pack.has_members && pack.fills(unit.kind, Form::Acts) {
            for member in &unit.members {
                own.acts.push(Act {
                    member: member.clone(),
                    did: dice.chance(did),
                    more: dice.chance(more),
                    told: dice.chance(920),
                });
            }
        }
        if pack.has_money {
            for _ in 0..*dice.of(&[0, 0, 1, 2, 4]) {
                // No two alike, so that none is taken for another.
                fen += 1;
                own.gifts.push(Gift {
                    donor: dice.of(&everybody).clone(),
                    fen: *dice.of(&[10_000, 100_000, 250_000, 1_000_000]) + fen,
                });
            }
        }
        returns.insert(unit.code.clone(), own);
    }
    returns
}

/// A number as a fraction; nothing where it cannot be worked out.
pub type Figure = Option<(i128, i128)>;

/// For whom a metric is worked out.
#[derive(Clone, Copy)]
pub enum Whose<'a> {
    Unit(&'a Unit),
    Member(&'a str),
}

/// The pack with the returns.
pub struct Plain<'a> {
    pub pack: &'a Pack,
    pub returns: &'a Returns,
}

impl Plain<'_> {
    /// Whether a unit sent a return.
    pub fn returned(&self, unit: &Unit) -> bool {
        self.returns.contains_key(&unit.code)
    }

    /// A metric.
    pub fn figure(&self, id: &str, whose: Whose<'_>) -> Figure {
        match &self.pack.metric(id).measure {
            Measure::Count(form, condition) => Some((self.rows(*form, *condition, whose).0, 1)),
            Measure::Sum(Form::Gifts, condition) => {
                Some((self.rows(Form::Gifts, *condition, whose).1, 100))
            }
            Measure::Sum(form, condition) => Some((self.rows(*form, *condition, whose).1, 1)),
            Measure::Total(parts) => {
                let of = |part: &&str| self.figure(part, whose).expect("a count").0;
                Some((parts.iter().map(of).sum(), 1))
            }
            Measure::Members(least) => {
                let Whose::Unit(unit) = whose else {
                    panic!("members of a member");
                };
                let counts = |member: &&String| match least {
                    None => true,
                    Some((of, least)) => {
                        self.figure(of, Whose::Member(member)).expect("a count").0 >= *least
                    }
                };
                Some((unit.members.iter().filter(counts).count() as i128, 1))
            }
            Measure::Ratio(part, whole) => {
                let (part, by) = self.figure(part, whose)?;
                let (whole, of) = self.figure(whole, whose)?;
                (whole > 0).then_some((part * of, by * whole))
            }
        }
    }

    /// How many entries of a form somebody has, and what they come to.
    fn rows(&self, form: Form, condition: Option<Condition>, whose: Whose<'_>) -> (i128, i128) {
        let mut found = (0, 0);
        let mut add = |fits: bool, sum: i128| {
            if fits {
                found.0 += 1;
                found.1 += sum;
            }
        };
        for unit in &self.pack.units {
            let Some(own) = self.returns.get(&unit.code) else {
                continue;
            };
            let is_unit = matches!(whose, Whose::Unit(of) if of.code == unit.code);
            match form {
                Form::Visits => {
                    for visit in &own.visits {
                        let fits = match condition {
                            None => true,
                            Some(Condition::Sort(sort)) => visit.sort == sort,
                            Some(Condition::Planned) => visit.planned,
                            Some(Condition::PeopleAtLeast(least)) => visit.people >= least,
                            Some(Condition::Complete) => visit.noted,
                            _ => panic!("no condition of visits"),
                        };
                        add(is_unit && fits, visit.people);
                    }
                }
                Form::Acts => {
                    for act in &own.acts {
                        let fits = match condition {
                            None => true,
                            Some(Condition::Did) => act.did,
                            Some(Condition::More) => act.more,
                            _ => panic!("no condition of acts"),
                        };
                        let is_own = matches!(whose, Whose::Member(of) if of == act.member);
                        add((is_unit || is_own) && fits && act.told, 0);
                    }
                }
                Form::Gifts => {
                    for gift in &own.gifts {
                        let fits = match condition {
                            None => true,
                            Some(Condition::YuanAtLeast(least)) => gift.fen >= least * 100,
                            _ => panic!("no condition of gifts"),
                        };
                        let is_own = match whose {
                            Whose::Member(of) => of == gift.donor,
                            Whose::Unit(of) => self.credited(unit, gift).code == of.code,
                        };
                        add(is_own && fits, gift.fen);
                    }
                }
            }
        }
        found
    }

    /// To whom a gift is credited: the donor's unit, else who reports it.
    fn credited<'u>(&'u self, reporter: &'u Unit, gift: &Gift) -> &'u Unit {
        let of_donor = |unit: &&Unit| unit.name == gift.donor || unit.members.contains(&gift.donor);
        self.pack.units.iter().find(of_donor).unwrap_or(reporter)
    }

    /// The points of an item: hundredths, or a word.
    pub fn points(&self, score: &Score, unit: &Unit) -> Result<i128, &'static str> {
        let missing = |missing| match missing {
            Missing::Zero => Ok(0),
            Missing::NotApplicable => Err("不适用"),
            Missing::Pending => Err("待定"),
        };
        if !self.returned(unit) {
            return missing(score.missing_return);
        }
        let Some(figure) = self.figure(score.metric, Whose::Unit(unit)) else {
            return missing(score.missing_value);
        };
        Ok(match &score.method {
            Method::Linear(full) => {
                let hundredths = score.points * 100;
                rounded(hundredths * figure.0 * 10_000, figure.1 * full).min(hundredths)
            }
            Method::AllOrNothing(least) => match reaches(figure, *least) {
                true => score.points * 100,
                false => 0,
            },
            Method::Bands(bands) => {
                let reached = bands.iter().rev().find(|(from, _)| reaches(figure, *from));
                reached.map_or(0, |(_, points)| points * 100)
            }
        })
    }

    /// The total of a unit: hundredths, or a word.
    pub fn total(&self, unit: &Unit) -> Result<i128, &'static str> {
        let (mut sum, mut applicable) = (0, 0);
        for score in self
            .pack
            .scores
            .iter()
            .filter(|score| score.kind == unit.kind)
        {
            match self.points(score, unit) {
                Ok(points) => {
                    sum += points;
                    applicable += score.points;
                }
                Err("待定") => applicable += score.points,
                Err(_) => {}
            }
        }
        match applicable {
            0 => Err("不适用"),
            applicable => Ok(rounded(sum * FULL, applicable)),
        }
    }

    /// What comes of a veto.
    pub fn veto(&self, veto: &Veto, unit: &Unit, whose: Whose<'_>) -> &'static str {
        if !self.returned(unit) {
            match veto.missing_return {
                Missing::Zero => {}
                Missing::NotApplicable => return "未触发",
                Missing::Pending => return "待定",
            }
        }
        // Of whom nothing is known nothing is held against anybody.
        let is_untold = match whose {
            Whose::Member(member) if self.pack.forms(veto.metric).contains(&Form::Acts) => {
                self.untold(unit).contains(&member)
            }
            _ => false,
        };
        match self.figure(veto.metric, whose) {
            Some(figure) if reaches(figure, veto.less_than) => "未触发",
            _ if is_untold => "待定",
            None if veto.missing_value == Missing::NotApplicable => "不适用",
            None => "待定",
            Some(_) if self.may_reach(veto.metric, veto.less_than, whose) => "待定",
            Some(_) => "一票否决",
        }
    }

    /// The members whose row was left as it was issued.
    fn untold<'u>(&'u self, unit: &Unit) -> Vec<&'u str> {
        let acts = self.returns.get(&unit.code).map(|own| own.acts.as_slice());
        let untold = acts.unwrap_or_default().iter().filter(|act| !act.told);
        untold.map(|act| act.member.as_str()).collect()
    }

    /// Whether a unit would reach a threshold if all had done enough of whom nothing is
    /// known. It is asked where members are judged by the same.
    fn may_reach(&self, id: &str, limit: Limit, whose: Whose<'_>) -> bool {
        let asked = |veto: &Veto| veto.kind.is_none() && veto.metric == "acts";
        let Whose::Unit(unit) = whose else {
            return false;
        };
        if !matches!(id, "active" | "active_share") || !self.pack.vetoes.iter().any(asked) {
            return false;
        }
        let active = self.figure("active", whose).expect("a count").0;
        let most = active + self.untold(unit).len() as i128;
        let whole = match id {
            "active" => 1,
            _ => unit.members.len() as i128,
        };
        reaches((most, whole), limit)
    }

    /// What all vetoes of a unit come to.
    pub fn vetoed(&self, unit: &Unit) -> &'static str {
        let own = self
            .pack
            .vetoes
            .iter()
            .filter(|veto| veto.kind == Some(unit.kind));
        let states: BTreeSet<&str> = own
            .map(|veto| self.veto(veto, unit, Whose::Unit(unit)))
            .collect();
        together(&states, "否")
    }

    /// What the vetoes of a member come to.
    pub fn member_vetoed(&self, unit: &Unit, member: &str) -> &'static str {
        let mut states = BTreeSet::new();
        for veto in self.pack.vetoes.iter().filter(|veto| veto.kind.is_none()) {
            states.extend(self.member_veto(veto, unit, member));
        }
        match states.is_empty() {
            true => "不适用",
            false => together(&states, "否"),
        }
    }

    /// What comes of a veto of a member; nothing if the unit is not asked.
    pub fn member_veto(&self, veto: &Veto, unit: &Unit, member: &str) -> Option<&'static str> {
        let forms = self.pack.forms(veto.metric);
        let asked = forms.iter().any(|form| self.pack.fills(unit.kind, *form));
        asked.then(|| self.veto(veto, unit, Whose::Member(member)))
    }

    /// What comes of an award.
    pub fn award(&self, award: &Award, unit: &Unit) -> &'static str {
        let vetoed = self.vetoed(unit);
        if award.excluded_by_veto && vetoed == "是" {
            return "不符合（一票否决）";
        }
        if !self.returned(unit) {
            match award.missing_return {
                Missing::Zero => {}
                Missing::NotApplicable => return "不符合（未报送）",
                Missing::Pending => return "待定",
            }
        }
        if award.excluded_by_veto && vetoed == "待定" {
            return "待定";
        }
        match self.figure(award.metric, Whose::Unit(unit)) {
            None if award.missing_value == Missing::NotApplicable => "不适用",
            None => "待定",
            Some(figure) if reaches(figure, award.at_least) => "符合",
            Some(_) if self.may_reach(award.metric, award.at_least, Whose::Unit(unit)) => "待定",
            Some(_) => match self.pack.metric(award.metric).unit {
                "元" => "不符合（金额不足）",
                "占比" => "不符合（占比不足）",
                _ => "不符合（数量不足）",
            },
        }
    }

    /// Sums of gifts by donor, in fen.
    pub fn donors(&self) -> BTreeMap<&str, i128> {
        let mut donors = BTreeMap::new();
        for gift in self.returns.values().flat_map(|own| &own.gifts) {
            *donors.entry(gift.donor.as_str()).or_default() += gift.fen;
        }
        donors
    }
}

/// The gravest of several.
fn together(states: &BTreeSet<&str>, otherwise: &'static str) -> &'static str {
    match states {
        states if states.contains("一票否决") => "是",
        states if states.contains("待定") => "待定",
        _ => otherwise,
    }
}

/// Whether a fraction is at least a threshold.
pub fn reaches((above, below): (i128, i128), limit: Limit) -> bool {
    above * 10_000 >= limit * below
}

/// A fraction of no less than zero as a whole number, half upwards.
fn rounded(above: i128, below: i128) -> i128 {
    (2 * above + below) / (2 * below)
}
