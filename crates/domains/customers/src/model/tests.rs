//! Tables of numbers, names and phones that can and cannot exist.

use clock::BusinessDate;
use contracts::customers::{Business, Person, Profile, RegisterRefused};

use super::id_number::{IdNumber, age};
use super::{credit_code, division, name, phone, profile};

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

#[test]
fn identity_numbers() {
    // The first two are the examples of GB 11643-1999, annex A.
    for (text, born) in [
        ("11010519491231002X", "1949-12-31"),
        ("440524188001010014", "1880-01-01"),
        (" 11010519491231002x ", "1949-12-31"),
        ("810000199408230021", "1994-08-23"),
    ] {
        let number = IdNumber::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(number.born_on(), day(born), "{text}");
    }
    let complete = |body: &str| format!("{body}{}", super::id_number::check_character(body).unwrap());
    for text in [
        "",
        "110105194912310021",                   // wrong check character
        "11010519491231002",                    // 17 characters
        "11010519491231002XX",                  // 19
        "1101051949123100 2X",                  // a space inside
        "１１０１０５１９４９１２３１００２Ｘ", // full-width digits
        &complete("11010519490230002"),         // 30 February
        &complete("11010519491331002"),         // month 13
        &complete("99010519491231002"),         // no such division
        &complete("11000019491231002"),         // a province, nobody's place
        &complete("11010518491231002"),         // too long ago
    ] {
        assert!(IdNumber::parse(text).is_none(), "{text}");
    }
}

#[test]
fn years_are_completed_on_the_birthday() {
    for (born, today, years) in [
        ("2010-11-22", "2026-11-21", 15),
        ("2010-11-22", "2026-11-22", 16),
        ("2008-02-29", "2024-02-28", 15),
        ("2008-02-29", "2024-02-29", 16),
        ("2008-02-29", "2025-02-28", 16),
        ("2008-02-29", "2025-03-01", 17),
    ] {
        assert_eq!(age(day(born), day(today)), years, "{born} {today}");
    }
}

#[test]
fn credit_codes() {
    // The example of GB 32100-2015, annex A, and a national registrar's.
    let complete = |body: &str| format!("{body}{}", credit_code::check_character(body).unwrap());
    for text in ["91350100M000100Y43", "91350100m000100y43", &complete("91100000100003962")] {
        assert!(credit_code::parse(text).is_some(), "{text}");
    }
    for text in [
        "",
        "91350100M000100Y44",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "9135010OM000100Y43",
        &complete("91990100M000100Y4"),
        &complete("Q1350100M000100Y4"),
    ] {
        assert!(credit_code::parse(text).is_none(), "{text}");
    }
}

#[test]
fn phones() {
    for (text, digits) in [
        ("13800138000", Some("13800138000")),
        ("+86 138-0013-8000", Some("13800138000")),
        ("008619912345678", Some("19912345678")),
        ("12345678901", None),
        ("1380013800", None),
        ("138001380000", None),
        ("1380013800a", None),
        ("１３８００１３８０００", None),
        ("", None),
    ] {
        assert_eq!(phone::normalize(text).as_deref(), digits, "{text}");
    }
}

#[test]
fn names() {
    for (text, kept) in [
        ("张三", Some("张三")),
        (" 欧阳小明 ", Some("欧阳小明")),
        ("买买提•艾力", Some("买买提·艾力")),
        ("阿卜杜拉．买买提", Some("阿卜杜拉·买买提")),
        ("迪丽热巴.迪力木拉提", Some("迪丽热巴·迪力木拉提")),
        ("𠮷田", Some("𠮷田")),
        ("Anna  Nováková", Some("Anna Nováková")),
        ("O'Neil, J. R.", Some("O'Neil, J. R.")),
        ("张", None),
        ("·张三", None),
        ("张三·", None),
        ("买买提··艾力", None),
        ("张三1", None),
        ("张三 (先生)", None),
        ("Anna--Maria", None),
        ("-Anna", None),
        ("12", None),
        ("Anna\u{202E}", None),
        ("", None),
        ("   ", None),
    ] {
        assert_eq!(name::person(text).as_deref(), kept, "{text}");
    }
    assert!(name::person(&"张".repeat(60)).is_some());
    assert!(name::person(&"张".repeat(61)).is_none());
    assert_eq!(name::printable("Client 42").as_deref(), Some("Client 42"));
    assert_eq!(name::printable("Client\u{200B}42"), None);
    assert_eq!(name::comparable("Anna  NOVAK"), name::comparable("anna novak"));
    assert_eq!(name::comparable("买买提•艾力"), name::comparable("买买提·艾力"));
}

#[test]
fn divisions() {
    for (code, known) in
        [("110101", true), ("710000", true), ("990000", false), ("11010", false), ("11010a", false)]
    {
        assert_eq!(division::is_known(code), known, "{code}");
    }
    assert_eq!(division::names("650100"), Some(("新疆维吾尔自治区", "Xinjiang")));
}

fn person() -> Person {
    Person {
        name: "张三".to_owned(),
        id_number: Some("11010519491231002X".to_owned()),
        foreign_number: None,
        phone: Some("13800138000".to_owned()),
        born_on: None,
        division: Some("110105".to_owned()),
        address: Some(" 建国路1号 ".to_owned()),
    }
}

#[test]
fn profiles_are_checked_field_by_field() {
    let today = day("2026-11-22");
    let Ok(Profile::Person(kept)) = profile::check(Profile::Person(person()), today) else { panic!() };
    assert_eq!((kept.born_on, kept.address.as_deref()), (Some(day("1949-12-31")), Some("建国路1号")));

    type Change = fn(&mut Person);
    let changes: [(&str, Change); 9] = [
        ("name", |p| p.name = "张".into()),
        ("id_number", |p| p.id_number = Some("110105194912310021".into())),
        ("id_number", |p| p.id_number = None),
        ("phone", |p| p.phone = Some("123".into())),
        ("born_on", |p| p.born_on = Some("1950-01-01".parse().unwrap())),
        ("division", |p| p.division = Some("990000".into())),
        ("address", |p| p.address = Some("a\nb".into())),
        ("address", |p| p.address = Some("路".repeat(201))),
        ("foreign_number", |p| p.foreign_number = Some("1\u{7}".into())),
    ];
    for (field, change) in changes {
        let mut changed = person();
        change(&mut changed);
        let refused = profile::check(Profile::Person(changed), today).err();
        assert_eq!(refused, Some(RegisterRefused::Invalid { field: field.to_owned() }));
    }
    assert!(profile::check(Profile::Person(person()), day("1949-12-30")).is_err(), "not yet born");

    let business = Business {
        name: "示例商贸有限公司".to_owned(),
        credit_code: "91350100m000100y43".to_owned(),
        phone: None,
        representative: "李四".to_owned(),
        division: None,
        address: None,
    };
    let Ok(Profile::Business(kept)) = profile::check(Profile::Business(business.clone()), today) else {
        panic!()
    };
    assert_eq!(kept.credit_code, "91350100M000100Y43");
    let wrong = Business { credit_code: "91350100M000100Y44".to_owned(), ..business };
    assert!(profile::check(Profile::Business(wrong), today).is_err());
}
