//! What is looked for: a value of its own in every personal field, and every secret that was used.

use std::collections::BTreeSet;

/// A personal field and the value that it was given.
#[derive(Debug, Clone)]
pub(super) struct Marker {
    pub(super) field: &'static str,
    pub(super) value: String,
    /// Whether somebody is shown it whole: its owner, or staff with a reason.
    pub(super) shown: bool,
    /// Other ways to write it: in an address, in JSON, as bytes in a dump.
    otherwise: Vec<String>,
}

/// Names, numbers and texts that stand nowhere else.
pub(super) const FIELDS: [(&str, &str, bool); 23] = [
    ("person.name", "郗麝鼐", true),
    ("person.id_number", "440106198708190279", true),
    ("person.phone", "15912340071", true),
    ("person.born_on", "1987-08-19", true),
    ("person.address", "麒麟巷九十七号院", true),
    ("person.password", "Kestrel-person-771", false),
    ("person.pin", "794613", false),
    ("person.password, new", "Kestrel-person-772", false),
    ("person.pin, new", "846125", false),
    ("business.name", "瀚麒鹭贸易有限公司", true),
    ("business.credit_code", "91440106MA7K9Q3TX3", true),
    ("business.phone", "15912340072", true),
    ("business.representative", "郦翯翀", true),
    ("business.address", "鸾凤路六十三号", true),
    ("business.password", "Kestrel-business-773", false),
    ("joined.name", "邴霁骐", true),
    ("joined.id_number", "510107199105231042", true),
    ("joined.phone", "15912340073", true),
    ("joined.password", "Kestrel-joined-774", false),
    ("account.nickname", "蟾宫折桂专户", true),
    ("payee.nickname", "鹣鲽老友", true),
    ("transfer.memo", "贺槿瑟生辰", true),
    ("device.user_agent", "KestrelPhone/77.1", false),
];

/// The value of a field of [`FIELDS`].
pub(super) fn value(field: &str) -> &'static str {
    FIELDS.iter().find(|(known, ..)| *known == field).map_or("", |(_, value, _)| value)
}

/// All that is looked for: what was given, and what came up on the way.
#[derive(Debug, Clone)]
pub(super) struct Markers(pub(super) Vec<Marker>);

impl Markers {
    pub(super) fn new() -> Self {
        let mut markers = Self(Vec::new());
        for (field, value, shown) in FIELDS {
            markers.add(field, value, shown);
        }
        markers
    }

    /// One more: a number that the bank gave, or a secret: a token, a code, a proof.
    pub(super) fn add(&mut self, field: &'static str, value: &str, shown: bool) {
        assert!(value.len() >= 6, "{field} is too short to be told apart: `{value}`");
        let percent: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let escaped: String = value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let otherwise = vec![percent.to_lowercase(), percent, escaped, hex::encode(value)];
        self.0.push(Marker { field, value: value.to_owned(), shown, otherwise });
    }

    /// The fields whose values stand in `text`, in whatever way they may be written.
    pub(super) fn in_text(&self, text: &str) -> BTreeSet<&'static str> {
        let spaceless: String = text.chars().filter(|c| *c != ' ').collect();
        self.0.iter().filter(|marker| marker.stands_in(text, &spaceless)).map(|marker| marker.field).collect()
    }

    /// Which values stand in `text`, which `what` names, and the words around the first.
    pub(super) fn hit(&self, what: &str, text: &str) -> Option<String> {
        let found = self.in_text(text);
        let first = self.0.iter().find(|marker| found.contains(marker.field))?;
        let at = text.find(&first.value).unwrap_or(0).saturating_sub(200);
        let around: String = text.get(text.floor_char_boundary(at)..)?.chars().take(400).collect();
        Some(format!("{what} holds {found:?}: …{around}…"))
    }
}

impl Marker {
    fn stands_in(&self, text: &str, spaceless: &str) -> bool {
        // Six digits stand by chance in longer numbers.
        if self.value.len() == 6 && self.value.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.match_indices(&self.value).any(|(at, found)| {
                let before = text.get(..at).and_then(|before| before.chars().last());
                let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
                let apart =
                    |c: Option<char>| !c.is_some_and(|c| c.is_ascii_hexdigit() || c == '.' || c == '-');
                apart(before) && apart(after)
            });
        }
        spaceless.contains(&self.value) || self.otherwise.iter().any(|written| text.contains(written))
    }
}

#[test]
fn what_is_looked_for_is_found_however_it_is_written() {
    let mut markers = Markers::new();
    markers.add("a number", "6288990000000000421", false);
    for (text, field) in [
        ("{\"name\":\"郗麝鼐\"}", "person.name"),
        ("/search?query=%E9%83%97%E9%BA%9D%E9%BC%90", "person.name"),
        ("/search?query=%e9%83%97%e9%ba%9d%e9%bc%90", "person.name"),
        ("\"\\u90d7\\u9e9d\\u9f10\"", "person.name"),
        ("No. 6288 9900 0000 0000 421", "a number"),
        ("\\xe98397e9ba9de9bc90", "person.name"),
        ("pin=794613,", "person.pin"),
        ("PIN `794613`", "person.pin"),
    ] {
        assert_eq!(markers.in_text(text).into_iter().collect::<Vec<_>>(), [field], "{text}");
    }
    for text in ["**鼐", "took 1794613 us", "id 0194-794613ab", "6288 **** **** 0421"] {
        assert!(markers.in_text(text).is_empty(), "{text}");
    }
}
