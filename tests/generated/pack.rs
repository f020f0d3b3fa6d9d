//! A pack drawn from a seed: what it says, and the TOML that says it.

use std::fmt::Write;

use crate::dice::Dice;

/// The kinds of units: code and name.
pub const KINDS: [(&str, &str); 2] = [("ka", "甲类单位"), ("kb", "乙类单位")];
/// Sorts of visits.
pub const SORTS: [&str; 3] = ["送文化", "送科技", "送卫生"];
/// Full mark of a kind's items together.
pub const FULL: i128 = 30;

/// A form that entries stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Visits,
    Acts,
    Gifts,
}

/// A condition on an entry.
#[derive(Debug, Clone, Copy)]
pub enum Condition {
    Sort(&'static str),
    Planned,
    PeopleAtLeast(i128),
    Complete,
    Did,
    More,
    YuanAtLeast(i128),
}

/// What a metric measures.
#[derive(Debug, Clone)]
pub enum Measure {
    Count(Form, Option<Condition>),
    /// People of visits, or 元 of gifts.
    Sum(Form, Option<Condition>),
    Total(Vec<&'static str>),
    Members(Option<(&'static str, i128)>),
    Ratio(&'static str, &'static str),
}

/// A metric.
#[derive(Debug, Clone)]
pub struct Metric {
    pub id: &'static str,
    pub unit: &'static str,
    pub measure: Measure,
}

/// What a missing return or value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Zero,
    NotApplicable,
    Pending,
}

/// A threshold, in ten-thousandths.
pub type Limit = i128;

/// How points are given.
#[derive(Debug, Clone)]
pub enum Method {
    Linear(Limit),
    AllOrNothing(Limit),
    Bands(Vec<(Limit, i128)>),
}

/// A score item.
#[derive(Debug, Clone)]
pub struct Score {
    pub id: String,
    pub kind: usize,
    pub metric: &'static str,
    pub points: i128,
    pub method: Method,
    pub missing_return: Missing,
    pub missing_value: Missing,
}

/// A veto: of the units of a kind, or of members.
#[derive(Debug, Clone)]
pub struct Veto {
    pub id: String,
    pub kind: Option<usize>,
    pub metric: &'static str,
    pub less_than: Limit,
    pub missing_return: Missing,
    pub missing_value: Missing,
}

/// An award.
#[derive(Debug, Clone)]
pub struct Award {
    pub id: String,
    pub kinds: Vec<usize>,
    pub metric: &'static str,
    pub at_least: Limit,
    pub excluded_by_veto: bool,
    pub missing_return: Missing,
    pub missing_value: Missing,
}

/// A unit of the roster with its members, and whether it sends a return.
#[derive(Debug, Clone)]
pub struct Unit {
    pub code: String,
    pub name: String,
    pub kind: usize,
    pub members: Vec<String>,
    pub villages: usize,
}

/// All that a pack says.
#[derive(Debug, Clone)]
pub struct Pack {
    pub has_members: bool,
    pub has_villages: bool,
    pub has_money: bool,
    /// Whether the second kind fills in the form of the members.
    pub both_act: bool,
    pub metrics: Vec<Metric>,
    pub scores: Vec<Score>,
    pub vetoes: Vec<Veto>,
    pub awards: Vec<Award>,
    pub publicity: Option<Limit>,
    pub units: Vec<Unit>,
}

impl Pack {
    /// The pack of a seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 1);
        let has = [750, 600, 750].map(|often| dice.chance(often));
        Pack::with(has, dice)
    }

    /// One without members, villages and money.
    pub fn bare(seed: u64) -> Self {
        Pack::with([false; 3], Dice::new(seed, 1))
    }

    fn with([has_members, has_villages, has_money]: [bool; 3], mut dice: Dice) -> Self {
        let mut pack = Pack {
            has_members,
            has_villages,
            has_money,
            both_act: dice.chance(600),
            metrics: Vec::new(),
            scores: Vec::new(),
            vetoes: Vec::new(),
            awards: Vec::new(),
            publicity: None,
            units: Vec::new(),
        };
        pack.metrics = pack.all_metrics(&mut dice);
        pack.rules(&mut dice);
        pack.units(&mut dice);
        pack
    }

    fn all_metrics(&self, dice: &mut Dice) -> Vec<Metric> {
        use Condition::{Complete, Did, More, PeopleAtLeast, Planned, Sort, YuanAtLeast};
        use Form::{Acts, Gifts, Visits};
        use Measure::{Count, Members, Ratio, Sum, Total};
        let sort = *dice.of(&SORTS);
        let many = dice.below(40) as i128 + 5;
        let mut all = vec![
            ("visits", "次", Count(Visits, None)),
            ("of_sort", "次", Count(Visits, Some(Sort(sort)))),
            ("planned", "场", Count(Visits, Some(Planned))),
            ("large", "次", Count(Visits, Some(PeopleAtLeast(many)))),
            ("complete", "条", Count(Visits, Some(Complete))),
            ("people", "人", Sum(Visits, None)),
            ("both", "次", Total(vec!["of_sort", "planned"])),
            ("planned_share", "占比", Ratio("planned", "visits")),
            ("sort_share", "占比", Ratio("of_sort", "both")),
            ("people_each", "人", Ratio("people", "visits")),
        ];
        if self.has_members {
            let least = 1 + dice.below(2) as i128;
            all.extend([
                ("did", "项", Count(Acts, Some(Did))),
                ("more", "项", Count(Acts, Some(More))),
                ("rows", "条", Count(Acts, None)),
                ("acts", "项", Total(vec!["did", "more"])),
                ("did_rate", "占比", Ratio("did", "rows")),
                ("members", "人", Members(None)),
                ("active", "人", Members(Some(("acts", least)))),
                ("active_share", "占比", Ratio("active", "members")),
                ("visits_each", "次", Ratio("visits", "members")),
            ]);
        }
        if self.has_money {
            let large = dice.below(5) as i128 * 1_000 + 1_000;
            all.extend([
                ("gifts", "元", Sum(Gifts, None)),
                ("gift_count", "笔", Count(Gifts, None)),
                ("large_gifts", "元", Sum(Gifts, Some(YuanAtLeast(large)))),
                ("large_share", "占比", Ratio("large_gifts", "gifts")),
                ("gift_each", "元", Ratio("gifts", "gift_count")),
            ]);
        }
        let made = |(id, unit, measure)| Metric { id, unit, measure };
        all.into_iter().map(made).collect()
    }

    /// A metric by id.
    pub fn metric(&self, id: &str) -> &Metric {
        self.metrics
            .iter()
            .find(|metric| metric.id == id)
            .expect("a metric")
    }

    /// The forms that a metric looks at.
    pub fn forms(&self, id: &str) -> Vec<Form> {
        match &self.metric(id).measure {
            Measure::Count(form, _) | Measure::Sum(form, _) => vec![*form],
            Measure::Total(parts) => parts.iter().flat_map(|part| self.forms(part)).collect(),
            Measure::Members(Some((of, _))) => self.forms(of),
            Measure::Members(None) => Vec::new(),
            Measure::Ratio(part, whole) => [self.forms(part), self.forms(whole)].concat(),
        }
    }

    /// Whether a kind fills in a form.
    pub fn fills(&self, kind: usize, form: Form) -> bool {
        form != Form::Acts || kind == 0 || self.both_act
    }

    /// Whether a metric is a ratio.
    pub fn is_ratio(&self, id: &str) -> bool {
        matches!(self.metric(id).measure, Measure::Ratio(..))
    }

    fn is_for(&self, id: &str, kinds: &[usize]) -> bool {
        let forms = self.forms(id);
        kinds
            .iter()
            .all(|kind| forms.iter().all(|form| self.fills(*kind, *form)))
    }

    fn is_personal(&self, id: &str) -> bool {
        let of_persons = |form: &Form| matches!(form, Form::Acts | Form::Gifts);
        let members = ["members", "active", "active_share", "visits_each"];
        !members.contains(&id) && self.forms(id).iter().all(of_persons)
    }

    fn rules(&mut self, dice: &mut Dice) {
        for kind in 0..KINDS.len() {
            if dice.chance(850) {
                self.scores_of(kind, dice);
            }
            // Often none, often two.
            for number in 0..*dice.of(&[0, 1, 2, 2, 3]) {
                let metric = self.any(dice, |pack, id| pack.is_for(id, &[kind]));
                let veto = self.veto(format!("v_{kind}_{number}"), Some(kind), metric, dice);
                self.vetoes.push(veto);
            }
        }
        for number in 0..if self.has_members {
            *dice.of(&[0, 1, 2, 2])
        } else {
            0
        } {
            let metric = self.any(dice, |pack, id| pack.is_personal(id));
            let veto = self.veto(format!("v_m_{number}"), None, metric, dice);
            self.vetoes.push(veto);
        }
        for number in 0..*dice.of(&[0, 1, 2, 3, 4]) {
            let kinds = dice.of(&[vec![0], vec![1], vec![0, 1]]).clone();
            let metric = self.any(dice, |pack, id| pack.is_for(id, &kinds));
            self.awards.push(Award {
                id: format!("a_{number}"),
                at_least: self.limit(metric, dice),
                metric,
                kinds,
                excluded_by_veto: dice.chance(700),
                missing_return: *dice.of(&[
                    Missing::Zero,
                    Missing::NotApplicable,
                    Missing::Pending,
                ]),
                missing_value: *dice.of(&[Missing::NotApplicable, Missing::Pending]),
            });
        }
        if self.has_money && dice.chance(700) {
            self.publicity = Some((dice.below(6) as i128 * 700 + 300) * 10_000);
        }
    }

    fn any(&self, dice: &mut Dice, fits: impl Fn(&Self, &str) -> bool) -> &'static str {
        let ids: Vec<&'static str> = self.metrics.iter().map(|metric| metric.id).collect();
        let ids: Vec<&'static str> = ids.into_iter().filter(|id| fits(self, id)).collect();
        dice.of::<&'static str>(&ids)
    }

