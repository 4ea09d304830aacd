//! The deserializer over a node.

use serde::de::{Deserializer, Visitor};

use super::access::{EntryReader, ItemReader, VariantReader};
use super::failure::Failure;
use crate::source::{Kind, Node, Span, TypeErrorKind, Value};

type Read<T> = Result<T, Failure>;

/// Reads one node; knows the key it stands under, to point there for what is missing inside.
#[derive(Clone, Copy)]
pub(super) struct NodeReader<'de> {
    node: &'de Node,
    key: Option<Span>,
}

impl<'de> NodeReader<'de> {
    pub(super) fn root(node: &'de Node) -> Self {
        Self { node, key: None }
    }

    pub(super) fn under(node: &'de Node, key: Span) -> Self {
        Self { node, key: Some(key) }
    }

    /// Scalars are short enough to point at; collections are pointed at by their key.
    fn place(&self) -> Span {
        match self.node.kind {
            Kind::Scalar { .. } => self.node.span,
            _ => self.key.unwrap_or_else(|| self.node.head()),
        }
    }

    fn placed<T>(&self, read: Read<T>) -> Read<T> {
        read.map_err(|failure| failure.at(self.place()))
    }

    fn wrong(&self, expected: impl Into<String>) -> Failure {
        Failure::wrong_type(expected, self.node.describe()).at(self.place())
    }

    /// The scalar's value, whatever its type.
    fn scalar(&self, expected: &str) -> Read<Value<'de>> {
        self.untagged()?;
        self.node.value().ok_or_else(|| self.wrong(expected))
    }

    /// Short tags mean something in CloudFormation, and nothing here.
    fn untagged(&self) -> Read<()> {
        match self.node.tag.as_deref() {
            Some(tag) if !tag.starts_with("!!") => {
                Err(Failure::wrong_type("a value without a tag", format!("the tag `{tag}`")).at(self.place()))
            }
            _ => Ok(()),
        }
    }

    /// Text, or the advice to quote what would not be text.
    fn text(&self) -> Read<&'de str> {
        match self.scalar("text")? {
            Value::Text(text) => Ok(text),
            Value::Null => Err(self.wrong("text")),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                let raw = self.node.raw().unwrap_or_default();
                let failure = Failure::new(TypeErrorKind::Unquoted { found: self.node.describe() });
                Err(failure.help(format!("write `\"{raw}\"`")).at(self.place()))
            }
        }
    }

    fn boolean(&self) -> Read<bool> {
        match self.scalar("`true` or `false`")? {
            Value::Bool(value) => Ok(value),
            Value::Text(text) => Err(match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" | "true" => self.wrong("`true` or `false`").help("write `true`"),
                "no" | "off" | "n" | "false" => self.wrong("`true` or `false`").help("write `false`"),
                _ => self.wrong("`true` or `false`"),
            }),
            _ => Err(self.wrong("`true` or `false`")),
        }
    }

    fn integer<T: TryFrom<i128>>(&self, min: i128, max: i128) -> Read<T> {
        let Value::Int(number) = self.scalar("an integer")? else {
            let failure = self.wrong("an integer");
            let digits = self.node.raw().filter(|raw| raw.parse::<i64>().is_ok_and(|n| n >= 0));
            return Err(match digits.map(|raw| raw.trim_start_matches('0')) {
                Some(digits) if !digits.is_empty() => failure.help(format!("write `{digits}`")),
                _ => failure,
            });
        };
        T::try_from(number).map_err(|_| {
            self.wrong(match number < min {
                true => format!("an integer of {min} or more"),
                false => format!("an integer up to {max}"),
            })
        })
    }

    fn float(&self) -> Read<f64> {
        match self.scalar("a number")? {
            Value::Float(value) => Ok(value),
            #[expect(clippy::cast_precision_loss, reason = "a whole number where any number may stand")]
            Value::Int(value) => Ok(value as f64),
            _ => Err(self.wrong("a number")),
        }
    }

    fn items(&self) -> Read<ItemReader<'de>> {
        self.untagged()?;
        match &self.node.kind {
            Kind::Sequence(items) => Ok(ItemReader::new(items)),
            _ => Err(self.wrong("a list")),
        }
    }

    fn entries(&self) -> Read<EntryReader<'de>> {
        self.untagged()?;
        match &self.node.kind {
            Kind::Mapping(entries) => Ok(EntryReader::new(entries)),
            _ => Err(self.wrong("a mapping")),
        }
    }

    fn variant(&self) -> Read<VariantReader<'de>> {
        self.untagged()?;
        match &self.node.kind {
            Kind::Scalar { .. } => Ok(VariantReader::named(self.text()?, self.node.span)),
            Kind::Mapping(entries) => match entries.as_slice() {
                [entry] => Ok(VariantReader::keyed(entry)),
                _ => Err(self.wrong("a mapping with one key")),
            },
            Kind::Sequence(_) => Err(self.wrong("a name or a mapping with one key")),
        }
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            let number = self.integer::<$type>(i128::from(<$type>::MIN), i128::from(<$type>::MAX))?;
            self.placed(visitor.$visit(number))
        }
    )*};
}

impl<'de> Deserializer<'de> for NodeReader<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.untagged()?;
        let read = match &self.node.kind {
            Kind::Sequence(items) => visitor.visit_seq(ItemReader::new(items)),
            Kind::Mapping(entries) => visitor.visit_map(EntryReader::new(entries)),
            Kind::Scalar { .. } => match self.scalar("a value")? {
                Value::Null => visitor.visit_unit(),
                Value::Bool(value) => visitor.visit_bool(value),
                Value::Float(value) => visitor.visit_f64(value),
                Value::Text(value) => visitor.visit_borrowed_str(value),
                Value::Int(value) => match (i64::try_from(value), u64::try_from(value)) {
                    (Ok(value), _) => visitor.visit_i64(value),
                    (_, Ok(value)) => visitor.visit_u64(value),
                    _ => Err(self.wrong("a smaller integer")),
                },
            },
        };
        self.placed(read)
    }

    integers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64,
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.placed(visitor.visit_bool(self.boolean()?))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.placed(visitor.visit_f64(self.float()?))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.placed(visitor.visit_borrowed_str(self.text()?))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let read = if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) };
        self.placed(read)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let null = self.node.is_null();
        if null { self.placed(visitor.visit_unit()) } else { Err(self.wrong("nothing")) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        self.placed(visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.placed(visitor.visit_seq(self.items()?))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.placed(visitor.visit_map(self.entries()?))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.placed(visitor.visit_enum(self.variant()?))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { i128 u128 bytes byte_buf }
}
