//! Parts of XML as UTF-8, in whatever encoding they were written: what comes
//! after knows no other.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;

use crate::sheet::OpenError;
use crate::sheet::refused::{damaged, unknown};

/// A declaration stands within so many bytes.
const HEAD: usize = 256;

/// The part in UTF-8, without a mark at its beginning, and declaring no other.
///
/// # Errors
/// When it is in no encoding that is known, or not in the one that it declares.
pub(super) fn utf8(name: &str, part: Vec<u8>) -> Result<Vec<u8>, OpenError> {
    let broken = || damaged(format!("{name}里有不成文字的字节"));
    let wide = match part.as_slice() {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    let declared = match wide {
        Some(wide) => wide,
        None => match declared(&part) {
            None => UTF_8,
            // Nobody could have read the declaration itself in those.
            Some(label) => match Encoding::for_label(label) {
                Some(found) if found != UTF_16LE && found != UTF_16BE => found,
                _ => return Err(unknown(format!("{name}的编码不认识"))),
            },
        },
    };
    if declared == UTF_8 {
        let bare = match part.strip_prefix(b"\xEF\xBB\xBF") {
            Some(bare) => bare.to_vec(),
            None => part,
        };
        return match std::str::from_utf8(&bare) {
            Ok(_) => Ok(bare),
            Err(_) => Err(broken()),
        };
    }
    let (text, _, is_broken) = declared.decode(&part);
    if is_broken {
        return Err(broken());
    }
    let text = text.as_ref();
    // What the declaration says is true no more.
    let body = match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or("", |(_, body)| body),
        None => text,
    };
    Ok(body.as_bytes().to_vec())
}

/// The encoding that a part declares.
fn declared(part: &[u8]) -> Option<&[u8]> {
    let head = part.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(part);
    let head = head.get(..head.len().min(HEAD))?;
    let head = head.strip_prefix(b"<?xml")?;
    let head = &head[..memmem::find(head, b"?>")?];
    let rest = &head[memmem::find(head, b"encoding")? + b"encoding".len()..];
    let rest = rest
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    rest.split(|byte| byte == quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(part: &[u8]) -> Option<String> {
        let made = utf8("x", part.to_vec()).ok()?;
        String::from_utf8(made).ok()
    }

    fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn the_same_text_in_every_encoding() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>冷市镇</a>";
        let only = Some("<a>冷市镇</a>".to_owned());
        assert_eq!(
            read(&wide(&format!("\u{FEFF}{text}"), u16::to_le_bytes)),
            only
        );
        assert_eq!(
            read(&wide(&format!("\u{FEFF}{text}"), u16::to_be_bytes)),
            only
        );
        assert_eq!(read(&wide(text, u16::to_le_bytes)), only);
        let chinese = "<?xml version='1.0' encoding = 'GB2312'?><a>冷市镇</a>";
        let (bytes, _, _) = encoding_rs::GBK.encode(chinese);
        assert_eq!(read(&bytes), only);
        assert_eq!(read("\u{FEFF}<a>冷市镇</a>".as_bytes()), only);
        assert_eq!(read("<a>冷市镇</a>".as_bytes()), only);
        assert_eq!(read(b""), Some(String::new()));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for part in [
            &b"<a>\xFF</a>"[..],
            b"<?xml version='1.0' encoding='klingon'?><a/>",
            b"<?xml version='1.0' encoding='utf-16'?><a/>",
            b"\xFF\xFE<\0a\0/\0>",
            b"\xFF\xFE\0\xD8\0\0",
        ] {
            assert_eq!(read(part), None, "{part:?}");
        }
    }
}