    fn veto(&self, id: String, kind: Option<usize>, metric: &'static str, dice: &mut Dice) -> Veto {
        Veto {
            id,
            kind,
            metric,
            less_than: self.limit(metric, dice),
            missing_return: *dice.of(&[Missing::Zero, Missing::NotApplicable, Missing::Pending]),
            missing_value: *dice.of(&[Missing::NotApplicable, Missing::Pending]),
        }
    }

    /// A threshold that the figures of a metric lie around. Among the shares are those
    /// that floating point cannot say: 0.55 times 20 is more than 11 there.
    fn limit(&self, metric: &str, dice: &mut Dice) -> Limit {
        match (metric, self.metric(metric).unit) {
            (_, "占比") => *dice.of(&[
                700, 1_400, 2_800, 3_333, 5_000, 5_500, 5_600, 5_800, 8_000, 10_000,
            ]),
            ("visits_each" | "people_each", _) => 10_000 * (1 + dice.below(20) as i128) / 4,
            (_, "元") => 10_000 * (1 + dice.below(9) as i128) * 500,
            ("people", _) => 10_000 * (1 + dice.below(80) as i128),
            _ => 10_000 * (1 + dice.below(4) as i128),
        }
    }

    fn scores_of(&mut self, kind: usize, dice: &mut Dice) {
        let number = 1 + dice.below(4);
        let mut left = FULL;
        for at in 0..number {
            let points = match at + 1 == number {
                true => left,
                false => 1 + dice.below(((left - 4) / 2) as usize) as i128,
            };
            left -= points;
            let metric = self.any(dice, |pack, id| pack.is_for(id, &[kind]));
            let method = match dice.below(3) {
                0 => Method::Linear(self.limit(metric, dice)),
                1 => Method::AllOrNothing(self.limit(metric, dice)),
                _ => {
                    let mut from: Vec<Limit> = (0..3).map(|_| self.limit(metric, dice)).collect();
                    from.sort_unstable();
                    from.dedup();
                    let last = from.len() as i128;
                    let bands = from.iter().zip(1..);
                    Method::Bands(
                        bands
                            .map(|(from, at)| (*from, points * at / last))
                            .collect(),
                    )
                }
            };
            let all = [Missing::Zero, Missing::NotApplicable, Missing::Pending];
            self.scores.push(Score {
                id: format!("s_{kind}_{at}"),
                kind,
                metric,
                points,
                method,
                missing_return: *dice.of(&all),
                missing_value: *dice.of(&all),
            });
        }
    }

