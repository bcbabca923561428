//! Texts with macros in them: `%{tx.critical_anomaly_score}`.

use crate::seclang::{Collection, Selector, Target};
use crate::variables::Names;

/// A text whose macros are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(pub(crate) Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(Vec<u8>),
    /// A variable of the transaction, by its place.
    Variable(usize),
    MatchedValue,
    MatchedName,
    /// The first value of a collection.
    Value(Target),
}

impl Template {
    /// Reads a text; variables of the transaction that it names get a place in `names`.
    pub(crate) fn parse(text: &str, names: &mut Names) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("%{") {
            let Some((name, beyond)) = after.split_once('}') else { break };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.as_bytes().to_vec()));
            }
            pieces.push(piece(name, names)?);
            rest = beyond;
        }
        if !rest.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Text(rest.as_bytes().to_vec()));
        }
        Ok(Self(pieces))
    }

    /// The text where it has no macros.
    pub(crate) fn plain(&self) -> Option<&[u8]> {
        match self.0.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }
}

fn piece(name: &str, names: &mut Names) -> Result<Piece, String> {
    let lower = name.to_ascii_lowercase();
    if let Some(variable) = lower.strip_prefix("tx.") {
        return Ok(Piece::Variable(names.place(variable)));
    }
    Ok(match lower.as_str() {
        "matched_var" => Piece::MatchedValue,
        "matched_var_name" => Piece::MatchedName,
        _ => {
            let (collection, selector) = name.split_once('.').unwrap_or((name, ""));
            let text =
                if selector.is_empty() { collection.to_owned() } else { format!("{collection}:{selector}") };
            let target = Target::parse(&text)?;
            match (target.collection, &target.selector) {
                (Collection::Tx, _) | (_, Selector::Matching(_)) => {
                    return Err(format!("`%{{{name}}}` is not known"));
                }
                _ => Piece::Value(target),
            }
        }
    })
}
