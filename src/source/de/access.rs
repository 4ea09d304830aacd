//! serde's way through lists, mappings and enums; each level adds its step to the path of an error.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::failure::{Failure, Segment};
use super::key::KeyReader;
use super::node::NodeReader;
use crate::source::{Entry, Node, Span};

/// The items of a list.
pub(super) struct ItemReader<'de> {
    items: std::iter::Enumerate<std::slice::Iter<'de, Node>>,
}

impl<'de> ItemReader<'de> {
    pub(super) fn new(items: &'de [Node]) -> Self {
        Self { items: items.iter().enumerate() }
    }
}

impl<'de> SeqAccess<'de> for ItemReader<'de> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        let Some((index, item)) = self.items.next() else { return Ok(None) };
        let read = seed.deserialize(NodeReader::root(item));
        read.map(Some).map_err(|failure| failure.at(item.head()).within(Segment::Index(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a mapping.
pub(super) struct EntryReader<'de> {
    entries: std::slice::Iter<'de, Entry>,
    value: Option<&'de Entry>,
}

impl<'de> EntryReader<'de> {
    pub(super) fn new(entries: &'de [Entry]) -> Self {
        Self { entries: entries.iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for EntryReader<'de> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        self.value = self.entries.next();
        let Some(entry) = self.value else { return Ok(None) };
        let read = seed.deserialize(KeyReader { key: &entry.key, span: entry.key_span });
        read.map(Some).map_err(|failure| failure.at(entry.key_span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let Some(entry) = self.value.take() else {
            return Err(serde::de::Error::custom("a value was read before its key"));
        };
        read_value(entry, seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

fn read_value<'de, V: DeserializeSeed<'de>>(entry: &'de Entry, seed: V) -> Result<V::Value, Failure> {
    let read = seed.deserialize(NodeReader::under(&entry.value, entry.key_span));
    read.map_err(|failure| failure.at(entry.key_span).within(Segment::Key(entry.key.clone())))
}

/// An enum: `name`, or `name: value` as a mapping of one key.
pub(super) struct VariantReader<'de> {
    name: KeyReader<'de>,
    entry: Option<&'de Entry>,
}

impl<'de> VariantReader<'de> {
    pub(super) fn named(name: &'de str, span: Span) -> Self {
        Self { name: KeyReader { key: name, span }, entry: None }
    }

    pub(super) fn keyed(entry: &'de Entry) -> Self {
        Self { name: KeyReader { key: &entry.key, span: entry.key_span }, entry: Some(entry) }
    }

    fn entry(&self) -> Result<&'de Entry, Failure> {
        let name = self.name.key;
        self.entry.ok_or_else(|| {
            Failure::wrong_type(format!("a value for `{name}`"), "its name alone").at(self.name.span)
        })
    }
}

impl<'de> EnumAccess<'de> for VariantReader<'de> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Failure> {
        Ok((seed.deserialize(self.name)?, self))
    }
}

impl<'de> VariantAccess<'de> for VariantReader<'de> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        match self.entry {
            Some(entry) if !entry.value.is_null() => {
                let found = "a value below it";
                Err(Failure::wrong_type(format!("`{}` alone", entry.key), found).at(entry.key_span))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        read_value(self.entry()?, seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Failure> {
        let entry = self.entry()?;
        let read = NodeReader::under(&entry.value, entry.key_span).deserialize_seq(visitor);
        read.map_err(|failure| failure.within(Segment::Key(entry.key.clone())))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let entry = self.entry()?;
        let read = NodeReader::under(&entry.value, entry.key_span).deserialize_map(visitor);
        read.map_err(|failure| failure.within(Segment::Key(entry.key.clone())))
    }
}