    fn units(&mut self, dice: &mut Dice) {
        let mut member = 0;
        for at in 0..4 + dice.below(4) {
            let kind = dice.below(KINDS.len());
            let most = if self.has_members {
                *dice.of(&[0, 1, 3, 7, 20])
            } else {
                0
            };
            let members = (0..most).map(|_| {
                member += 1;
                format!("委员{member:03}")
            });
            self.units.push(Unit {
                code: format!("U{:02}", at + 1),
                name: format!("第{}单位", at + 1),
                kind,
                members: members.collect(),
                villages: if self.has_villages { dice.below(3) } else { 0 },
            });
        }
    }

    /// The code of a member by its name.
    pub fn member_code(name: &str) -> String {
        format!("M{}", name.trim_start_matches("委员"))
    }

    /// The files of the pack.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files = vec![
            ("plan.toml".to_owned(), plan()),
            ("metrics.toml".to_owned(), self.metrics_toml()),
            ("reconcile.toml".to_owned(), String::new()),
            ("roster.toml".to_owned(), self.roster_toml()),
            ("rules/scores.toml".to_owned(), self.scores_toml()),
            ("rules/decisions.toml".to_owned(), self.decisions_toml()),
            ("rules/funds.toml".to_owned(), self.funds_toml()),
            ("rules/goals.toml".to_owned(), self.goals_toml()),
        ];
        let both = r#"["ka", "kb"]"#;
        let acting = if self.both_act { both } else { r#"["ka"]"# };
        let mut form = |id: &str, text: String| files.push((format!("forms/{id}.toml"), text));
        form("cover", COVER.to_owned());
        form("visits", VISITS.to_owned());
        if self.has_members {
            form("acts", ACTS.replace("KINDS", acting));
        }
        if self.has_money {
            form("gifts", GIFTS.to_owned());
        }
        if self.has_villages {
            form("state", STATE.to_owned());
        }
        form(
            "roster_units",
            roster("units", 12, "单位", &[("kind", "unit_kind")]),
        );
        let of_members = [("unit", "unit"), ("category", "choice"), ("role", "text")];
        form("roster_members", roster("members", 13, "人员", &of_members));
        let of_villages = [
            ("township", "text"),
            ("class", "choice"),
            ("reporter", "unit"),
        ];
        form(
            "roster_villages",
            roster("villages", 14, "帮扶村", &of_villages),
        );
        files
    }

