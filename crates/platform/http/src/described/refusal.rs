//! What is said of a request that is not what its operation describes: which field, what is wrong, never its value.

use jsonschema::error::{TypeKind, ValidationErrorKind as Wrong};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::json::told;
use crate::{Consequence, Problem};

/// Where something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// What a path names and does not fit is not there.
    Path,
    Query,
    Header,
    Form,
    Body,
}

/// What is wrong, in both languages.
struct Words {
    zh: String,
    en: String,
    /// Whether the value is of the right shape, and only may not be what it is.
    is_limit: bool,
}

/// Holds `value` against a schema.
///
/// # Errors
/// What is said of `place`.
pub(super) fn valid(validator: &Validator, value: &Value, place: Place) -> Result<(), Problem> {
    if validator.is_valid(value) {
        return Ok(());
    }
    Err(validator.validate(value).map_or_else(|error| place.wrong(&error), |()| place.wholly_wrong()))
}

impl Place {
    /// The same name came twice.
    pub(super) fn twice(self, name: &str) -> Problem {
        self.problem(name, &shape("重复出现", "comes more than once"))
    }

    fn wholly_wrong(self) -> Problem {
        self.problem("", &shape("不符合接口说明", "is not what the description says"))
    }

    fn wrong(self, error: &ValidationError<'_>) -> Problem {
        let error = nearest(error);
        self.problem(&field(error), &words(error.kind()))
    }

    fn problem(self, field: &str, Words { zh, en, is_limit }: &Words) -> Problem {
        let (code, what_zh, what_en) = match self {
            Self::Path => return Consequence::not_found().into(),
            Self::Query => ("malformed_query", "查询参数", "query"),
            Self::Header => ("malformed_header", "请求头", "header"),
            Self::Form => ("malformed_body", "表单", "form"),
            Self::Body => ("malformed_body", "请求体", "body"),
        };
        if *is_limit && self == Self::Body {
            return Consequence::invalid_field(
                field,
                format!("字段 `{field}` {zh}。"),
                format!("The field `{field}` {en}."),
            )
            .into();
        }
        let (named_zh, named_en) = if field.is_empty() {
            (String::new(), String::from("it"))
        } else {
            (format!("`{field}` "), format!("`{field}`"))
        };
        Consequence::new(
            400,
            code,
            format!("{what_zh}格式不正确：{named_zh}{zh}。"),
            format!("The {what_en} is malformed: {named_en} {en}."),
        )
        .with("field", field)
        .into()
    }
}

/// Of a value that fits none of several schemas, what is wrong by the one that it comes nearest to: the one that it
/// fails furthest inside.
fn nearest<'e, 'i: 'e>(error: &'e ValidationError<'i>) -> &'e ValidationError<'i> {
    let (Wrong::AnyOf { context } | Wrong::OneOfNotValid { context }) = error.kind() else { return error };
    let inside = |error: &ValidationError<'_>| error.instance_path().as_str().matches('/').count();
    let not_another_type = |error: &&ValidationError<'_>| !matches!(error.kind(), Wrong::Type { .. });
    let candidates = || context.iter().filter_map(|errors| errors.first());
    let best = candidates().filter(not_another_type).max_by_key(|error| inside(error));
    let best = best.or_else(|| candidates().max_by_key(|error| inside(error)));
    best.map_or(error, nearest)
}

/// `amount.currency`, `rows.3.id`; with the name that is missing or too many.
fn field(error: &ValidationError<'_>) -> String {
    let path = error.instance_path().as_str().trim_start_matches('/').replace('/', ".");
    let path = path.replace("~1", "/").replace("~0", "~");
    let last = match error.kind() {
        Wrong::Required { property } => property.as_str(),
        Wrong::AdditionalProperties { unexpected } | Wrong::UnevaluatedProperties { unexpected } => {
            unexpected.first().map(String::as_str)
        }
        _ => None,
    };
    match last {
        Some(last) if path.is_empty() => told(last),
        Some(last) => format!("{path}.{}", told(last)),
        None => path,
    }
}

fn kinds(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(only) => only.to_string(),
        TypeKind::Multiple(several) => {
            several.iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(" / ")
        }
    }
}

fn shape(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into(), is_limit: false }
}

fn limit(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into(), is_limit: true }
}

fn words(wrong: &Wrong) -> Words {
    match wrong {
        Wrong::Required { .. } => shape("缺失", "is missing"),
        Wrong::AdditionalProperties { .. }
        | Wrong::UnevaluatedProperties { .. }
        | Wrong::AdditionalItems { .. }
        | Wrong::UnevaluatedItems { .. }
        | Wrong::FalseSchema => shape("不是接口说明中的字段", "is not a field that is described"),
        Wrong::Type { kind } => {
            let kinds = kinds(kind);
            shape(format!("的类型应为 {kinds}"), format!("is to be of type {kinds}"))
        }
        Wrong::Enum { .. } | Wrong::Constant { .. } => {
            shape("不是允许的取值", "is not one of the values that are described")
        }
        // Counts are told by a lowest value of zero: what is below is of another type.
        Wrong::Minimum { limit } if limit.as_u64() == Some(0) => shape("不能为负数", "cannot be below zero"),
        Wrong::Minimum { limit: least } => {
            limit(format!("不能小于 {least}"), format!("is to be at least {least}"))
        }
        Wrong::Maximum { limit: most } => {
            limit(format!("不能大于 {most}"), format!("is to be at most {most}"))
        }
        Wrong::ExclusiveMinimum { limit: least } => {
            limit(format!("须大于 {least}"), format!("is to be above {least}"))
        }
        Wrong::ExclusiveMaximum { limit: most } => {
            limit(format!("须小于 {most}"), format!("is to be below {most}"))
        }
        Wrong::MinLength { limit: least } => {
            limit(format!("不能少于 {least} 个字符"), format!("is to have at least {least} characters"))
        }
        Wrong::MaxLength { limit: most } => {
            limit(format!("不能超过 {most} 个字符"), format!("is to have at most {most} characters"))
        }
        Wrong::MinItems { limit: least } => {
            limit(format!("不能少于 {least} 项"), format!("is to have at least {least} items"))
        }
        Wrong::MaxItems { limit: most } => {
            limit(format!("不能超过 {most} 项"), format!("is to have at most {most} items"))
        }
        Wrong::UniqueItems => limit("含有重复项", "has an item twice"),
        Wrong::Format { format } => {
            limit(format!("须为 {format} 格式"), format!("is to be of format {format}"))
        }
        Wrong::Pattern { .. } => limit("的格式不正确", "does not have the form that is described"),
        _ => shape("不符合接口说明", "is not what the description says"),
    }
}
