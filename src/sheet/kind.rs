//! What a file is that is no workbook: a picture, a PDF, a web page named
//! .xls; each with what to do about it.

use crate::sheet::OpenError;

/// Signatures at the beginning of files.
const BEGINNINGS: [(&[u8], What); 20] = [
    (b"%TSD-Header-###%", SEALED),
    (b"%PDF", PDF),
    (b"\x89PNG", PICTURE),
    (b"\xFF\xD8\xFF", PICTURE),
    (b"GIF8", PICTURE),
    (b"BM", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"{\\rtf", WORD),
    (b"Rar!", ARCHIVE),
    (b"7z\xBC\xAF", ARCHIVE),
    (b"\x1F\x8B", ARCHIVE),
    (b"\x09\x00\x04\x00", ANCIENT),
    (b"\x09\x02\x06\x00", ANCIENT),
    (b"\x09\x04\x06\x00", ANCIENT),
    (b"\x09\x08\x08\x00", ANCIENT),
    (b"MIME-Version", WEB),
    (b"MZ", PROGRAM),
    (b"\x4C\0\0\0\x01\x14\x02\0", SHORTCUT),
    (b"[InternetShortcut]", SHORTCUT),
];

/// What it is, and what to do.
pub(super) type What = (&'static str, &'static str);

const PDF: What = (
    "PDF 文件，读不出里面的表格",
    "请交填好的电子表格（.xlsx），PDF 只作盖章件存档",
);
const PICTURE: What = (
    "图片，读不出里面的字",
    "请交填好的电子表格（.xlsx），不要拍照或截图",
);
const WORD: What = (
    "Word 文档，不是电子表格",
    "请填在下发的电子表格（.xlsx）里再交",
);
const SLIDES: What = (
    "演示文稿，不是电子表格",
    "请填在下发的电子表格（.xlsx）里再交",
);
const ARCHIVE: What = (
    "程序打不开的压缩包（RAR、7z 等）",
    "请解压后把里面的表格放进来，或改用 .zip 压缩",
);
const ZIP: What = ("压缩包", "请解压后把里面的表格放进来");
const ANCIENT: What = (
    "很旧的 Excel 格式",
    "请用 WPS 或 Excel 打开，另存为 .xlsx 再交",
);
const WEB: What = (
    "网页格式的表格，只是名字像电子表格",
    "请用 WPS 或 Excel 打开，另存为 .xlsx 再交",
);
const XML: What = (
    "XML 格式的表格",
    "请用 WPS 或 Excel 打开，另存为 .xlsx 再交",
);
const FLAT_ODF: What = (
    "OpenDocument 的单个 XML 文件（如 .fods）",
    "请用 LibreOffice 打开，另存为 .xlsx 再交；WPS 打不开它",
);
const UOF: What = (
    "标文通（UOF）格式的文件",
    "请用 WPS 打开，另存为 .xlsx 再交",
);
const OTHER_XML: What = (
    "XML 文件，不是电子表格",
    "请填在下发的电子表格（.xlsx）里再交",
);
const PLAIN: What = (
    "文本文件（如 CSV），不是电子表格",
    "请填在下发的电子表格（.xlsx）里再交",
);
const PROGRAM: What = ("程序，不是电子表格", "来路不明的程序不要打开，请删去");
const SHORTCUT: What = (
    "快捷方式，里面没有表格",
    "请放进它指向的文件本身，不要放快捷方式",
);
const OTHER_ODF: What = (
    "OpenDocument 文档，但不是电子表格",
    "请填在下发的电子表格（.xlsx）里再交",
);

/// Encrypted by software that an office has on all its computers. Saving it under
/// another name there only encrypts it again.
const SEALED: What = (
    "被单位的文档加密软件（如亿赛通、绿盾）加了密的文件，在别的电脑上读不出来",
    "请在装有这个软件的电脑上把它解密，或请管理员批准外发，再交解密后的文件；只是另存还会被加密",
);
const OFD: What = (
    "OFD 版式文件，读不出里面的表格",
    "请交填好的电子表格（.xlsx），OFD 只作盖章件存档",
);
const APPLE: What = (
    "苹果电脑的 Numbers、Pages 或 Keynote 文件",
    "请在 Numbers 里用“文件—导出为—Excel”另存成 .xlsx 再交",
);
const MAIL: What = ("邮件，不是电子表格", "请把邮件里的附件存出来，只交附件");

