//! Mobile numbers of the mainland: 11 digits, 13 to 19 first.

/// The 11 digits; `None` for what is no mobile number. Spaces, hyphens and a leading +86 are forgiven.
pub(crate) fn normalize(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("0086")).unwrap_or(&bare);
    let second = digits.as_bytes().get(1)?;
    let fits = digits.len() == 11
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.starts_with('1')
        && *second >= b'3';
    fits.then(|| digits.to_owned())
}
