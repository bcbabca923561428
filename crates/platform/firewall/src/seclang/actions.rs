//! What a rule does when it matches: `id:1,phase:2,block,t:none,setvar:'tx.score=+5'`.

use super::{IdRange, Target};

/// What becomes of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Disposition {
    /// It goes on. `block` is this as well, since rule sets score and block in the end.
    #[default]
    Pass,
    /// It is refused.
    Deny,
    /// It is let through without more rules.
    Allow,
}

/// A change of a variable of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetVariable {
    /// Without `tx.`, in lower case; may hold macros.
    pub(crate) name: String,
    pub(crate) setting: Setting,
}

/// What a variable is changed to. Texts may hold macros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setting {
    To(String),
    Add(String),
    Subtract(String),
    Unset,
}

/// A change of how the rest of the rules is applied to this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    RemoveById(IdRange),
    RemoveByTag(String),
    RemoveTargetById(IdRange, Target),
    RemoveTargetByTag(String, Target),
    BodyProcessor(String),
    ForceBody,
    /// `Off` or `DetectionOnly`.
    Engine(String),
}

/// Everything after the operator.
#[derive(Debug, Clone, Default)]
pub(crate) struct Actions {
    pub(crate) id: u64,
    /// 1 to 5; `None` where it is not said.
    pub(crate) phase: Option<u8>,
    pub(crate) disposition: Disposition,
    pub(crate) status: Option<u16>,
    /// Names of transformations since the last `t:none`.
    pub(crate) transformations: Vec<String>,
    pub(crate) capture: bool,
    pub(crate) multi_match: bool,
    pub(crate) chain: bool,
    pub(crate) silent: bool,
    pub(crate) message: String,
    pub(crate) tags: Vec<String>,
    pub(crate) severity: Option<String>,
    pub(crate) skip_after: Option<String>,
    pub(crate) set: Vec<SetVariable>,
    pub(crate) controls: Vec<Control>,
    /// Which rule set it belongs to: `OWASP_CRS/4.25.0`.
    pub(crate) version: Option<String>,
}

impl Actions {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut actions = Self::default();
        for part in parts(text) {
            let (name, argument) =
                part.split_once(':').map_or((part, ""), |(name, argument)| (name, argument));
            actions.take(name.trim(), unquoted(argument.trim()))?;
        }
        Ok(actions)
    }

    fn take(&mut self, name: &str, argument: &str) -> Result<(), String> {
        let number =
            || argument.parse::<u64>().map_err(|_| format!("`{argument}` is no number, in `{name}`"));
        match name.to_ascii_lowercase().as_str() {
            "id" => self.id = number()?,
            "phase" => self.phase = Some(phase(argument)?),
            "deny" | "drop" => self.disposition = Disposition::Deny,
            "block" | "pass" => self.disposition = Disposition::Pass,
            "allow" => self.disposition = Disposition::Allow,
            "status" => self.status = Some(u16::try_from(number()?).map_err(|error| error.to_string())?),
            "t" if argument == "none" => self.transformations.clear(),
            "t" => self.transformations.push(argument.to_owned()),
            "capture" => self.capture = true,
            "multimatch" => self.multi_match = true,
            "chain" => self.chain = true,
            "nolog" => self.silent = true,
            "log" => self.silent = false,
            "msg" => argument.clone_into(&mut self.message),
            "tag" => self.tags.push(argument.to_owned()),
            "severity" => self.severity = Some(argument.to_owned()),
            "skipafter" => self.skip_after = Some(argument.to_owned()),
            "setvar" => self.set.extend(set_variable(argument)?),
            "ctl" => self.controls.extend(control(argument)?),
            // What is written where about a match is for the house to say; nothing is kept between requests.
            "ver" => self.version = Some(argument.to_owned()),
            "rev" | "maturity" | "accuracy" | "logdata" | "auditlog" | "noauditlog" | "initcol"
            | "expirevar" | "sanitisearg" | "sanitisematched" | "setenv" => {}
            unknown => return Err(format!("the action `{unknown}` is not known")),
        }
        Ok(())
    }
}

fn phase(text: &str) -> Result<u8, String> {
    match text {
        "request" => Ok(2),
        "response" => Ok(4),
        "logging" => Ok(5),
        _ => text
            .parse()
            .ok()
            .filter(|phase| (1..=5).contains(phase))
            .ok_or_else(|| format!("`{text}` is no phase")),
    }
}

/// `tx.name=value`, `tx.name=+1`, `!tx.name`, `tx.name`. Collections that are kept between requests are not: nothing.
fn set_variable(text: &str) -> Result<Option<SetVariable>, String> {
    let (unset, text) = text.strip_prefix('!').map_or((false, text), |text| (true, text));
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    let (collection, name) = name.split_once('.').ok_or_else(|| format!("`{text}` names no variable"))?;
    if !collection.eq_ignore_ascii_case("tx") {
        return Ok(None);
    }
    let setting = match value {
        _ if unset => Setting::Unset,
        None => Setting::To("1".to_owned()),
        Some(value) => match (value.strip_prefix('+'), value.strip_prefix('-')) {
            (Some(more), _) => Setting::Add(more.to_owned()),
            (_, Some(less)) => Setting::Subtract(less.to_owned()),
            _ => Setting::To(value.to_owned()),
        },
    };
    Ok(Some(SetVariable { name: name.trim().to_ascii_lowercase(), setting }))
}

fn control(text: &str) -> Result<Option<Control>, String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("`ctl:{text}` has no value"))?;
    let target = |value: &str| {
        let (of, target) = value.split_once(';').ok_or_else(|| format!("`ctl:{text}` names no target"))?;
        Ok::<_, String>((of.to_owned(), Target::parse(target)?))
    };
    let range = |text: &str| IdRange::parse(text).ok_or_else(|| format!("`{text}` is no id of a rule"));
    Ok(Some(match name.to_ascii_lowercase().as_str() {
        "ruleremovebyid" => Control::RemoveById(range(value)?),
        "ruleremovebytag" => Control::RemoveByTag(value.to_owned()),
        "ruleremovetargetbyid" => {
            let (of, target) = target(value)?;
            Control::RemoveTargetById(range(&of)?, target)
        }
        "ruleremovetargetbytag" => {
            let (of, target) = target(value)?;
            Control::RemoveTargetByTag(of, target)
        }
        "requestbodyprocessor" => Control::BodyProcessor(value.to_ascii_uppercase()),
        "forcerequestbodyvariable" if value.eq_ignore_ascii_case("on") => Control::ForceBody,
        "ruleengine" => Control::Engine(value.to_ascii_lowercase()),
        "auditengine"
        | "auditlogparts"
        | "responsebodyaccess"
        | "requestbodyaccess"
        | "forcerequestbodyvariable" => {
            return Ok(None);
        }
        unknown => return Err(format!("`ctl:{unknown}` is not known")),
    }))
}

/// Between commas, but not within single quotes.
fn parts(text: &str) -> Vec<&str> {
    let (mut all, mut start, mut within, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'\'' => within = !within,
            b',' if !within => {
                all.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    all.extend(text.get(start..));
    all.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect()
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text)
}
