//! Looks over the XML of a part before the library does: nothing that defines
//! itself, no endless tag, no number that claims more than is there.

use memchr::{memchr, memchr_iter, memmem};
use quick_xml::events::attributes::{AttrError, Attributes};

use crate::sheet::refused::{damaged, two_ways, unknown};
use crate::sheet::{OpenError, limits};

/// Attributes for which the library makes room before it has seen what they
/// count: texts and shared formulas. `count` itself is none of them: of texts it
/// is how often cells use them.
const DECLARED: [&[u8]; 2] = [b"uniqueCount=", b"si="];

/// Signs of attributes in a tag; more take long to hold against each other.
const MOST_ATTRIBUTES: usize = 256;

/// Looks over a part, from which so many tags were left out that are known. Says
/// whether all its elements are plainly of one namespace: none has a prefix, and
/// none after the first declares another one to go without.
///
/// # Errors
/// When the library could be led astray by it; `name` is how it is called then.
pub(super) fn check(name: &str, part: &[u8], left_out: u64) -> Result<bool, OpenError> {
    let too_long = || OpenError::TooLarge(format!("{name}里有过长的内容"));
    let declared_by = DECLARED.map(|name| (memmem::Finder::new(name), name.len()));
    // Most parts declare nothing that is out of the way, in tags or elsewhere.
    let declares_much = declared(part, &declared_by) > limits::MISCOUNT;
    let mut tags = left_out;
    let mut most: u64 = 0;
    let (mut one_space, mut is_first) = (true, true);
    let mut at = 0;
    while let Some(gap) = memchr(b'<', &part[at..]) {
        if gap > limits::GAP {
            return Err(too_long());
        }
        let open = at + gap;
        let rest = &part[open..];
        if rest.starts_with(b"<!")
            && !rest.starts_with(b"<!--")
            && !rest.starts_with(b"<![CDATA[")
            && !is_bare_doctype(rest)
        {
            return Err(unknown(format!(
                "{name}里自己定义了别的写法，为了安全没有读"
            )));
        }
        // Comments and quoted text may hold signs of tags.
        let close = match rest {
            _ if rest.starts_with(b"<!--") => memmem::find(rest, b"-->").map(|end| end + 3),
            _ if rest.starts_with(b"<![CDATA[") => memmem::find(rest, b"]]>").map(|end| end + 3),
            _ => end_of_tag(rest),
        };
        // Cut off: the library says so by itself, or there is nothing behind it.
        let Some(length) = close else {
            if rest.len() > limits::GAP {
                return Err(too_long());
            }
            break;
        };
        if length > limits::GAP {
            return Err(too_long());
        }
        tags += 1;
        let tag = &rest[..length];
        if declares_much {
            most = most.max(declared(tag, &declared_by));
        }
        if !matches!(tag.get(1), Some(b'!' | b'?' | b'/')) {
            let signs = memchr_iter(b'=', tag).take(MOST_ATTRIBUTES + 1).count();
            if signs > MOST_ATTRIBUTES {
                return Err(unknown(format!("{name}里有一处的属性太多")));
            }
            if signs > 1 && says_twice(tag) {
                return Err(two_ways(format!("{name}里有一处写了两遍")));
            }
            one_space &= is_plain_name(tag) && (is_first || !redeclares(tag));
            is_first = false;
        }
        at = open + length;
    }
    if part.len() - at.min(part.len()) > limits::GAP {
        return Err(too_long());
    }
    match most > tags + limits::MISCOUNT {
        true => Err(damaged(format!("{name}声称的数目与内容不符"))),
        false => Ok(one_space),
    }
}

/// Whether a definition of the document's type only names it, as some programs of
/// old do, and defines nothing: the library passes over such a one.
fn is_bare_doctype(tag: &[u8]) -> bool {
    let Some(end) = memchr(b'>', tag) else {
        return false;
    };
    let inside = &tag[1..end];
    let quotes = inside.iter().filter(|byte| **byte == b'"').count();
    tag.starts_with(b"<!DOCTYPE ")
        && !inside.iter().any(|byte| b"[<'".contains(byte))
        && quotes.is_multiple_of(2)
}

/// Whether a tag has an attribute twice, of which programs may take either.
fn says_twice(tag: &[u8]) -> bool {
    let text = tag.get(1..tag.len() - 1);
    let Some(text) = text.and_then(|text| std::str::from_utf8(text).ok()) else {
        return false;
    };
    let name = text.find(|c: char| c.is_ascii_whitespace());
    let mut attributes = Attributes::new(text, name.unwrap_or(text.len()));
    attributes.any(|attribute| matches!(attribute, Err(AttrError::Duplicated(..))))
}

