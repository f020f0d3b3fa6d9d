//! Reads TOML values into the types of `written`, like serde, but goes on
//! after a mistake, so that all mistakes of a file come out at once, each at
//! its bytes and in the clerk's words.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::log::{At, Log, Mark, hint, nearest};
use crate::diagnostic::Code;

/// A TOML value with its bytes.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// Reads the values of one file.
pub(super) struct Reader<'l, 's> {
    /// Where problems are noted.
    pub log: &'l mut Log<'s>,
    /// Position of the file in the source.
    pub file: usize,
    /// Values that the parser has already complained of.
    pub faulty: Vec<Range<usize>>,
}

/// What can be read from a TOML value. `None` means that a problem has been
/// noted.
pub(super) trait Read: Sized {
    /// Why the item may not be left out, if a sentence is due.
    const WHY: &'static str = "";

    /// Reads a value.
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self>;

    /// Stands in silently for an item that is not there, if anything can.
    fn stand_in() -> Option<Self> {
        None
    }

    /// Stands in for an item that is not there, or notes that it is missing.
    fn absent(key: &str, at: At, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let stand_in = Self::stand_in();
        if stand_in.is_some() {
            return stand_in;
        }
        let why = Self::WHY;
        reader
            .log
            .add(Code::PackShape, at, format!("这里缺少“{key}”这一项。{why}"));
        None
    }
}

impl Reader<'_, '_> {
    /// Where a value stands.
    pub fn at(&self, span: Range<usize>) -> At {
        At {
            file: self.file,
            from: span.start,
            to: span.end,
        }
    }

    /// Whether the parser has already complained of this value.
    pub fn is_faulty(&self, value: &Value<'_>) -> bool {
        let span = value.span();
        self.faulty
            .iter()
            .any(|bad| bad.start <= span.end && span.start <= bad.end)
    }

    /// Notes a value of the wrong type.
    pub fn wrong_type<T>(&mut self, value: &Value<'_>, wanted: &str) -> Option<T> {
        let found = match value.get_ref() {
            DeValue::String(_) => "带引号的文字",
            DeValue::Integer(_) => "整数",
            DeValue::Float(_) => "小数",
            DeValue::Boolean(_) => "true 或 false",
            DeValue::Datetime(_) => "日期",
            DeValue::Array(_) => "方括号里的一列",
            DeValue::Table(_) => "一组项目",
        };
        let at = self.at(value.span());
        self.log.add(
            Code::PackShape,
            at,
            format!("这里应写{wanted}，现在写的是{found}。"),
        );
        None
    }

    /// Notes a value out of range.
    pub fn wrong_value<T>(&mut self, value: &Value<'_>, message: &str) -> Option<T> {
        let at = self.at(value.span());
        self.log.add(Code::PackValue, at, message);
        None
    }

    /// Opens a table and notes the keys that do not belong there.
    pub fn table<'v, 'i>(
        &mut self,
        value: &'v Value<'i>,
        keys: &'static [&'static str],
    ) -> Option<Table<'v, 'i>> {
        let DeValue::Table(items) = value.get_ref() else {
            return self.wrong_type(value, "一组项目（名称 = 内容）");
        };
        let mut meant = Vec::new();
        for key in items.keys() {
            let name = key.get_ref().as_ref();
            if keys.contains(&name) {
                continue;
            }
            let free = keys.iter().copied().filter(|k| !items.contains_key(*k));
            let near = nearest(name, free.clone());
            meant.extend(near);
            let tail = match near {
                Some(near) => format!("，是不是“{near}”？"),
                None => hint(name, free),
            };
            let at = self.at(key.span());
            self.log
                .add(Code::PackShape, at, format!("不认识“{name}”这一项{tail}"));
        }
        Some(Table {
            items,
            at: self.at(value.span()),
            meant,
        })
    }
}

/// A table that is being read.
pub(super) struct Table<'v, 'i> {
    items: &'v toml::de::DeTable<'i>,
    /// Where it stands; for `[[x]]`, its head.
    pub at: At,
    /// Keys that are not there, but that an unknown key seems to mean.
    meant: Vec<&'static str>,
}

impl Table<'_, '_> {
    /// Reads the item of a key.
    pub fn item<T: Read>(&self, key: &str, reader: &mut Reader<'_, '_>) -> Option<T> {
        match self.items.get(key) {
            Some(value) if reader.is_faulty(value) && !is_nest(value) => None,
            Some(value) => T::read(value, reader),
            None if self.meant.contains(&key) => T::stand_in(),
            None => T::absent(key, self.at, reader),
        }
    }
}