    fn metrics_toml(&self) -> String {
        let mut toml = String::new();
        for metric in &self.metrics {
            let (id, unit) = (metric.id, metric.unit);
            let _ = write!(
                toml,
                "[[metric]]\nid = \"{id}\"\nname = \"指标{id}\"\nmeasure = \"{unit}\"\nclause = \"1\"\n"
            );
            let condition = |of: &Option<Condition>| match of {
                None => String::new(),
                Some(of) => format!("where = [{{ {} }}]\n", written(*of)),
            };
            toml += &match &metric.measure {
                Measure::Count(form, of) => {
                    format!("count = \"{}\"\n{}", name(*form), condition(of))
                }
                Measure::Sum(Form::Gifts, of) => {
                    format!("sum = \"gifts.amount\"\n{}", condition(of))
                }
                Measure::Sum(_, of) => format!("sum = \"visits.people\"\n{}", condition(of)),
                Measure::Total(parts) => format!("total = {parts:?}\n"),
                Measure::Members(None) => "members = {}\n".to_owned(),
                Measure::Members(Some((of, least))) => {
                    format!("members = {{ metric = \"{of}\", at_least = {least} }}\n")
                }
                Measure::Ratio(part, whole) => format!("ratio = [\"{part}\", \"{whole}\"]\n"),
            };
        }
        toml
    }

    /// A threshold as a pack may say it: shares in either way.
    fn said(&self, metric: &str, limit: Limit) -> String {
        let number =
            |limit: Limit, scale| rust_decimal::Decimal::from_i128_with_scale(limit, scale);
        match self.metric(metric).unit {
            "占比" if limit % 3 == 0 => format!("\"{}%\"", number(limit, 2).normalize()),
            _ => number(limit, 4).normalize().to_string(),
        }
    }

