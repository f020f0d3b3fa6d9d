//! What grows: returns with so much of a thing, each with nothing else in it that
//! grows.

use jiff::ToSpan;
use jiff::civil::date;
use kaohe::intake::ReturnedFile;
use kaohe::sheet::{Content, Workbook, write};

use crate::common::world::{World, file, number, text};

/// A thing of which there may be more.
pub struct Dimension {
    pub name: &'static str,
    /// How much of it makes what else there is small.
    pub size: u32,
    pub made: fn(&World, u32) -> Vec<ReturnedFile>,
}

/// All that grows.
pub const DIMENSIONS: &[Dimension] = &[
    Dimension {
        name: "letters of a text",
        size: 8_000,
        made: letters,
    },
    Dimension {
        name: "rows of a unit",
        size: 500,
        made: rows,
    },
    Dimension {
        name: "gifts, matched",
        size: 400,
        made: matched,
    },
    Dimension {
        name: "gifts of a village and amount",
        size: 400,
        made: unmatched,
    },
    Dimension {
        name: "gifts of distinct amounts",
        size: 400,
        made: distinct,
    },
    Dimension {
        name: "gifts in instalments",
        size: 400,
        made: instalments,
    },
    Dimension {
        name: "matters",
        size: 200,
        made: matters,
    },
    Dimension {
        name: "findings",
        size: 500,
        made: findings,
    },
    Dimension {
        name: "names almost right",
        size: 500,
        made: almost_right,
    },
    Dimension {
        name: "returns of a unit",
        size: 40,
        made: returns,
    },
    Dimension {
        name: "rejected rows",
        size: 400,
        made: rejected,
    },
];

/// A unit that gives, and one whose villages receive.
const GIVING: &str = "G02";
const RECEIVING: &str = "T109";
const VILLAGE: &str = "三星村";

fn one(world: &World, made: impl Fn(&mut Workbook)) -> Vec<ReturnedFile> {
    let mut book = world.issued(GIVING);
    made(&mut book);
    vec![sent(GIVING, &book)]
}

fn sent(unit: &str, book: &Workbook) -> ReturnedFile {
    file(&format!("{unit}.xlsx"), write(book).expect("a return"))
}

/// A name that is like no other.
fn name(at: u32) -> String {
    let letters: Vec<char> = "天地玄黄宇宙洪荒日月盈昃辰宿列张".chars().collect();
    let letter = |by: u32| letters[(at / by) as usize % letters.len()];
    format!("{}{}{}商行", letter(256), letter(16), letter(1))
}

fn day(at: u32) -> Content {
    Content::Date(date(2018, 1, 10) + i64::from(at % 300).days())
}

fn gift(world: &World, book: &mut Workbook, at: u32, donor: &str, amount: i64) {
    world.gift(book, at, donor, number(amount));
    world.put(book, "funds", "voucher", at, text(&format!("A{at}")));
}

fn receipt(world: &World, book: &mut Workbook, at: u32, donor: &str, amount: i64) {
    let texts = [
        ("village", VILLAGE),
        ("donor", donor),
        ("donor_kind", "其他"),
        ("fund_form", "资金"),
        ("purpose", "修路"),
    ];
    for (field, value) in texts {
        world.put(book, "received", field, at, text(value));
    }
    let content = Content::Date(date(2018, 6, 8));
    world.put(book, "received", "date", at, content);
    world.put(book, "received", "amount", at, number(amount));
    let receipt = format!("B{at}");
    world.put(book, "received", "receipt", at, text(&receipt));
}

/// Both sides, each with so many gifts by who gave and how much.
fn sides(
    world: &World,
    count: u32,
    given: impl Fn(u32) -> (String, i64),
    received: impl Fn(u32) -> (String, i64),
) -> Vec<ReturnedFile> {
    let (mut giving, mut receiving) = (world.issued(GIVING), world.issued(RECEIVING));
    for at in 0..count {
        let (donor, amount) = given(at);
        gift(world, &mut giving, at, &donor, amount);
        world.put(&mut giving, "funds", "village", at, text(VILLAGE));
        let (donor, amount) = received(at);
        receipt(world, &mut receiving, at, &donor, amount);
    }
    vec![sent(GIVING, &giving), sent(RECEIVING, &receiving)]
}

