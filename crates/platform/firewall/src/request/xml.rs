//! XML: all its text as one value, and the value of each attribute. Entities are not resolved, nothing is loaded.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Collections;
use crate::seclang::Collection;
use crate::texts::Texts;

/// Adds texts and attributes; whether the body was well-formed.
pub(super) fn texts<'r>(body: &'r [u8], to: &mut Collections<'r>, texts: &mut Texts<'r>) -> bool {
    let mut reader = Reader::from_reader(body);
    reader.config_mut().allow_dangling_amp = true;
    let (mut text, mut whole) = (Vec::new(), true);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                for attribute in tag.attributes().with_checks(false) {
                    let Ok(attribute) = attribute else {
                        whole = false;
                        continue;
                    };
                    let value = quick_xml::escape::unescape(&attribute.value)
                        .map_or_else(|_| attribute.value.to_string(), Cow::into_owned)
                        .into_bytes();
                    to.push(Collection::XmlAttributes, Cow::Borrowed(b"xml"), Cow::Owned(value), texts);
                }
            }
            Ok(Event::Text(content)) => text.extend_from_slice(content.as_bytes()),
            Ok(Event::CData(content)) => text.extend_from_slice(content.as_bytes()),
            Ok(Event::GeneralRef(name)) => match name.resolve_char_ref() {
                Ok(Some(letter)) => text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                _ => text.extend_from_slice(predefined(name.as_bytes())),
            },
            Ok(_) => {}
            Err(_) => {
                whole = false;
                break;
            }
        }
    }
    if !text.is_empty() {
        to.push(Collection::Xml, Cow::Borrowed(b"xml"), Cow::Owned(text), texts);
    }
    whole
}

/// The five entities that every XML has.
fn predefined(name: &[u8]) -> &'static [u8] {
    match name {
        b"lt" => b"<",
        b"gt" => b">",
        b"amp" => b"&",
        b"quot" => b"\"",
        b"apos" => b"'",
        _ => b"",
    }
}