    fn scores_toml(&self) -> String {
        let mut toml = String::new();
        for score in &self.scores {
            let said = |limit| self.said(score.metric, limit);
            let method = match &score.method {
                Method::Linear(full) => format!("linear = {{ full_at = {} }}", said(*full)),
                Method::AllOrNothing(least) => format!("at_least = {}", said(*least)),
                Method::Bands(bands) => {
                    let bands = bands.iter().map(|(from, points)| {
                        format!("{{ from = {}, points = {points} }}", said(*from))
                    });
                    format!("bands = [{}]", bands.collect::<Vec<String>>().join(", "))
                }
            };
            let _ = write!(
                toml,
                "[[score]]\nid = \"{id}\"\nkind = \"{}\"\nname = \"评分{id}\"\nmetric = \"{}\"\npoints = {}\n{method}\nclause = \"1\"\nbasis = \"plan\"\nmissing_return = \"{}\"\nmissing_value = \"{}\"\n",
                KINDS[score.kind].0,
                score.metric,
                score.points,
                word(score.missing_return),
                word(score.missing_value),
                id = score.id,
            );
        }
        toml
    }

    fn decisions_toml(&self) -> String {
        let mut toml = String::new();
        let of_ratio = |metric, missing| match self.is_ratio(metric) {
            true => format!("missing_value = \"{}\"\n", word(missing)),
            false => String::new(),
        };
        for veto in &self.vetoes {
            let whom = match veto.kind {
                Some(kind) => format!("subject = \"unit\"\nkind = \"{}\"", KINDS[kind].0),
                None => "subject = \"member\"".to_owned(),
            };
            let _ = write!(
                toml,
                "[[veto]]\nid = \"{id}\"\nname = \"否决{id}\"\n{whom}\nmetric = \"{}\"\nless_than = {}\nclause = \"1\"\nbasis = \"plan\"\nmissing_return = \"{}\"\n{}",
                veto.metric,
                self.said(veto.metric, veto.less_than),
                word(veto.missing_return),
                of_ratio(veto.metric, veto.missing_value),
                id = veto.id,
            );
        }
        for award in &self.awards {
            let kinds: Vec<&str> = award.kinds.iter().map(|kind| KINDS[*kind].0).collect();
            let _ = write!(
                toml,
                "[[award]]\nid = \"{id}\"\nname = \"奖项{id}\"\nkinds = {kinds:?}\nmetric = \"{}\"\nat_least = {}\nclause = \"1\"\nbasis = \"plan\"\nexcluded_by_veto = {}\nmissing_return = \"{}\"\n{}",
                award.metric,
                self.said(award.metric, award.at_least),
                award.excluded_by_veto,
                word(award.missing_return),
                of_ratio(award.metric, award.missing_value),
                id = award.id,
            );
        }
        if self.has_members {
            toml += "[[personal_award]]\nid = \"best\"\nname = \"优秀委员\"\ncategory = \"政协委员\"\nclause = \"1\"\nbasis = \"plan\"\nexcluded_by_veto = true\n";
        }
        if let Some(limit) = self.publicity {
            let _ = write!(
                toml,
                "[[publicity]]\nid = \"donors\"\nname = \"捐助较多\"\nsum = \"gifts.amount\"\nat_least = {}\nclause = \"1\"\nbasis = \"plan\"\n",
                limit / 10_000,
            );
        }
        toml
    }

    fn funds_toml(&self) -> String {
        let mut toml = "[[fund_table]]\nid = \"visits_by_kind\"\ntitle = \"活动次数\"\ncount = \"visits\"\nrows = \"unit\"\ncolumns = \"sort\"\nclause = \"1\"\n".to_owned();
        if self.has_money {
            toml += "[[fund_table]]\nid = \"gifts_by_month\"\ntitle = \"各单位资金\"\nsum = \"gifts.amount\"\nrows = \"unit\"\ncolumns = \"month\"\nclause = \"1\"\n";
        }
        toml
    }

