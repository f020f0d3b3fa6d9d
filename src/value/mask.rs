//! Telephone and identity numbers are nobody's business but the sender's: in
//! what leadership and others see, their middle is hidden.

/// A text with the middle of every telephone and identity number hidden.
pub fn masked(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let mut made = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&sign) = signs.get(at) {
        let before = |back: usize| at.checked_sub(back).and_then(|at| signs.get(at));
        // In the middle of a code or a longer number nothing is a number of a person.
        let is_joined = match before(1) {
            Some('-') => before(2).is_some_and(char::is_ascii_alphanumeric),
            Some(sign) => sign.is_ascii_alphanumeric() || *sign == '*',
            None => false,
        };
        let begins = sign.is_ascii_digit() && !is_joined;
        let whole = if begins { run(&signs[at..]) } else { 0 };
        // Two numbers with a blank between them are two numbers.
        let digits = signs[at..at + whole].iter();
        let first = digits.take_while(|c| !matches!(c, ' ' | '-')).count();
        let found = [whole, first].into_iter().find_map(|length| {
            let shown = shown(signs.get(at..at + length)?)?;
            Some((length, shown))
        });
        let Some((length, (head, tail))) = found else {
            made.push(sign);
            at += 1;
            continue;
        };
        let token = &signs[at..at + length];
        made.extend(&token[..head]);
        made.extend(token[head..length - tail].iter().map(|_| '*'));
        made.extend(&token[length - tail..]);
        at += length;
    }
    made
}

/// Length of what may be one number: digits, with at most single blanks or
/// dashes between them, and an X at the end. 0 if letters follow.
fn run(signs: &[char]) -> usize {
    let mut length = 0;
    while let Some(sign) = signs.get(length) {
        let next = signs.get(length + 1);
        let joins = matches!(sign, ' ' | '-') && next.is_some_and(char::is_ascii_digit);
        if !sign.is_ascii_digit() && !joins {
            break;
        }
        length += 1;
    }
    if matches!(signs.get(length), Some('x' | 'X')) {
        length += 1;
    }
    match signs.get(length) {
        Some(sign) if sign.is_ascii_alphanumeric() => 0,
        _ => length,
    }
}

/// How many signs stay at the beginning and at the end, if it is a number of a
/// person: a mobile or a fixed telephone, or an identity number.
fn shown(token: &[char]) -> Option<(usize, usize)> {
    let digits: String = token.iter().filter(|c| !matches!(c, ' ' | '-')).collect();
    let is_parted = digits.len() != token.len();
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    let is_mobile = digits.len() == 11
        && digits.starts_with('1')
        && number(1..2).is_some_and(|second| second >= 3)
        && !digits.ends_with(['x', 'X']);
    let is_fixed = is_parted && digits.starts_with('0') && (10..=12).contains(&digits.len());
    let is_born = number(6..10).is_some_and(|year| (1900..=2100).contains(&year))
        && number(10..12).is_some_and(|month| (1..=12).contains(&month))
        && number(12..14).is_some_and(|day| (1..=31).contains(&day));
    if is_mobile {
        Some((3, 4))
    } else if is_fixed {
        Some((4, 2))
    } else if digits.len() == 18 && is_born && !is_parted {
        Some((4, 4))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn numbers_of_persons_are_hidden_and_nothing_else() {
        for (text, wanted) in [
            ("电话13812345678", "电话138****5678"),
            ("138-1234-5678，张三", "138******5678，张三"),
            ("430923198001011234", "4309**********1234"),
            ("身份证43092319800101123X。", "身份证4309**********123X。"),
            ("0737-7222222", "0737******22"),
            ("13812345678 13912345678", "138****5678 139****5678"),
            ("13812345678-8001", "138****5678-8001"),
        ] {
            assert_eq!(masked(text), wanted);
        }
        for same in [
            "",
            "1234567.89",
            "20181231",
            "2018-12-31",
            "凭证号 201812310001",
            "430923198013011234",
            "11234567890",
            "a13812345678b",
            "213812345678",
            "YS-1A2B3C4D",
            "4309231980010112345",
            "户主901、35000 元",
            // Found by fuzzing: a part of it was hidden, then another.
            "2320388-0-0321-73956-0-0321-73956",
        ] {
            assert_eq!(masked(same), same);
        }
    }
}
