//! How many rulings of the office the record of a run knows. Of a large county a
//! record is hundreds of megabytes; this stands first in it, and no more is read.

use std::fmt;
use std::io::Read;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};

use crate::result::RULINGS;
use crate::ruling::KnownRulings;

/// What the run knew of rulings; nothing where its record cannot be read.
pub(super) fn known_rulings(record: impl Read) -> Option<KnownRulings> {
    let mut known = First(None);
    // It breaks off where it knows enough; what it knows by then is what counts.
    let _ = known.deserialize(&mut serde_json::Deserializer::from_reader(record));
    known.0
}

/// What stands first in a record.
struct First(Option<KnownRulings>);

impl<'d> DeserializeSeed<'d> for &mut First {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'d> Visitor<'d> for &mut First {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a record")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<(), A::Error> {
        if map.next_key::<String>()?.as_deref() == Some(RULINGS) {
            self.0 = Some(map.next_value()?);
        }
        Err(A::Error::custom("enough"))
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test")]
mod tests {
    use super::known_rulings;

    #[test]
    fn only_the_head_of_a_record_is_read() {
        let head = r#"{"rulings":{"count":4,"of":{"pack":"p","year":"2018","round":"2"}}"#;
        for rest in ["}", r#","adjustments":[]}"#, r#","entries":[bro"#, ""] {
            let known = known_rulings(format!("{head}{rest}").as_bytes()).expect("a head");
            assert_eq!(
                (known.count, known.of.to_string().as_str()),
                (4, "“p”2018年第2轮")
            );
        }
        for record in [
            "",
            "[]",
            "{}",
            r#"{"format":"x","rulings":{}}"#,
            &head[..40],
        ] {
            assert!(known_rulings(record.as_bytes()).is_none(), "{record}");
        }
    }
}
