//! What a unit types into its forms, row by row: legal choices of the pack,
//! days within the year, and a few slips in a hundred rows.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kaohe::policy::Policy;
use kaohe::sheet::Content;
use rust_decimal::Decimal;

use super::dice::Dice;
use super::words::{activity, finding, measures, outsider, purpose, result};

/// A row as it is typed: field and content.
pub type Typed = Vec<(&'static str, Content)>;

/// What a unit knows when it fills in its forms.
pub struct Desk<'a> {
    pub policy: &'a Policy,
    /// Position among the units.
    pub at: usize,
    pub persons: &'a [&'a str],
    /// All villages of the county.
    pub villages: &'a [&'a str],
    pub dice: Dice,
}

impl Desk<'_> {
    /// The rows of a form of which the office knows nothing beforehand.
    pub fn rows(&mut self, form: &str, kind: &str) -> Vec<Typed> {
        let small = 20 + self.dice.below(10);
        let (count, make): (usize, fn(&mut Self, usize) -> Typed) = match form {
            // Two in a hundred have none, and are vetoed.
            "bases" | "outreach" if self.dice.chance(20) => (0, Self::base),
            "bases" => (20, Self::base),
            "outreach" => (small, Self::outreach),
            "homecoming" => (small, Self::homecoming),
            "surveys" => (20, Self::survey),
            "enterprises" => (20 + self.dice.below(30), Self::enterprise),
            "pairs" => (self.many(kind), Self::pair),
            _ => (0, Self::pair),
        };
        (0..count).map(|number| make(self, number)).collect()
    }

    /// How many rows the long forms have: few forms, longer ones.
    fn many(&mut self, kind: &str) -> usize {
        match kind {
            "township" => self.dice.skewed(20, 150, 3),
            "group" => self.dice.skewed(20, 150, 1),
            _ => 170 - self.dice.skewed(20, 150, 2),
        }
    }

    fn choice(&mut self, list: &str) -> Content {
        text(self.dice.of(&self.policy.choices[list].items))
    }

    fn village(&mut self) -> Content {
        text(self.dice.of(self.villages))
    }

    fn person(&mut self) -> Content {
        text(self.dice.of(self.persons))
    }

    fn day(&mut self) -> Content {
        Content::Date(date(2018, 1, 8) + (self.dice.below(320) as i64).days())
    }

    fn count(&mut self, most: usize) -> Content {
        number(1 + self.dice.below(most))
    }

    fn base(&mut self, at: usize) -> Typed {
        let yes = |dice: &mut Dice| text(if dice.chance(50) { "否" } else { "是" });
        vec![
            ("base", text(format!("{:05}号扶贫基地{}", self.at, at + 1))),
            ("village", self.village()),
            ("base_kind", self.choice("base_kind")),
            ("entity", text(outsider(self.at, &mut self.dice))),
            ("industry", text("黑茶种植与加工")),
            ("has_plan", yes(&mut self.dice)),
            ("has_measures", yes(&mut self.dice)),
            ("has_results", yes(&mut self.dice)),
            ("member_count", self.count(6)),
            ("households", self.count(80)),
            ("set_up_on", self.day()),
            ("evidence", text("实施方案、照片6张")),
        ]
    }

    fn pair(&mut self, at: usize) -> Typed {
        let mut row = vec![
            ("helper", self.person()),
            ("household", text(format!("户主{:05}{at:03}", self.at))),
            ("household_size", self.count(7)),
            ("poverty_cause", self.choice("poverty_cause")),
            ("way", self.choice("way")),
            ("started_on", self.day()),
            ("result", text(result(&mut self.dice))),
        ];
        let strange = self.dice.chance(10);
        row.push((
            "village",
            if strange { elsewhere() } else { self.village() },
        ));
        if !self.dice.chance(10) {
            row.push(("measures", text(measures(&mut self.dice))));
        }
        if !self.dice.chance(300) {
            row.push(("evidence", text("走访记录")));
        }
        row
    }

    fn outreach(&mut self, at: usize) -> Typed {
        vec![
            ("title", text(activity(at, &mut self.dice))),
            ("outreach_kind", self.choice("outreach_kind")),
            ("date", self.day()),
            ("village", self.village()),
            ("member_count", self.count(12)),
            ("beneficiaries", self.count(300)),
            (
                "content",
                text(format!(
                    "{}；{}",
                    purpose(&mut self.dice),
                    measures(&mut self.dice)
                )),
            ),
            ("evidence", text("照片5张、签到表")),
        ]
    }

    fn homecoming(&mut self, at: usize) -> Typed {
        vec![
            ("name", text(format!("老乡{:05}{at:02}", self.at))),
            (
                "from_place",
                text(["广东东莞", "湖南长沙", "浙江义乌"][at % 3]),
            ),
            ("homecoming_kind", self.choice("homecoming_kind")),
            (
                "project",
                text(format!("{}，招工{}人", purpose(&mut self.dice), 2 + at)),
            ),
            ("village", self.village()),
            ("invested", self.amount()),
            ("date", self.day()),
            ("contact_member", self.person()),
        ]
    }

    fn survey(&mut self, at: usize) -> Typed {
        vec![
            (
                "topic",
                text(format!("第{}次：{}情况", at + 1, purpose(&mut self.dice))),
            ),
            ("survey_kind", self.choice("survey_kind")),
            ("survey_scope", self.choice("survey_scope")),
            ("date", self.day()),
            ("participants", self.count(15)),
            ("finding", text(finding(&mut self.dice))),
            ("report", text("调研报告1份")),
        ]
    }

    fn enterprise(&mut self, at: usize) -> Typed {
        vec![
            ("enterprise", text(outsider(self.at, &mut self.dice))),
            ("enterprise_kind", self.choice("enterprise_kind")),
            ("village", self.village()),
            (
                "project",
                text(format!("{}第{}期", purpose(&mut self.dice), at + 1)),
            ),
            ("way", self.choice("way")),
            ("invested", self.amount()),
            ("households", self.count(60)),
            ("jobs", self.count(40)),
            ("date", self.day()),
        ]
    }

    fn amount(&mut self) -> Content {
        let fen = 100 * (5_000 + 500 * self.dice.below(100));
        Content::Number(Decimal::new(fen as i64, 2).normalize())
    }
}

/// A village that no roster has.
pub fn elsewhere() -> Content {
    text("邻县某某组")
}

/// The day on which a version is filled in.
pub fn filled_on(version: usize) -> Date {
    date(2018, 11, 10) + (2 * version as i64).days()
}

/// Short, as is much used.
pub fn text(text: impl AsRef<str>) -> Content {
    Content::Text(text.as_ref().to_owned())
}

/// Short, as is much used.
pub fn number(number: usize) -> Content {
    Content::Number(Decimal::from(number))
}