    fn goals_toml(&self) -> String {
        let mut toml = "[scope]\nclasses = [\"一类\"]\n".to_owned();
        if self.has_villages {
            toml += "[[goal]]\nid = \"road\"\nname = \"通路\"\nvalue = \"state.rate\"\nat_least = 1\nclause = \"1\"\nbasis = \"plan\"\n[[goal]]\nid = \"power\"\nname = \"通电\"\nvalue = \"state.done\"\nis = \"是\"\nclause = \"1\"\nbasis = \"plan\"\n";
        }
        toml
    }

    fn roster_toml(&self) -> String {
        let mut toml = String::new();
        for unit in &self.units {
            let (code, name, kind) = (&unit.code, &unit.name, KINDS[unit.kind].1);
            let _ = write!(
                toml,
                "[[unit]]\ncode = \"{code}\"\nname = \"{name}\"\nkind = \"{kind}\"\n"
            );
            for member in &unit.members {
                let code = Pack::member_code(member);
                let _ = write!(
                    toml,
                    "[[member]]\ncode = \"{code}\"\nname = \"{member}\"\nunit = \"{name}\"\ncategory = \"政协委员\"\n"
                );
            }
            for village in 0..unit.villages {
                let _ = write!(
                    toml,
                    "[[village]]\ncode = \"V{code}{village}\"\nname = \"{name}{village}村\"\ntownship = \"某镇\"\nclass = \"{}\"\nreporter = \"{name}\"\n",
                    ["一类", "二类"][village % 2],
                );
            }
        }
        toml
    }
}

fn name(form: Form) -> &'static str {
    match form {
        Form::Visits => "visits",
        Form::Acts => "acts",
        Form::Gifts => "gifts",
    }
}

fn written(condition: Condition) -> String {
    match condition {
        Condition::Sort(sort) => format!("field = \"sort\", is = \"{sort}\""),
        Condition::Planned => "field = \"plan\", is = \"是\"".to_owned(),
        Condition::PeopleAtLeast(least) => format!("field = \"people\", at_least = {least}"),
        Condition::Complete => "complete = true".to_owned(),
        Condition::Did => "field = \"did\", is = \"是\"".to_owned(),
        Condition::More => "field = \"more\", is = \"是\"".to_owned(),
        Condition::YuanAtLeast(least) => format!("field = \"amount\", at_least = {least}"),
    }
}

fn word(missing: Missing) -> &'static str {
    match missing {
        Missing::Zero => "zero",
        Missing::NotApplicable => "not_applicable",
        Missing::Pending => "pending",
    }
}

fn plan() -> String {
    let mut toml = PLAN.to_owned();
    for (id, name) in KINDS {
        let _ = write!(
            toml,
            "[[unit_kind]]\nid = \"{id}\"\nname = \"{name}\"\nblock = \"one\"\nclauses = [\"1\"]\n"
        );
    }
    for (id, name, items) in [
        (
            "member_category",
            "人员类别",
            ["政协委员", "其他人员", "工作队员"],
        ),
        ("village_class", "村类别", ["一类", "二类", "三类"]),
        ("sort", "活动类型", SORTS),
    ] {
        let _ = write!(
            toml,
            "[[choice]]\nid = \"{id}\"\nname = \"{name}\"\nclauses = [\"1\"]\nitems = {items:?}\n"
        );
    }
    toml
}

const PLAN: &str = r#"
[pack]
id = "generated"
version = "1"
title = "某县专项行动考核"
document = "〔2018〕1号"
office = "某县政协办公室"
year = 2018
period_from = "2018-01-01"
period_to = "2018-12-31"
round = 1
full_mark = 30
full_mark_clause = "1"
score_decimals = 2

[[clause]]
id = "1"
heading = "考核"
gist = "全部规定。"

[[block]]
id = "one"
name = "一块"
lead = "由本办填写"
clause = "1"
"#;

/// A field of a form.
fn field(id: &str, header: &str, rest: &str) -> String {
    format!("[[field]]\nid = \"{id}\"\nheader = \"{header}\"\nhelp = \"照实填写。\"\n{rest}\n")
}

