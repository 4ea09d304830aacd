//! From the parser's events to the tree, within fixed budgets and without recursion.

use granit_parser::{Event, Parser, ScalarStyle as Written, Span as Range, StructureStyle, Tag};

use super::anchors::{Anchors, Budget};
use super::file::floor;
use super::mapping::MappingBuilder;
use super::quoted::Joined;
use super::{Kind, Node, ScalarStyle, SourceId, SourceMap, Span, SyntaxError, SyntaxKind, scan, slips};

/// The largest file read: 2 MiB. CloudFormation takes at most 1 MiB.
pub const MAX_BYTES: usize = 2 << 20;
/// The most values a file may have once aliases are followed.
pub const MAX_NODES: usize = 100_000;
/// The most text a file may have once aliases are followed: 16 MiB.
pub const MAX_TEXT: usize = 16 << 20;
/// The deepest nesting of lists and mappings.
pub const MAX_DEPTH: usize = 64;

/// A YAML file as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The whole value; null for an empty file.
    pub root: Node,
    /// The file.
    pub source: SourceId,
}

/// Reads a file of `map` as one YAML document.
///
/// # Errors
/// The first [`SyntaxError`]: text that is not YAML, a key that is there twice, a budget exceeded.
pub fn parse(map: &SourceMap, id: SourceId) -> Result<Document, SyntaxError> {
    Loader::new(readable(map, id)?, id, false).read(None)
}

/// The same of a template, as CloudFormation reads it: quoted texts may go on in lines that are not indented, and `<<` brings
/// nothing in.
///
/// # Errors
/// As [`parse`], and at a `<<`.
pub fn parse_template(map: &SourceMap, id: SourceId) -> Result<Document, SyntaxError> {
    let text = readable(map, id)?;
    Loader::new(text, id, true).read(None).or_else(|error| {
        let joined = if error.kind == SyntaxKind::NotYaml { Joined::of(text) } else { None };
        joined.and_then(|joined| Loader::new(text, id, true).read(Some(&joined)).ok()).ok_or(error)
    })
}

/// The text, unless it is too large or not as texts are kept.
fn readable(map: &SourceMap, id: SourceId) -> Result<&str, SyntaxError> {
    let text = map.get(id).map_or("", |file| &file.text);
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than {MAX_BYTES}", text.len());
        return Err(SyntaxError::new(SyntaxKind::TooLarge, Span::at(id, 0), message));
    }
    if text.starts_with('\u{feff}') {
        let span = Span::new(id, 0, '\u{feff}'.len_utf8());
        let error = SyntaxError::new(SyntaxKind::Encoding, span, "the file begins with a byte order mark");
        return Err(error.help("save the file as UTF-8 without a byte order mark"));
    }
    Ok(text)
}

/// A list or mapping whose end has not come yet.
struct Frame {
    span: Span,
    tag: Option<String>,
    anchor: usize,
    flow: bool,
    open: Open,
}

enum Open {
    Sequence(Vec<Node>),
    Mapping(MappingBuilder),
}

struct Loader<'a> {
    text: &'a str,
    source: SourceId,
    /// It is read as CloudFormation reads templates.
    template: bool,
    stack: Vec<Frame>,
    root: Option<Node>,
    document: Option<Span>,
    anchors: Anchors,
    budget: Budget,
}

impl<'a> Loader<'a> {
    fn new(text: &'a str, source: SourceId, template: bool) -> Self {
        let (anchors, budget) = (Anchors::default(), Budget::default());
        Self { text, source, template, stack: Vec::new(), root: None, document: None, anchors, budget }
    }

    fn read(mut self, joined: Option<&Joined>) -> Result<Document, SyntaxError> {
        let (text, id) = (self.text, self.source);
        for next in Parser::new_from_str(joined.map_or(text, |joined| &joined.text)) {
            let (event, range) = next.map_err(|error| scan::translate(&error, text, id))?;
            let whole = range.byte_range().and_then(|range| joined?.value(text, range));
            let event = match (event, whole) {
                (Event::Scalar(_, style, anchor, tag), Some(value)) => {
                    Event::Scalar(value.into(), style, anchor, tag)
                }
                (event, _) => event,
            };
            self.event(event, range)?;
        }
        Ok(self.finish())
    }

    fn finish(self) -> Document {
        let nothing = Kind::Scalar { value: String::new(), style: ScalarStyle::Plain };
        let empty = Node { span: Span::at(self.source, 0), tag: None, kind: nothing };
        Document { root: self.root.unwrap_or(empty), source: self.source }
    }

