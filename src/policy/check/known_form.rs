//! A form of the pack as the checks know it.

use super::super::log::{Log, Text};
use crate::diagnostic::Code;
use crate::policy::{Credit, Field, Form, Kind};

/// A form, with what could not be read of it.
pub(super) struct KnownForm {
    /// The form.
    pub form: Form,
    /// Ids of fields that are spoilt.
    pub broken: Vec<String>,
    /// A spoilt field may have any id.
    pub is_open: bool,
}

impl KnownForm {
    /// A field by its id, unless it is unknown, which is noted, or spoilt.
    pub fn field(&self, log: &mut Log<'_>, id: &Text) -> Option<&Field> {
        let found = self.form.fields.get(&id.value);
        if found.is_none() && !self.may_have(&id.value) {
            let names = self.form.fields.keys().chain(&self.broken);
            let has_no = format!("“{}”表（{}）没有", self.form.sheet, self.form.id);
            log.unknown(id, names.map(String::as_str), &has_no, "这一栏");
        }
        found
    }

    /// Notes a field that is of another kind than it has to be, which has a name.
    pub fn of_kind(&self, log: &mut Log<'_>, id: &Text, is: impl Fn(&Kind) -> bool, name: &str) {
        if let Some(field) = self.field(log, id)
            && !is(&field.kind)
        {
            let message = format!("这里要写{name}，“{}”不是。", field.header);
            log.add(Code::PackMismatch, id.at, message);
        }
    }

    /// Whether a field exists or may exist.
    pub fn may_have(&self, id: &str) -> bool {
        self.is_open || self.form.fields.contains_key(id) || self.broken.iter().any(|b| b == id)
    }

    /// Whether the form has, or may have, a field of a kind.
    pub fn may_have_kind(&self, kind: &Kind) -> bool {
        self.is_open || !self.broken.is_empty() || self.form.field_of_kind(kind).is_some()
    }

    /// Whether the units of a kind, or their people, appear in the entries.
    pub fn counts_for(&self, kind: &str) -> bool {
        matches!(self.form.credit, Credit::Donor(_)) || self.form.kinds.iter().any(|k| k == kind)
    }
}