/// Whether the name of an element has no prefix.
fn is_plain_name(tag: &[u8]) -> bool {
    let end = |byte: &u8| byte.is_ascii_whitespace() || b"/>".contains(byte);
    let length = tag.iter().position(end).unwrap_or(tag.len());
    memchr(b':', &tag[..length]).is_none()
}

/// Whether an element declares a namespace for names without a prefix.
fn redeclares(tag: &[u8]) -> bool {
    memmem::find_iter(tag, b"xmlns").any(|at| tag.get(at + 5) != Some(&b':'))
}

/// Length of a tag: to the first closing sign that is not in quotes.
fn end_of_tag(tag: &[u8]) -> Option<usize> {
    // Nearly always it is the first closing sign at all, behind pairs of quotes.
    let first = memchr(b'>', tag)?;
    let before = &tag[..first];
    let quotes = before.iter().filter(|byte| **byte == b'"').count();
    if quotes.is_multiple_of(2) && memchr(b'\'', before).is_none() {
        return Some(first + 1);
    }
    let mut quote = None;
    for (at, byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The largest number that a tag declares.
fn declared(tag: &[u8], by: &[(memmem::Finder<'_>, usize)]) -> u64 {
    let mut most = 0;
    for (name, length) in by {
        for at in name.find_iter(tag) {
            let digits = tag[at + length..].iter().skip(1);
            let digits = digits.take_while(|byte| byte.is_ascii_digit());
            let number = digits.fold(0u64, |number, digit| {
                number
                    .saturating_mul(10)
                    .saturating_add(u64::from(digit - b'0'))
            });
            most = most.max(number);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_and_what_is_not() {
        let is_taken = |part: &[u8]| check("x", part, 0).is_ok();
        assert!(is_taken(
            b"<?xml version=\"1.0\"?><sst uniqueCount=\"2\"><si/><si/></sst>"
        ));
        assert!(is_taken(b"<sst count='900000' uniqueCount='1'><si/></sst>"));
        assert!(is_taken("<a b='>'>文字 &lt; <!-- <!x> --></a>".as_bytes()));
        assert!(is_taken(b"<a><b"), "cut off is for the library to say");
        assert!(is_taken(b""));
        assert!(!is_taken(b"<sst uniqueCount='100000000'/>"));
        assert!(!is_taken(
            b"<c><f t=\"shared\" si=\"4000000000\">A1</f></c>"
        ));
        assert!(!is_taken(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"));
        for bare in ["a", "a PUBLIC \"-//x//y\" \"x.dtd\""] {
            assert!(is_taken(format!("<!DOCTYPE {bare}><a/>").as_bytes()));
        }
        for defining in ["a [", "a PUBLIC \">\"", "a '>'", "a <!ENTITY b \"c\">"] {
            assert!(!is_taken(format!("<!DOCTYPE {defining}><a/>").as_bytes()));
        }
        assert!(!is_taken(b"<!ENTITY b 'c'><a/>"));
        let long = [b"<a ".to_vec(), vec![b' '; limits::GAP + 1], b"/>".to_vec()].concat();
        assert!(!is_taken(&long));
        let gap = [
            b"<a>".to_vec(),
            vec![b' '; limits::GAP + 1],
            b"</a>".to_vec(),
        ]
        .concat();
        assert!(!is_taken(&gap));
        assert!(!is_taken(&vec![b' '; limits::GAP + 1]));
    }

    #[test]
    fn an_attribute_twice() {
        let is_taken = |part: &str| check("x", part.as_bytes(), 0).is_ok();
        assert!(is_taken("<c r='A1' t='s' x:t='n'><v>1</v></c>"));
        assert!(is_taken("<c r='t=' t='r=' /><c/>"));
        for twice in [
            "<c t='s' t='n'/>",
            "<c t='s' r=\"A1\" t='n'>",
            "<c\n r='1'\tr='2' >",
        ] {
            assert!(!is_taken(twice), "{twice}");
        }
        let many: String = (0..300).map(|at| format!(" a{at}=''")).collect();
        assert!(!is_taken(&format!("<c{many}/>")));
    }

    #[test]
    fn one_namespace_or_more() {
        let one = |part: &str| check("x", part.as_bytes(), 0).ok();
        assert_eq!(one("<a xmlns='u' xmlns:b='v' b:c='d'><c/></a>"), Some(true));
        assert_eq!(one("<?x y:z?><a><!-- b:c --><c d='e:f'/></a>"), Some(true));
        assert_eq!(one("<a><b:c/></a>"), Some(false));
        assert_eq!(one("<b:a/>"), Some(false));
        assert_eq!(one("<a><c xmlns='u'/></a>"), Some(false));
        assert_eq!(one("<a><c xmlns = 'u'/></a>"), Some(false));
        assert_eq!(one("<a><c xmlns:x='u'/></a>"), Some(true));
    }
}
