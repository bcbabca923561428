//! A file of rules: lines that go on after a backslash, words in quotes, directives.

use super::{Actions, Directive, IdRange, OperatorText, Place, Targets};
use crate::LoadFailed;

/// Directives that say how a server runs ModSecurity, or whose subject is answers: nothing for the rules of a request.
const OF_A_SERVER: [&str; 18] = [
    "SecAuditEngine",
    "SecAuditLog",
    "SecAuditLogParts",
    "SecAuditLogRelevantStatus",
    "SecAuditLogType",
    "SecArgumentSeparator",
    "SecCollectionTimeout",
    "SecComponentSignature",
    "SecCookieFormat",
    "SecDataDir",
    "SecDebugLog",
    "SecDebugLogLevel",
    "SecDefaultAction",
    "SecRequestBodyAccess",
    "SecResponseBodyAccess",
    "SecRuleEngine",
    "SecTmpDir",
    "SecUnicodeMapFile",
];

/// The directives of `text`, each with its place, in order. Rules about answers (phases 3 to 5) are passed over.
pub(crate) fn directives(file: &str, text: &str) -> Result<Vec<(Place, Directive)>, LoadFailed> {
    let mut all = Vec::new();
    // Whether the next rule is chained to one about answers.
    let mut passing_over = false;
    for (line, logical) in logical_lines(text) {
        let place = Place { file: file.to_owned(), line };
        let words = words(&logical);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let refused = |why: String| LoadFailed::Rule { place: place.clone(), why };
        if let Some(actions) = of_a_rule(&words) {
            let actions = Actions::parse(actions).map_err(refused)?;
            if passing_over || actions.phase.is_some_and(|phase| phase > 2) {
                passing_over = actions.chain;
                continue;
            }
        }
        if let Some(directive) = directive(&words).map_err(refused)? {
            all.push((place, directive));
        }
    }
    Ok(all)
}

/// The actions of a rule.
fn of_a_rule<'w>(words: &[&'w str]) -> Option<&'w str> {
    match words {
        ["SecRule", _, _] => Some(""),
        ["SecRule", _, _, actions] | ["SecAction", actions] => Some(actions),
        _ => None,
    }
}

fn directive(words: &[&str]) -> Result<Option<Directive>, String> {
    let ids = |texts: &[&str]| {
        let texts = texts.iter().flat_map(|text| text.split([' ', ',']));
        texts
            .filter(|text| !text.is_empty())
            .map(|text| IdRange::parse(text).ok_or_else(|| format!("`{text}` is no id of a rule")))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(Some(match words {
        [] => return Ok(None),
        ["SecRule", targets, operator] => Directive::Rule {
            targets: Targets::parse(targets)?,
            operator: OperatorText::parse(operator),
            actions: Actions::default(),
        },
        ["SecRule", targets, operator, actions] => Directive::Rule {
            targets: Targets::parse(targets)?,
            operator: OperatorText::parse(operator),
            actions: Actions::parse(actions)?,
        },
        ["SecAction", actions] => Directive::Action(Actions::parse(actions)?),
        ["SecMarker", name] => Directive::Marker((*name).to_owned()),
        ["SecRuleRemoveById", texts @ ..] => Directive::RemoveById(ids(texts)?),
        ["SecRuleRemoveByTag", tag] => Directive::RemoveByTag((*tag).to_owned()),
        ["SecRuleUpdateTargetById", id, targets] => {
            Directive::UpdateTargetById(ids(&[*id])?, Targets::parse(targets)?)
        }
        [name, ..] if OF_A_SERVER.contains(name) => return Ok(None),
        [name, ..] => {
            return Err(format!("the directive `{name}` is not known, or has other words than it takes"));
        }
    }))
}

/// Lines without comments and empty ones, those joined that end with a backslash.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        if !open && (line.trim().is_empty() || line.trim_start().starts_with('#')) {
            continue;
        }
        let (line, goes_on) = line.trim_end().strip_suffix('\\').map_or((line, false), |line| (line, true));
        match all.last_mut() {
            Some((_, joined)) if open => joined.push_str(line.trim_start()),
            _ => all.push((number + 1, line.trim_start().to_owned())),
        }
        open = goes_on;
    }
    all
}

/// Words between blanks; quotes hold one together, and within them `\"` is a quote.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = rest.strip_prefix('"').map_or_else(
            || {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (rest.get(..end).unwrap_or_default().to_owned(), rest.get(end..).unwrap_or_default())
            },
            quoted,
        );
        all.push(word);
        rest = after.trim_start();
    }
    all
}

/// What stands before the closing quote, and what follows it.
fn quoted(text: &str) -> (String, &str) {
    let mut word = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (word, text.get(at + 1..).unwrap_or_default()),
            '\\' if letters.peek().is_some_and(|(_, next)| *next == '"') => {
                letters.next();
                word.push('"');
            }
            '\\' if letters.peek().is_some_and(|(_, next)| *next == '\\') => {
                letters.next();
                word.push_str("\\\\");
            }
            _ => word.push(letter),
        }
    }
    (word, "")
}
