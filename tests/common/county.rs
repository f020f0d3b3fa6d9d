//! A made-up county of many units, its returns row by row, and the faults
//! that are planted in them. All of it follows from a seed.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kaohe::intake::ReturnedFile;
use kaohe::policy::{CPPCC_MEMBER, Kind};
use kaohe::roster::{Member, Roster, Unit, Village};
use kaohe::sheet::{Content, write};
use rust_decimal::Decimal;

use super::world::{World, file, text, world};

/// A source of numbers that is the same for the same seed everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    pub fn of<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// A row as it is typed: field to content.
pub type Typed = BTreeMap<&'static str, Content>;

/// A return as it will be sent.
#[derive(Clone)]
pub struct Return {
    pub unit: String,
    pub name: String,
    pub filled_on: Date,
    pub rows: BTreeMap<&'static str, Vec<Typed>>,
}

/// A county with its returns.
pub struct County {
    pub world: World,
    pub returns: Vec<Return>,
}

/// A gift before it is written down.
#[derive(Clone)]
pub struct Gift {
    pub donor: String,
    pub village: String,
    pub amount: Decimal,
    pub date: Date,
}

const SURNAMES: [&str; 12] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫",
];
const BRANDS: [&str; 16] = [
    "宏达", "永兴", "金桥", "鑫源", "福民", "长青", "云台", "雪峰", "梅山", "资江", "芙蓉", "白沙",
    "高城", "天罩", "渠江", "洞市",
];
const TRADES: [&str; 6] = ["茶业", "建材", "农业", "商贸", "电子", "食品"];

/// A county of so many units: half of them townships with three villages each,
/// the others groups, branches and chambers. Every gift is reported once by
/// the unit of its giver and once by the village's township.
pub fn county(seed: u64, units: usize) -> County {
    let mut dice = Dice::new(seed);
    let roster = roster(units);
    let world = World {
        policy: world().policy,
        roster,
    };
    let mut returns: Vec<Return> = world
        .roster
        .units()
        .map(|unit| Return {
            unit: unit.code.clone(),
            name: format!("{}.xlsx", unit.name),
            filled_on: date(2018, 12, 10),
            rows: BTreeMap::new(),
        })
        .collect();
    let villages: Vec<(String, String)> = world
        .roster
        .villages()
        .map(|village| (village.name.clone(), village.reporter.clone()))
        .collect();
    let mut receipts: BTreeMap<String, Vec<Typed>> = BTreeMap::new();
    for (at, sent) in returns.iter_mut().enumerate() {
        let unit = world.roster.unit(&sent.unit).expect("unit");
        let own: Vec<String> = world
            .roster
            .members()
            .filter(|m| m.unit == unit.code)
            .map(|m| m.name.clone())
            .collect();
        for number in 0..4 + dice.below(5) {
            let donor = match dice.below(3) {
                // Outside givers report through one unit only; no two are alike.
                0 => format!("湖南{}{}有限公司", brand(at, number), dice.of(&TRADES)),
                _ => dice.of(&own).clone(),
            };
            let (village, township) = dice.of(&villages).clone();
            let gift = Gift {
                donor,
                village,
                amount: Decimal::from(500 * (2 + dice.below(60)) + 100 * (at % 5)),
                date: date(2018, 1, 10) + (dice.below(300) as i64).days(),
            };
            let rows = sent.rows.entry("funds").or_default();
            rows.push(gift.given(number));
            let late = (dice.below(4) as i64).days();
            let received = Gift {
                date: gift.date + late,
                ..gift
            };
            receipts
                .entry(township)
                .or_default()
                .push(received.received());
        }
        bases_and_pairs(sent, unit, &own, &villages, at, &mut dice);
    }
    for sent in &mut returns {
        if let Some(rows) = receipts.remove(&sent.unit) {
            sent.rows.insert("received", rows);
        }
    }
    County { world, returns }
}

/// A name that no other unit's giver is like.
fn brand(unit: usize, number: usize) -> String {
    let at = unit * 9 + number;
    let (one, two) = (at % BRANDS.len(), at / BRANDS.len());
    format!(
        "{}{}{}",
        BRANDS[one],
        SURNAMES[two % 12],
        BRANDS[(two / 12 + one) % 16]
    )
}

