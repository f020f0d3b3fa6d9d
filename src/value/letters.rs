//! Letters that are taken for one another: by their sound, since names are
//! typed by sound; by their look; and signs that stand where a letter could not
//! be read or shown.

use pinyin::ToPinyin;

/// Letters that are read or written for one another.
const LOOK_ALIKE: [&str; 39] = [
    "己已巳",
    "未末",
    "戊戌戍戎",
    "土士",
    "日曰",
    "人入",
    "大太犬",
    "天夭夫",
    "干千于",
    "王玉主",
    "田由申",
    "白自",
    "目且",
    "贝见",
    "刀刁",
    "鸟乌",
    "兔免",
    "今令",
    "治冶",
    "茶荼",
    "候侯",
    "拔拨",
    "晴睛",
    "折拆析",
    "住往",
    "洒酒",
    "斤斥",
    "仓仑",
    "风凤",
    "胄胃",
    "扬杨",
    "毫亳",
    "崇祟",
    "微徽徵",
    "芽茅",
    "徒徙",
    "辨辩辫",
    "陈阵",
    "业亚",
];

/// Radicals that Unicode does not hold to be the letters that they look like.
const RADICALS: [(char, char); 35] = [
    ('⺁', '厂'),
    ('⺒', '巳'),
    ('⺝', '月'),
    ('⺟', '母'),
    ('⺠', '民'),
    ('⺫', '目'),
    ('⺮', '竹'),
    ('⺶', '羊'),
    ('⺹', '老'),
    ('⻁', '虎'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻑', '長'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻗', '雨'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻬', '齐'),
    ('⻮', '齿'),
    ('⻰', '龙'),
];

/// Numerals tell names apart, however they sound.
const NUMERALS: &str = "〇零一二三四五六七八九十百千两甲乙丙丁";

/// How a letter sounds, without its tone and without what southern speakers do
/// not tell apart. Nothing for what is no letter.
fn sound(letter: char) -> Option<String> {
    if NUMERALS.contains(letter) {
        return None;
    }
    let plain = letter.to_pinyin()?.plain();
    let mut sound = match plain.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => format!("{}{}", &plain[..1], &plain[2..]),
        [b'n', ..] => format!("l{}", &plain[1..]),
        _ => plain.to_owned(),
    };
    if sound.ends_with("ing") || sound.ends_with("eng") {
        sound.pop();
    }
    Some(sound)
}

/// How a name sounds; letters without a sound stand for themselves.
pub(crate) fn sounds(name: &str) -> String {
    let mut all = String::new();
    for letter in name.chars() {
        match sound(letter) {
            Some(sound) => all.push_str(&sound),
            None => all.push(letter),
        }
        all.push(' ');
    }
    all
}

/// A letter with what it is compared by, worked out once: names are compared with
/// many others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    sign: char,
    /// The groups of letters that look alike in which it stands, a bit for each.
    looks: u64,
    /// How it sounds, as a number; 0 for what has no sound.
    sound: u64,
}

impl Letter {
    /// A letter.
    pub fn of(sign: char) -> Letter {
        let groups = LOOK_ALIKE.iter().enumerate();
        let own = groups.filter(|(_, group)| !sign.is_ascii() && group.contains(sign));
        let sound = sound(sign).unwrap_or_default();
        let bytes = sound
            .bytes()
            .fold(0, |all, byte| all << 8 | u64::from(byte));
        Letter {
            sign,
            looks: own.fold(0, |all, (at, _)| all | 1 << at),
            sound: bytes,
        }
    }

    /// The letters of a text.
    pub fn all(text: &str) -> Vec<Letter> {
        text.chars().map(Letter::of).collect()
    }

    /// Whether it is the same letter.
    pub fn is(self, other: Letter) -> bool {
        self.sign == other.sign
    }

    /// Whether it may have been written for another.
    pub fn is_alike(self, other: Letter) -> bool {
        self.sign == other.sign
            || self.is_unreadable()
            || self.looks & other.looks != 0
            || (self.sound != 0 && self.sound == other.sound)
    }

    /// Whether it stands for one that could not be read.
    pub fn is_unreadable(self) -> bool {
        is_unreadable(self.sign)
    }
}

/// How alike two texts are, from 0 to 1; 0 where they are less alike than what is asked
/// for by their lengths alone. A whole page is not compared letter by letter with a
/// word.
pub(crate) fn alike(one: &str, other: &str, least: f64) -> f64 {
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let (one_long, other_long) = (f64::from(count(one)), f64::from(count(other)));
    #[allow(clippy::float_arithmetic, reason = "no amount")]
    let may_be = one_long.min(other_long) >= one_long.max(other_long) * least;
    match may_be {
        true => strsim::normalized_levenshtein(one, other),
        false => 0.0,
    }
}

/// Whether a sign stands in the place of a letter that could not be read, shown
/// or carried over: boxes, question marks, letters of a private font.
pub(crate) fn is_unreadable(letter: char) -> bool {
    matches!(letter,
        '?' | '\u{FFFD}' | '□' | '■' | '▯' | '〓' | '*' | '×' | '○'
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

/// A name with letters in place of radicals that look like them; nothing where
/// there are none.
pub(crate) fn without_radicals(name: &str) -> Option<String> {
    let letter = |sign: char| {
        let pair = RADICALS.iter().find(|(radical, _)| *radical == sign);
        pair.map_or(sign, |(_, letter)| *letter)
    };
    let plain: String = name.chars().map(letter).collect();
    (plain != name).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_alike_by_sound_and_by_look() {
        for (one, other) in [
            ('业', '叶'),
            ('业', '業'),
            ('明', '民'),
            ('峰', '锋'),
            ('付', '傅'),
            ('张', '章'),
            ('已', '己'),
            ('□', '王'),
            ('\u{E864}', '马'),
        ] {
            assert!(Letter::of(one).is_alike(Letter::of(other)), "{one}{other}");
        }
        for (one, other) in [('明', '芳'), ('四', '十'), ('1', '2'), ('王', '李')] {
            assert!(!Letter::of(one).is_alike(Letter::of(other)), "{one}{other}");
        }
        assert_eq!(sounds("茶業商會"), sounds("茶业商会"));
        assert_ne!(sounds("第四组"), sounds("第十组"));
    }

    #[test]
    fn radicals_are_the_letters_that_they_look_like() {
        assert_eq!(without_radicals("⻢路镇").as_deref(), Some("马路镇"));
        assert_eq!(without_radicals("马路镇"), None);
        for (radical, letter) in RADICALS {
            assert!(('\u{2E80}'..='\u{2EFF}').contains(&radical), "{radical}");
            assert!(('\u{4E00}'..='\u{9FFF}').contains(&letter), "{letter}");
        }
    }
}
