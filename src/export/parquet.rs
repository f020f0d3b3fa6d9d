//! A table as Parquet: typed, optional columns; the same table gives the same
//! bytes.

use std::sync::Arc;

use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType as Physically, Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::ExportError;
use super::frame::{DataColumn, DataType, DataValue, Frame};

/// Digits of a decimal.
const DIGITS: i32 = 18;

/// The table as bytes.
///
/// # Errors
/// The library refused.
pub fn parquet(frame: &Frame) -> Result<Vec<u8>, ExportError> {
    let fields: Result<Vec<_>, ExportError> = frame.columns.iter().map(field).collect();
    let schema = Type::group_type_builder("kaohe")
        .with_fields(fields?)
        .build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("kaohe ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    let mut columns = frame.columns.iter().enumerate();
    while let Some(mut writer) = group.next_column()? {
        if let Some((at, column)) = columns.next() {
            let values: Vec<&DataValue> = frame.rows.iter().filter_map(|row| row.get(at)).collect();
            put(&mut writer, column.kind, &values)?;
        }
        writer.close()?;
    }
    group.close()?;
    file.close()?;
    Ok(bytes)
}

/// A column of the schema.
fn field(column: &DataColumn) -> Result<Arc<Type>, ExportError> {
    let (physical, logical) = match column.kind {
        DataType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        DataType::Integer => (Physical::INT64, None),
        DataType::Decimal(scale) => {
            let scale = i32::try_from(scale).unwrap_or(0);
            (Physical::INT64, Some(LogicalType::decimal(scale, DIGITS)))
        }
        DataType::Date => (Physical::INT32, Some(LogicalType::Date)),
        DataType::Flag => (Physical::BOOLEAN, None),
    };
    let mut builder = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if let DataType::Decimal(scale) = column.kind {
        builder = builder
            .with_precision(DIGITS)
            .with_scale(i32::try_from(scale).unwrap_or(0));
    }
    Ok(Arc::new(builder.build()?))
}

/// Writes the values of a column.
fn put(
    writer: &mut SerializedColumnWriter<'_>,
    kind: DataType,
    values: &[&DataValue],
) -> Result<(), ExportError> {
    match kind {
        DataType::Text => put_as::<ByteArrayType>(writer, values, |value| match value {
            DataValue::Text(text) => Some(ByteArray::from(text.as_str())),
            _ => None,
        }),
        DataType::Integer | DataType::Decimal(_) => {
            put_as::<Int64Type>(writer, values, |value| match value {
                DataValue::Integer(number) | DataValue::Decimal(number) => Some(*number),
                _ => None,
            })
        }
        DataType::Date => put_as::<Int32Type>(writer, values, |value| match value {
            DataValue::Date(day) => Some(since_1970(*day)),
            _ => None,
        }),
        DataType::Flag => put_as::<BoolType>(writer, values, |value| match value {
            DataValue::Flag(flag) => Some(*flag),
            _ => None,
        }),
    }
}

/// Writes those values of a column that are there.
fn put_as<T: Physically>(
    writer: &mut SerializedColumnWriter<'_>,
    values: &[&DataValue],
    taken: impl Fn(&DataValue) -> Option<T::T>,
) -> Result<(), ExportError> {
    let there = values.iter().map(|value| **value != DataValue::None);
    let there: Vec<i16> = there.map(i16::from).collect();
    let values: Vec<T::T> = values.iter().filter_map(|value| taken(value)).collect();
    let writer = writer.typed::<T>();
    writer.write_batch(&values, Some(&there), None)?;
    Ok(())
}

/// Days since 1970-01-01.
fn since_1970(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}