fn bases_and_pairs(
    sent: &mut Return,
    unit: &Unit,
    own: &[String],
    villages: &[(String, String)],
    at: usize,
    dice: &mut Dice,
) {
    if unit.kind == "township" {
        for number in 0..1 + dice.below(3) {
            let row = typed(&[
                ("base", &format!("{}第{}基地", unit.name, number + 1)),
                ("base_kind", "种养大户"),
                ("entity", &format!("大户{at}-{number}")),
                ("industry", "黑茶"),
                ("has_plan", "是"),
                ("has_measures", "是"),
                ("has_results", "是"),
            ]);
            let mut row = row;
            row.insert("member_count", Content::Number(Decimal::ONE));
            sent.rows.entry("bases").or_default().push(row);
        }
    }
    if matches!(unit.kind.as_str(), "township" | "group") {
        for number in 0..dice.below(3) {
            let mut row = typed(&[
                ("title", &format!("下乡活动{at}-{number}")),
                ("outreach_kind", "送文化下乡"),
                ("content", "演出一场"),
            ]);
            row.insert("date", Content::Date(date(2018, 5, 1 + number as i8)));
            row.insert("member_count", Content::Number(Decimal::from(3)));
            sent.rows.entry("outreach").or_default().push(row);
        }
    }
    for (number, helper) in own.iter().enumerate() {
        let row = typed(&[
            ("helper", helper),
            ("village", &dice.of(villages).0),
            ("household", &format!("户主{at}-{number}")),
            ("poverty_cause", "因病"),
            ("way", "产业扶持"),
            ("measures", "送鸡苗"),
            ("result", "增收"),
        ]);
        sent.rows.entry("pairs").or_default().push(row);
    }
}

impl Gift {
    /// As the giver's unit reports it.
    pub fn given(&self, number: usize) -> Typed {
        // Who has another name than a company is on the roster.
        let kind = match self.donor.contains("公司") {
            true => "其他",
            false => CPPCC_MEMBER,
        };
        let mut row = typed(&[
            ("donor", &self.donor),
            ("donor_kind", kind),
            ("channel", "社会募资"),
            ("fund_form", "资金"),
            ("way", "资金扶持"),
            ("village", &self.village),
            ("purpose", "修路"),
            ("voucher", &format!("收据{number}")),
        ]);
        row.insert("amount", Content::Number(self.amount));
        row.insert("date", Content::Date(self.date));
        row
    }

    /// As the township reports it.
    pub fn received(&self) -> Typed {
        let mut row = typed(&[
            ("village", &self.village),
            ("donor", &self.donor),
            ("fund_form", "资金"),
        ]);
        row.insert("amount", Content::Number(self.amount));
        row.insert("date", Content::Date(self.date));
        row
    }
}

