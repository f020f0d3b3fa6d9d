//! Decimals between processes and in files of the program's own: the sixteen
//! bytes that they are.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub fn serialize<S: Serializer>(number: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    number.serialize().serialize(to)
}

pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Decimal, D::Error> {
    <[u8; 16]>::deserialize(from).map(Decimal::deserialize)
}
