//! How many rulings of the office the record of a run knows. Of a large county a
//! record is hundreds of megabytes, nearly all of it entries, which come last: it is
//! read piece by piece, and no further than needed.

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::diagnostic::Code;
use crate::ruling::Belongs;

/// How many rulings the run knew, and the assessment to which it belonged; none
/// where its record cannot be read.
pub(super) fn known_rulings(record: impl Read) -> (usize, Belongs) {
    let mut counts = Counts::default();
    // It breaks off where it knows enough; what it knows by then is what counts.
    let _ = counts.deserialize(&mut serde_json::Deserializer::from_reader(record));
    (counts.sum().unwrap_or(0), counts.pack)
}

/// How many rulings are told of in each part of a record, as far as it was read.
#[derive(Default)]
struct Counts {
    matters: Option<usize>,
    findings: Option<usize>,
    adjustments: Option<usize>,
    nominations: Option<usize>,
    exemptions: Option<usize>,
    pack: Belongs,
}

impl Counts {
    /// All of them; none while a part is missing.
    fn sum(&self) -> Option<usize> {
        let own = self.adjustments? + self.nominations? + self.exemptions?;
        Some(self.matters? + self.findings? + own)
    }
}

impl<'d> DeserializeSeed<'d> for &mut Counts {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'d> Visitor<'d> for &mut Counts {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a record")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(part) = map.next_key::<String>()? {
            match part.as_str() {
                "matters" => {
                    let matters: Vec<Ruled> = map.next_value()?;
                    let of = |one: &&Ruled| matches!(&*one.state, "applied" | "reopened");
                    self.matters = Some(matters.iter().filter(of).count());
                }
                "findings" => {
                    let findings: Vec<Found> = map.next_value()?;
                    let is_gone = |one: &&Found| one.code == Code::RulingGone.code();
                    self.findings = Some(findings.iter().filter(is_gone).count());
                }
                "pack" => {
                    let pack: Pack = map.next_value()?;
                    self.pack = Belongs {
                        pack: Some(pack.id),
                        year: Some(pack.year.to_string()),
                        round: Some(pack.round.to_string()),
                    };
                }
                "adjustments" => self.adjustments = Some(count(&mut map)?),
                "nominations" => self.nominations = Some(count(&mut map)?),
                "exemptions" => self.exemptions = Some(count(&mut map)?),
                "entries" if self.sum().is_some() => return Err(A::Error::custom("enough")),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// How long the list is that comes next.
fn count<'d, A: MapAccess<'d>>(map: &mut A) -> Result<usize, A::Error> {
    Ok(map.next_value::<Vec<IgnoredAny>>()?.len())
}

/// What a record says of a matter.
#[derive(Deserialize)]
struct Ruled {
    state: String,
}

/// What a record says of the pack.
#[derive(Deserialize)]
struct Pack {
    id: String,
    year: i64,
    round: i64,
}

/// What a record says of a finding.
#[derive(Deserialize)]
struct Found {
    code: String,
}

#[cfg(test)]
mod tests {
    use super::known_rulings;

    /// A record with three rulings and one that is gone.
    const HEAD: &str = r#"{"adjustments":[{}],"exemptions":[],"findings":[{"code":"RC-408"},
        {"code":"IN-201","place":{}}],"format":"x","matters":[{"state":"applied","sides":[]},
        {"state":"open"}],"nominations":[1]"#;

    #[test]
    fn rulings_are_counted_and_entries_passed_over() {
        let gone = crate::diagnostic::Code::RulingGone.code();
        let head = HEAD.replace("RC-408", gone);
        for entries in [
            r#","entries":[{"entry":"MX1-0001"}]}"#,
            r#","entries":[bro"#,
            "}",
        ] {
            let record = format!("{head}{entries}");
            assert_eq!(known_rulings(record.as_bytes()).0, 4, "{entries}");
        }
        // To which assessment it belonged is known, too.
        let of = head.replace(
            "\"format\"",
            "\"pack\":{\"id\":\"p\",\"year\":2018,\"round\":2},\"format\"",
        );
        let (count, pack) = known_rulings(format!("{of}}}").as_bytes());
        assert_eq!((count, pack.to_string().as_str()), (4, "“p”2018年第2轮"));
        // Entries may come first.
        let rest = head.trim_start_matches('{');
        let record = format!(r#"{{"entries":[{{}}],{rest}}}"#);
        assert_eq!(known_rulings(record.as_bytes()).0, 4);
        // A part is missing, or it is no record at all.
        let other = head.replace("exemptions", "others");
        for record in [
            format!("{other},\"entries\":[]}}"),
            "[]".to_owned(),
            String::new(),
        ] {
            assert_eq!(known_rulings(record.as_bytes()).0, 0, "{record}");
        }
    }
}