fn typed(parts: &[(&'static str, &str)]) -> Typed {
    parts.iter().map(|(id, value)| (*id, text(value))).collect()
}

fn roster(count: usize) -> Roster {
    let mut units = Vec::new();
    let mut members = Vec::new();
    let mut villages = Vec::new();
    for at in 0..count {
        let (letter, kind, ending) = match at {
            _ if at * 2 < count => ("T", "township", "镇联工委"),
            _ if at % 3 == 0 => ("G", "group", "委员组"),
            _ if at % 3 == 1 => ("B", "branch", "经促分会"),
            _ => ("C", "chamber", "商会"),
        };
        let name = format!("{}{ending}", place(at));
        let code = format!("{letter}{at:03}");
        units.push(Unit {
            code: code.clone(),
            name,
            kind: kind.to_owned(),
            aliases: Vec::new(),
        });
        for number in 0..4 {
            members.push(Member {
                code: format!("M{at:03}{number}"),
                name: match number {
                    3 => short_name(at),
                    _ => format!("委员{at:03}{number}"),
                },
                unit: code.clone(),
                category: CPPCC_MEMBER.to_owned(),
                sector: String::new(),
                role: String::new(),
                aliases: Vec::new(),
            });
        }
        for number in 0..if kind == "township" { 3 } else { 0 } {
            villages.push(Village {
                code: format!("V{at:03}{number}"),
                name: format!("{}第{number}村", place(at)),
                township: format!("{}镇", place(at)),
                class: "县级领导联系".to_owned(),
                leader: String::new(),
                reporter: code.clone(),
                aliases: Vec::new(),
            });
        }
    }
    Roster::new(units, members, villages)
}

/// Given names of one letter, no two alike in sound or look, each with one that
/// sounds or looks like it.
pub const GIVEN: [(&str, &str); 20] = [
    ("勇", "永"),
    ("芳", "方"),
    ("磊", "蕾"),
    ("涛", "滔"),
    ("敏", "民"),
    ("军", "君"),
    ("强", "墙"),
    ("霞", "侠"),
    ("波", "博"),
    ("兰", "岚"),
    ("超", "钞"),
    ("燕", "艳"),
    ("飞", "非"),
    ("红", "宏"),
    ("刚", "钢"),
    ("洁", "杰"),
    ("斌", "彬"),
    ("乌", "鸟"),
    ("免", "兔"),
    ("冶", "治"),
];

/// A name of two letters that nobody else has in a county of up to 240 units.
fn short_name(at: usize) -> String {
    match GIVEN.get(at / SURNAMES.len()) {
        Some((given, _)) => format!("{}{given}", SURNAMES[at % SURNAMES.len()]),
        None => format!("委员{at:03}3"),
    }
}

/// A name of a place: letters that no other has in the same order.
fn place(at: usize) -> String {
    const FIRST: [&str; 10] = ["安", "清", "仙", "长", "小", "羊", "冷", "奎", "烟", "渠"];
    const SECOND: [&str; 10] = ["溪", "塘", "口", "坪", "山", "湖", "桥", "田", "岭", "洲"];
    format!("{}{}", FIRST[at % 10], SECOND[at / 10 % 10])
}

impl County {
    /// A return by unit.
    pub fn of(&mut self, unit: &str) -> &mut Return {
        let mut returns = self.returns.iter_mut();
        returns.find(|sent| sent.unit == unit).expect("return")
    }

    /// The gifts that a return reports, by row.
    pub fn gifts(&self, at: usize) -> Vec<Gift> {
        let rows = self.returns[at]
            .rows
            .get("funds")
            .map_or(&[][..], Vec::as_slice);
        let gift = |row: &Typed| {
            let word = |id: &str| match &row[id] {
                Content::Text(text) => text.clone(),
                other => panic!("no text: {other:?}"),
            };
            let (Content::Number(amount), Content::Date(date)) = (&row["amount"], &row["date"])
            else {
                panic!("no gift: {row:?}");
            };
            Gift {
                donor: word("donor"),
                village: word("village"),
                amount: *amount,
                date: *date,
            }
        };
        rows.iter().map(gift).collect()
    }

    /// The returns as files.
    pub fn files(&self) -> Vec<ReturnedFile> {
        self.returns.iter().map(|sent| self.file(sent)).collect()
    }

    /// A return as a file.
    pub fn file(&self, sent: &Return) -> ReturnedFile {
        let mut book = self.world.issued(&sent.unit);
        let day = Content::Date(sent.filled_on);
        self.world.put(&mut book, "cover", "filled_on", 0, day);
        for (form, rows) in &sent.rows {
            for (entry, row) in (0..).zip(rows) {
                for (field, content) in row {
                    let content = match *field {
                        "village" => self.as_listed(&sent.unit, content),
                        _ => content.clone(),
                    };
                    self.world.put(&mut book, form, field, entry, content);
                }
            }
        }
        self.signed(sent, &mut book);
        file(&sent.name, write(&book).expect("return is written"))
    }

    /// A village as the lists of the unit have it: a township says whose it is, if
    /// it is another's.
    fn as_listed(&self, unit: &str, content: &Content) -> Content {
        let roster = &self.world.roster;
        let unit = roster.unit(unit).expect("unit");
        let named = match content {
            Content::Text(name) => roster.village_named(name),
            _ => None,
        };
        let other = named.filter(|village| !roster.is_at_home(village, unit));
        match other.filter(|_| unit.kind == "township") {
            Some(village) => text(&roster.name_with_township(village)),
            None => content.clone(),
        }
    }

    /// The cover's totals, and what was prefilled answered.
    fn signed(&self, sent: &Return, book: &mut kaohe::sheet::Workbook) {
        let rows = sent.rows.get("funds").into_iter().flatten();
        let sum: Decimal = rows
            .map(|row| match &row["amount"] {
                Content::Number(number) => *number,
                Content::Text(text) => {
                    let number = text.trim_end_matches("万元");
                    let number: Decimal = number.parse().expect("an amount");
                    number * Decimal::from(10_000)
                }
                other => panic!("no amount: {other:?}"),
            })
            .sum();
        let world = &self.world;
        world.put(book, "cover", "declared_money", 0, Content::Number(sum));
        let unit = world.roster.unit(&sent.unit).expect("unit");
        for form in world.policy.forms_of(&unit.kind) {
            let asked = form.fields.values().filter(|f| f.kind == Kind::YesNo);
            let count = match form.id.as_str() {
                "three_ones" => 4,
                "goals" => 3,
                _ => 0,
            };
            for field in asked {
                for entry in 0..count {
                    world.put(book, &form.id, &field.id, entry, text("是"));
                }
            }
            let rates = form
                .fields
                .values()
                .filter(|f| form.id == "goals" && f.required);
            for field in rates {
                for entry in 0..count {
                    let content = match field.kind {
                        Kind::Percent => Content::Number(Decimal::ONE),
                        Kind::Integer | Kind::Number => Content::Number(Decimal::ONE),
                        _ => continue,
                    };
                    world.put(book, &form.id, &field.id, entry, content);
                }
            }
        }
    }
}
