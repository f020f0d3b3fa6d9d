//! Which part of an Office package leads to which: the relations that stand
//! beside a part, with their targets as the names of parts.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::parts::Package;
use crate::sheet::OpenError;
use crate::sheet::refused::{damaged, two_ways};

/// No part leads to more others; a sheet may have very many links.
const MOST: usize = 100_000;

/// A part that another one leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    /// How the other one calls it.
    pub id: String,
    /// The last step of its type: `worksheet`, `comments`.
    pub kind: String,
    /// The part's name from the root of the package; of a link, its address.
    pub target: String,
    /// It leads out of the package.
    pub is_outside: bool,
}

/// Where the relations of a part stand; those of the package itself, of the empty
/// name.
pub(super) fn place(part: &str) -> String {
    let (folder, file) = part.split_at(part.rfind('/').map_or(0, |at| at + 1));
    format!("{folder}_rels/{file}.rels")
}

/// The relations of a part; none if it has none.
///
/// # Errors
/// When they are damaged, or two bear one name.
pub(super) fn of(package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, OpenError> {
    let name = place(part);
    let Some(content) = package.text(&name)? else {
        return Ok(Vec::new());
    };
    super::markup::check(&package.called(&name), &content, 0)?;
    let folder = &part[..part.rfind('/').map_or(0, |at| at + 1)];
    let called = package.called(part);
    let broken = || damaged(format!("{called}所附的对照表不合规范"));
    let mut found: Vec<Relation> = Vec::new();
    let mut ids = HashSet::new();
    let mut reader = Reader::from_reader(content.as_slice());
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(tag) | Event::Empty(tag)
                if tag.local_name().as_ref() == "Relationship" =>
            {
                let relation = relation(&tag, folder).ok_or_else(broken)?;
                if found.len() == MOST {
                    let what = format!("{called}里的链接超过 {} 万个", MOST / 10_000);
                    return Err(OpenError::TooLarge(what));
                }
                if !ids.insert(relation.id.clone()) {
                    return Err(two_ways(format!("{called}所附的对照表里有两处同名")));
                }
                found.push(relation);
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn relation(tag: &BytesStart<'_>, folder: &str) -> Option<Relation> {
    let value = |name: &str| crate::sheet::xml::attribute(tag, name);
    let kind = value("Type")?;
    let target = value("Target")?;
    let is_outside = value("TargetMode").is_some_and(|mode| mode == "External");
    Some(Relation {
        id: value("Id")?,
        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
        target: match is_outside {
            true => target,
            false => resolve(folder, &target),
        },
        is_outside,
    })
}

/// The name of a part from the root of the package, as a part in a folder calls
/// it: `./a`, `../a` and `/a` are all in use.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_parts_as_others_call_them() {
        for target in [
            "worksheets/sheet1.xml",
            "./worksheets/sheet1.xml",
            "../xl/worksheets/sheet1.xml",
            "/xl/worksheets/sheet1.xml",
            "worksheets//sheet1.xml",
            "worksheets\\sheet1.xml",
            "worksheets/x/../sheet1.xml",
            "../../../xl/worksheets/sheet1.xml",
        ] {
            assert_eq!(
                resolve("xl/", target),
                "xl/worksheets/sheet1.xml",
                "{target}"
            );
        }
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(place("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(place(""), "_rels/.rels");
    }
}
