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

/// Whether one letter may have been written for another.
pub(crate) fn is_alike(one: char, other: char) -> bool {
    let sounds_alike = || sound(one).is_some_and(|own| Some(own) == sound(other));
    let looks_alike = |group: &&str| group.contains(one) && group.contains(other);
    one == other || is_unreadable(one) || LOOK_ALIKE.iter().any(looks_alike) || sounds_alike()
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
            assert!(is_alike(one, other), "{one}{other}");
        }
        for (one, other) in [('明', '芳'), ('四', '十'), ('1', '2'), ('王', '李')] {
            assert!(!is_alike(one, other), "{one}{other}");
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