fn letters(world: &World, count: u32) -> Vec<ReturnedFile> {
    // As of a picture that was pasted as a text.
    let sign = |at: u32| char::from(b"QWxhZGRpbjpvcGVuIHNlc2FtZQpaRe"[at as usize % 30]);
    let long: String = (0..count).map(sign).collect();
    one(world, |book| {
        for at in 0..30 {
            gift(world, book, at, &name(at), 5_000);
            world.put(book, "funds", "purpose", at, text(&format!("{at}{long}")));
        }
    })
}

fn rows(world: &World, count: u32) -> Vec<ReturnedFile> {
    one(world, |book| {
        for at in 0..count {
            gift(world, book, at, &name(at), 1_000 + i64::from(at));
            world.put(book, "funds", "date", at, day(at));
        }
    })
}

fn matched(world: &World, count: u32) -> Vec<ReturnedFile> {
    let same = |at: u32| (name(at), 2_000 + i64::from(at));
    sides(world, count, same, same)
}

fn unmatched(world: &World, count: u32) -> Vec<ReturnedFile> {
    let given = |at: u32| (format!("给{}", name(at)), 2_000);
    let received = |at: u32| (format!("收得{}", name(at)), 2_000);
    sides(world, count, given, received)
}

fn distinct(world: &World, count: u32) -> Vec<ReturnedFile> {
    let given = |at: u32| ("湖南甲有限公司".to_owned(), 100_000 + 7 * i64::from(at));
    let received = |at: u32| ("湖南乙有限公司".to_owned(), 100_003 + 7 * i64::from(at));
    sides(world, count, given, received)
}

fn instalments(world: &World, count: u32) -> Vec<ReturnedFile> {
    let of = || "湖南甲有限公司".to_owned();
    let given = move |at: u32| (of(), 1_001 + 20 * i64::from(at));
    let received = move |at: u32| (of(), 4_010 + 20 * i64::from(at * 7 % 100));
    sides(world, count, given, received)
}

fn matters(world: &World, count: u32) -> Vec<ReturnedFile> {
    // Two units report one gift, some days apart.
    let files = [GIVING, "G03"].map(|unit| {
        let mut book = world.issued(unit);
        for at in 0..count {
            gift(world, &mut book, at, &name(at), 2_000 + i64::from(at));
            let late = u32::from(unit != GIVING);
            world.put(&mut book, "funds", "date", at, day(3 * (at % 90) + late));
        }
        sent(unit, &book)
    });
    files.into()
}

fn findings(world: &World, count: u32) -> Vec<ReturnedFile> {
    one(world, |book| {
        for at in 0..count {
            world.gift(book, at, &name(at), text(&format!("约{at}元左右")));
        }
    })
}

fn almost_right(world: &World, count: u32) -> Vec<ReturnedFile> {
    one(world, |book| {
        for at in 0..count {
            let donor = format!("萎员{:03}", at % 150 + 1);
            gift(world, book, at, &donor, 1_000 + i64::from(at));
            world.put(book, "funds", "date", at, day(at));
        }
    })
}

fn returns(world: &World, count: u32) -> Vec<ReturnedFile> {
    let made = |at: u32| {
        let mut book = world.issued(GIVING);
        gift(world, &mut book, 0, &name(at), 1_000);
        file(&format!("第{at}次.xlsx"), write(&book).expect("a return"))
    };
    (0..count).map(made).collect()
}

fn rejected(world: &World, count: u32) -> Vec<ReturnedFile> {
    let (mut giving, mut receiving) = (world.issued(GIVING), world.issued(RECEIVING));
    for at in 0..count {
        gift(world, &mut giving, at, &name(at), 2_000 + i64::from(at));
        world.put(&mut giving, "funds", "village", at, text(VILLAGE));
        receipt(world, &mut receiving, at, &name(at), 2_000);
        let content = text(&format!("{at}元多"));
        world.put(&mut receiving, "received", "amount", at, content);
    }
    vec![sent(GIVING, &giving), sent(RECEIVING, &receiving)]
}