/// So many bytes tell text from anything else.
const LOOK: usize = 4_096;

/// What a file is that is neither a zip container nor a compound file.
pub(super) fn of_bytes(bytes: &[u8]) -> OpenError {
    let known = BEGINNINGS
        .iter()
        .find(|(start, _)| bytes.starts_with(start));
    if let Some((_, what)) = known {
        return other(*what);
    }
    // Its own header comes first, with numbers that differ.
    let head = &bytes[..bytes.len().min(64)];
    if memchr::memmem::find(head, b"E-SafeNet").is_some() {
        return other(SEALED);
    }
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let heic = bytes.get(4..8) == Some(b"ftyp");
    if webp || heic {
        return other(PICTURE);
    }
    let head = &bytes[..bytes.len().min(LOOK)];
    match text(head) {
        None => OpenError::NotWorkbook,
        Some(text) => {
            let text = text.trim_start().to_lowercase();
            let tags = [
                "<html",
                "<!doctype html",
                "<table",
                "<meta",
                "<head",
                "<body",
            ];
            let is_xml = text.starts_with("<?xml") && !text.contains("<html");
            if is_xml {
                // The first of these words that stands there says what it is.
                let kinds = [
                    ("urn:schemas-microsoft-com:office:spreadsheet", XML),
                    ("urn:oasis:names:tc:opendocument", FLAT_ODF),
                    ("uof:", UOF),
                ];
                let found = kinds.into_iter().find(|(word, _)| text.contains(word));
                other(found.map_or(OTHER_XML, |(_, what)| what))
            } else if tags.iter().any(|tag| text.starts_with(tag)) || text.contains("<table") {
                other(WEB)
            } else {
                other(PLAIN)
            }
        }
    }
}

/// The beginning of a file as text, if it is text in any encoding of ours.
fn text(head: &[u8]) -> Option<String> {
    for (bom, encoding) in [
        (&b"\xFF\xFE"[..], encoding_rs::UTF_16LE),
        (&b"\xFE\xFF"[..], encoding_rs::UTF_16BE),
    ] {
        if head.starts_with(bom) {
            return Some(encoding.decode(head).0.into_owned());
        }
    }
    let is_control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C);
    if head.iter().any(is_control) {
        return None;
    }
    // The last character may be cut off.
    let (utf8, _, _) = encoding_rs::UTF_8.decode(head);
    let broken = |text: &str| text.matches('\u{FFFD}').count() > 3;
    if !broken(&utf8) {
        return Some(utf8.into_owned());
    }
    let (chinese, _, _) = encoding_rs::GB18030.decode(head);
    (!broken(&chinese)).then(|| chinese.into_owned())
}

/// What a zip container is that holds no workbook, by the names of its parts.
pub(super) fn of_parts<'a>(names: impl Iterator<Item = &'a str> + Clone) -> OpenError {
    other(document(names).unwrap_or(ZIP))
}

/// Which document of another program a zip container is, by the names of its
/// parts; none if it is a folder that somebody packed.
pub(super) fn document<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<What> {
    let has = |part: &str| names.clone().any(|name| name == part);
    let is_office = has("[content_types].xml");
    let under = |folder: &str| names.clone().any(|name| name.starts_with(folder));
    if has("word/document.xml") || is_office && under("word/") {
        Some(WORD)
    } else if has("ppt/presentation.xml") || is_office && under("ppt/") {
        Some(SLIDES)
    } else if has("ofd.xml") {
        Some(OFD)
    } else if has("index.zip") || names.clone().any(|name| name.ends_with(".iwa")) {
        Some(APPLE)
    } else if has("mimetype") || has("content.xml") {
        Some(OTHER_ODF)
    } else {
        None
    }
}

/// What a compound file is that holds no workbook.
pub(super) fn of_compound(has: impl Fn(&str) -> bool) -> OpenError {
    if has("/\u{6}DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace") {
        other(SEALED)
    } else if has("/EncryptedPackage") {
        OpenError::Protected
    } else if has("/WordDocument") {
        other(WORD)
    } else if has("/PowerPoint Document") {
        other(SLIDES)
    } else if has("/__properties_version1.0") {
        other(MAIL)
    } else {
        OpenError::NotWorkbook
    }
}

fn other((what, mend): What) -> OpenError {
    OpenError::Other {
        what: what.into(),
        mend: mend.into(),
    }
}