/// A form of the roster.
fn roster(part: &str, order: u32, sheet: &str, own: &[(&str, &str)]) -> String {
    let mut toml = format!(
        "id = \"roster_{part}\"\norder = {order}\nsheet = \"{sheet}\"\ntitle = \"{sheet}名册\"\nclauses = [\"1\"]\nroster = \"{part}\"\nshape = \"table\"\nprefill = \"blank\"\nspare_rows = 20\nguide = \"一行一个。\"\n"
    );
    toml += &field("code", "编号", "kind = \"code\"\nrequired = true");
    toml += &field("name", "名称", "kind = \"text\"\nrequired = true");
    for (id, kind) in own {
        let choice = match *id {
            "category" => "choice = \"member_category\"",
            "class" => "choice = \"village_class\"",
            _ => "",
        };
        toml += &field(id, id, &format!("kind = \"{kind}\"\n{choice}"));
    }
    toml + &field("aliases", "别名", "kind = \"text\"")
}

const COVER: &str = r#"
id = "cover"
order = 1
sheet = "封面"
title = "封面"
clauses = ["1"]
kinds = ["ka", "kb"]
shape = "card"
prefill = "unit"
guide = "先填这一张。"

[[field]]
id = "unit"
header = "填报单位"
kind = "unit"
required = true
prefilled = true
help = "已填好。"

[[field]]
id = "year"
header = "考核年度"
kind = "integer"
required = true
prefilled = true
help = "已填好。"

[[field]]
id = "round"
header = "报送轮次"
kind = "integer"
required = true
prefilled = true
help = "已填好。"

[[field]]
id = "filled_on"
header = "填报日期"
kind = "date"
required = true
help = "写成年-月-日。"
"#;

const VISITS: &str = r#"
id = "visits"
order = 2
sheet = "活动"
title = "活动表"
clauses = ["1"]
kinds = ["ka", "kb"]
shape = "table"
prefill = "blank"
spare_rows = 20
complete = ["title", "note"]
guide = "一次一行。"

[[field]]
id = "title"
header = "活动名称"
kind = "text"
required = true
help = "名称。"

[[field]]
id = "sort"
header = "活动类型"
kind = "choice"
choice = "sort"
required = true
help = "选择。"

[[field]]
id = "date"
header = "活动日期"
kind = "date"
required = true
help = "年-月-日。"

[[field]]
id = "people"
header = "参加人数"
kind = "integer"
required = true
min = 0
max = 1000
help = "人数。"

[[field]]
id = "plan"
header = "有无计划"
kind = "yesno"
required = true
help = "是或否。"

[[field]]
id = "note"
header = "说明"
kind = "text"
help = "没有可不填。"
"#;

const ACTS: &str = r#"
id = "acts"
order = 3
sheet = "委员行动"
title = "委员行动表"
clauses = ["1"]
kinds = KINDS
shape = "table"
prefill = "members"
spare_rows = 5
guide = "逐人填写。"

[[field]]
id = "member"
header = "委员姓名"
kind = "member"
required = true
prefilled = true
help = "已填好。"

[[field]]
id = "did"
header = "参加了行动"
kind = "yesno"
required = true
help = "是或否。"

[[field]]
id = "more"
header = "另有行动"
kind = "yesno"
required = true
help = "是或否。"
"#;

const GIFTS: &str = r#"
id = "gifts"
order = 4
sheet = "捐助"
title = "捐助表"
clauses = ["1"]
kinds = ["ka", "kb"]
shape = "table"
prefill = "blank"
spare_rows = 20
credit = "donor"
guide = "一笔一行，以元计。"

[[field]]
id = "donor"
header = "捐助人"
kind = "member"
required = true
open = true
help = "姓名。"

[[field]]
id = "amount"
header = "金额"
kind = "money"
required = true
more_than = 0
help = "以元计。"

[[field]]
id = "date"
header = "日期"
kind = "date"
required = true
help = "年-月-日。"
"#;

const STATE: &str = r#"
id = "state"
order = 5
sheet = "村情况"
title = "村情况表"
clauses = ["1"]
kinds = ["ka", "kb"]
shape = "table"
prefill = "villages"
spare_rows = 0
guide = "逐村填写。"

[[field]]
id = "village"
header = "村"
kind = "village"
required = true
prefilled = true
help = "已填好。"

[[field]]
id = "rate"
header = "通路率"
kind = "percent"
min = 0
max = 1
help = "百分数。"

[[field]]
id = "done"
header = "通电"
kind = "yesno"
help = "是或否。"
"#;
