//! What a customer is: numbers with check characters, names, phones, divisions, and a profile made of them.

pub(crate) mod credit_code;
pub(crate) mod division;
pub(crate) mod id_number;
pub(crate) mod name;
pub(crate) mod phone;
pub(crate) mod profile;
#[cfg(test)]
mod tests;
