//! What an entry says, as a key by which entries are ordered: the order of
//! [`says`](super::gifts::says), without putting it into words.

use std::cell::OnceCell;
use std::cmp::Ordering;

use crate::ledger::LedgerEntry;
use crate::value::Value;

/// What an entry says, and who says it.
pub(super) struct Told<'a> {
    entry: &'a LedgerEntry,
    /// The fields by id; most entries differ before these are asked for.
    fields: OnceCell<Vec<Part<'a>>>,
}

/// A part of what an entry says.
#[derive(Clone, Copy)]
enum Part<'a> {
    Field(&'a str, &'a Value),
    /// The amount before a ruling changed it.
    Reported(&'a Value),
}

impl<'a> Told<'a> {
    /// What an entry says.
    pub fn by(entry: &'a LedgerEntry) -> Self {
        Told {
            entry,
            fields: OnceCell::new(),
        }
    }

    fn parts(&self) -> &[Part<'a>] {
        self.fields.get_or_init(|| {
            let values = self.entry.values.iter();
            let mut fields: Vec<(&str, &Value)> = values.collect();
            fields.sort_unstable();
            let parts = fields.into_iter().map(|(id, value)| Part::Field(id, value));
            parts
                .chain(self.entry.replaced().map(Part::Reported))
                .collect()
        })
    }
}

impl Ord for Told<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let head = (&self.entry.reporter, &self.entry.form);
        let other_head = (&other.entry.reporter, &other.entry.form);
        head.cmp(&other_head)
            .then_with(|| self.parts().cmp(other.parts()))
    }
}

impl PartialOrd for Told<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Told<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Told<'_> {}

impl Part<'_> {
    /// As it is put into words.
    fn text(self) -> String {
        match self {
            Part::Field(id, value) => format!("{id}={value}"),
            Part::Reported(amount) => format!("reported={amount}"),
        }
    }
}

impl Ord for Part<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Part::Field(id, one), Part::Field(of, another)) if id == of => in_words(one, another),
            // Neither goes on with what follows the other: the ids decide.
            (Part::Field(id, _), Part::Field(of, _))
                if !id.starts_with(of) && !of.starts_with(id) =>
            {
                id.cmp(of)
            }
            _ => self.text().cmp(&other.text()),
        }
    }
}

/// The order of two values as texts: 10 comes before 9.
fn in_words(one: &Value, another: &Value) -> Ordering {
    match (one, another) {
        (Value::Text(one), Value::Text(another)) => one.cmp(another),
        _ if one == another => Ordering::Equal,
        _ => one.to_string().cmp(&another.to_string()),
    }
}

impl PartialOrd for Part<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Part<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Part<'_> {}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn parts_are_ordered_as_their_words_are() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let values = [
            Value::Text("甲".into()),
            Value::Text("".into()),
            number("10"),
            number("9"),
            number("9.50"),
            number("9.5"),
            Value::Date(jiff::civil::date(2018, 3, 1)),
        ];
        let ten = number("10");
        let mut parts: Vec<Part<'_>> = vec![Part::Reported(&ten)];
        for id in ["amount", "amount=1", "amount2", "reported", "date"] {
            parts.extend(values.iter().map(|value| Part::Field(id, value)));
        }
        for one in &parts {
            for other in &parts {
                assert_eq!(one.cmp(other), one.text().cmp(&other.text()));
            }
        }
    }
}