    fn event(&mut self, event: Event<'_>, range: Range) -> Result<(), SyntaxError> {
        let span = self.span(range);
        match event {
            Event::DocumentStart(..) => self.start_document(span),
            Event::Scalar(value, written, anchor, tag) => {
                self.spend(value.len(), span)?;
                let (style, span) = self.style(written, span);
                // the parser writes `~` for a value that is not there
                let absent = style == ScalarStyle::Plain && span.is_empty();
                let value = if absent { String::new() } else { value.into_owned() };
                let kind = Kind::Scalar { value, style };
                self.complete(Node { span, tag: tag.as_deref().map(tag_name), kind }, anchor)
            }
            Event::SequenceStart(structure, anchor, tag) => {
                self.open(Open::Sequence(Vec::new()), structure, anchor, tag.as_deref(), span)
            }
            Event::MappingStart(structure, anchor, tag) => {
                self.open(Open::Mapping(MappingBuilder::default()), structure, anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.follow(anchor, span),
            _ => Ok(()),
        }
    }

    fn start_document(&mut self, span: Span) -> Result<(), SyntaxError> {
        match self.document.replace(span) {
            None => Ok(()),
            Some(_) => {
                let message = "a second document begins here";
                let error = SyntaxError::new(SyntaxKind::SeveralDocuments, span, message);
                Err(error.help("keep one document in a file, and remove the `---` between them"))
            }
        }
    }

    fn open(
        &mut self,
        open: Open,
        structure: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), SyntaxError> {
        self.spend(0, span)?;
        self.check_depth(1, span)?;
        let flow = structure == StructureStyle::Flow;
        self.stack.push(Frame { span, tag: tag.map(tag_name), anchor, flow, open });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), SyntaxError> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let kind = match frame.open {
            Open::Sequence(items) => Kind::Sequence(items),
            Open::Mapping(builder) => {
                if let Some(span) = builder.merged().filter(|_| self.template) {
                    let message = "CloudFormation brings nothing in by `<<`";
                    let error = SyntaxError::new(SyntaxKind::BadMergeKey, span, message);
                    return Err(
                        error.help("write the entries out; an alias of a single value, `*name`, is read")
                    );
                }
                Kind::Mapping(builder.finish())
            }
        };
        let mut span = frame.span.to(end);
        if !frame.flow {
            span.end = trimmed_end(self.text, span);
        }
        self.complete(Node { span, tag: frame.tag, kind }, frame.anchor)
    }

    fn follow(&mut self, anchor: usize, span: Span) -> Result<(), SyntaxError> {
        let Some((node, size)) = self.anchors.get(anchor) else {
            let message = "this alias stands inside its own anchor";
            return Err(SyntaxError::new(SyntaxKind::BadAlias, span, message));
        };
        if !self.budget.spend(size.nodes, size.text) {
            return Err(too_many(span));
        }
        self.check_depth(size.depth, span)?;
        let mut node = node.clone();
        if self.stack.last().is_some_and(|frame| matches!(&frame.open, Open::Mapping(m) if m.wants_key())) {
            node.span = span;
        }
        self.attach(node)
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        if anchor != 0 && !self.anchors.define(anchor, &node, &mut self.budget) {
            return Err(too_many(node.head()));
        }
        self.attach(node)
    }

    fn attach(&mut self, node: Node) -> Result<(), SyntaxError> {
        match self.stack.last_mut().map(|frame| &mut frame.open) {
            None => self.root = Some(node),
            Some(Open::Sequence(items)) => items.push(node),
            Some(Open::Mapping(builder)) => {
                builder.accept(node).map_err(|error| slips::placeholder(error, self.text))?;
            }
        }
        Ok(())
    }

    fn spend(&mut self, text: usize, span: Span) -> Result<(), SyntaxError> {
        if self.budget.spend(1, text) { Ok(()) } else { Err(too_many(span)) }
    }

    fn check_depth(&self, more: usize, span: Span) -> Result<(), SyntaxError> {
        if self.stack.len() + more <= MAX_DEPTH {
            return Ok(());
        }
        let message = format!("lists and mappings are nested more than {MAX_DEPTH} deep");
        Err(SyntaxError::new(SyntaxKind::TooDeep, span, message))
    }

    fn style(&self, written: Written, span: Span) -> (ScalarStyle, Span) {
        let block = Span { end: trimmed_end(self.text, span), ..span };
        match written {
            Written::Plain => (ScalarStyle::Plain, span),
            Written::SingleQuoted | Written::DoubleQuoted => (ScalarStyle::Quoted, span),
            Written::Literal => (ScalarStyle::Literal, block),
            Written::Folded => (ScalarStyle::Folded, block),
        }
    }

    fn span(&self, range: Range) -> Span {
        let range = range.byte_range().unwrap_or(0..0);
        let start = floor(self.text, range.start);
        Span::new(self.source, start, floor(self.text, range.end).max(start))
    }
}

/// Where a block ends for a person: after its last character that is not white space.
fn trimmed_end(text: &str, span: Span) -> usize {
    let inner = text.get(span.start..span.end).unwrap_or_default();
    span.start + inner.trim_end().len()
}

fn tag_name(tag: &Tag) -> String {
    tag.core_suffix().map_or_else(|| tag.original(), |suffix| format!("!!{suffix}"))
}

fn too_many(span: Span) -> SyntaxError {
    let message = format!("the file grows past {MAX_NODES} values or {MAX_TEXT} bytes here");
    SyntaxError::new(SyntaxKind::TooManyNodes, span, message)
        .help("split the file, or repeat less by aliases inside aliases")
}