/// A faulty value inside an array or a table does not spoil its neighbours.
fn is_nest(value: &Value<'_>) -> bool {
    matches!(value.get_ref(), DeValue::Array(_) | DeValue::Table(_))
}

impl<T: Read> Read for Mark<T> {
    const WHY: &'static str = T::WHY;

    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let at = reader.at(value.span());
        T::read(value, reader).map(|value| Mark { value, at })
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        T::read(value, reader).map(Some)
    }

    fn stand_in() -> Option<Self> {
        Some(None)
    }
}

/// A list of which each element counts: one mistake spoils it.
impl<T: Read> Read for Vec<T> {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let DeValue::Array(items) = value.get_ref() else {
            return reader.wrong_type(value, "方括号里的一列，如 [\"甲\", \"乙\"]");
        };
        let read: Vec<Option<T>> = items
            .iter()
            .map(|item| {
                if reader.is_faulty(item) && !is_nest(item) {
                    None
                } else {
                    T::read(item, reader)
                }
            })
            .collect();
        read.into_iter().collect()
    }
}

/// A list of tables, `[[x]]`, of which the sound ones are kept.
#[derive(Debug, Clone)]
pub(super) struct Many<T> {
    /// The sound ones.
    pub items: Vec<T>,
    /// Ids of the spoilt ones, as far as they can be read.
    pub broken: Vec<String>,
    /// Whether any was spoilt.
    pub is_broken: bool,
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many {
            items: Vec::new(),
            broken: Vec::new(),
            is_broken: false,
        }
    }
}

impl<T: Read> Read for Many<T> {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let mut many = Many::default();
        let DeValue::Array(items) = value.get_ref() else {
            many.is_broken = true;
            let _: Option<()> = reader.wrong_type(value, "两层方括号的表头，如 [[clause]]");
            return Some(many);
        };
        for item in items {
            match T::read(item, reader) {
                Some(read) => many.items.push(read),
                None => {
                    many.is_broken = true;
                    let id = item.get_ref().get("id");
                    many.broken
                        .extend(id.and_then(|id| id.get_ref().as_str()).map(str::to_owned));
                }
            }
        }
        Some(many)
    }

    fn stand_in() -> Option<Self> {
        Some(Many::default())
    }
}

/// A table whose mistakes do not spoil its neighbours.
#[derive(Debug, Clone)]
pub(super) struct One<T>(pub Option<T>);

impl<T: Read> Read for One<T> {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        Some(One(T::read(value, reader)))
    }

    fn stand_in() -> Option<Self> {
        Some(One(None))
    }

    fn absent(key: &str, at: At, reader: &mut Reader<'_, '_>) -> Option<Self> {
        Some(One(T::absent(key, at, reader)))
    }
}

/// Declares a table as written: its keys and their types, in one place.
macro_rules! written {
    ($($(#[$meta:meta])* $name:ident { $($field:ident: $kind:ty $(as $key:literal)?,)* })*) => {$(
        $(#[$meta])*
        // Not every table's own place is needed.
        #[allow(dead_code)]
        #[derive(Debug, Clone)]
        pub(in crate::policy) struct $name {
            /// Where the table stands.
            pub at: $crate::policy::log::At,
            $(pub $field: $kind,)*
        }

        impl $crate::policy::read::Read for $name {
            fn read(
                value: &$crate::policy::read::Value<'_>,
                reader: &mut $crate::policy::read::Reader<'_, '_>,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$(written!(@key $field $($key)?)),*];
                let table = reader.table(value, KEYS)?;
                $(let $field = table.item(written!(@key $field $($key)?), reader);)*
                Some($name { at: table.at, $($field: $field?,)* })
            }
        }
    )*};
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

/// Declares the words that may be written for an enumeration.
macro_rules! words {
    ($($name:ty { $($word:literal => $value:expr,)* } $($why:literal)?)*) => {$(
        impl $crate::policy::read::Read for $name {
            $(const WHY: &'static str = $why;)?

            fn read(
                value: &$crate::policy::read::Value<'_>,
                reader: &mut $crate::policy::read::Reader<'_, '_>,
            ) -> Option<Self> {
                let word = <String as $crate::policy::read::Read>::read(value, reader)?;
                match word.as_str() {
                    $($word => Some($value),)*
                    _ => {
                        let tail = $crate::policy::log::hint(&word, [$($word),*]);
                        let at = reader.at(value.span());
                        reader.log.add(
                            $crate::diagnostic::Code::PackShape,
                            at,
                            format!("这里不能写“{word}”{tail}"),
                        );
                        None
                    }
                }
            }
        }
    )*};
}

pub(super) use {words, written};
