//! Administrative divisions (GB/T 2260-2007): the 34 of the first level, by the first two of six digits.

/// Code, Chinese name, English name.
const PROVINCES: [(&str, &str, &str); 34] = [
    ("11", "北京市", "Beijing"),
    ("12", "天津市", "Tianjin"),
    ("13", "河北省", "Hebei"),
    ("14", "山西省", "Shanxi"),
    ("15", "内蒙古自治区", "Inner Mongolia"),
    ("21", "辽宁省", "Liaoning"),
    ("22", "吉林省", "Jilin"),
    ("23", "黑龙江省", "Heilongjiang"),
    ("31", "上海市", "Shanghai"),
    ("32", "江苏省", "Jiangsu"),
    ("33", "浙江省", "Zhejiang"),
    ("34", "安徽省", "Anhui"),
    ("35", "福建省", "Fujian"),
    ("36", "江西省", "Jiangxi"),
    ("37", "山东省", "Shandong"),
    ("41", "河南省", "Henan"),
    ("42", "湖北省", "Hubei"),
    ("43", "湖南省", "Hunan"),
    ("44", "广东省", "Guangdong"),
    ("45", "广西壮族自治区", "Guangxi"),
    ("46", "海南省", "Hainan"),
    ("50", "重庆市", "Chongqing"),
    ("51", "四川省", "Sichuan"),
    ("52", "贵州省", "Guizhou"),
    ("53", "云南省", "Yunnan"),
    ("54", "西藏自治区", "Tibet"),
    ("61", "陕西省", "Shaanxi"),
    ("62", "甘肃省", "Gansu"),
    ("63", "青海省", "Qinghai"),
    ("64", "宁夏回族自治区", "Ningxia"),
    ("65", "新疆维吾尔自治区", "Xinjiang"),
    ("71", "台湾省", "Taiwan"),
    ("81", "香港特别行政区", "Hong Kong"),
    ("82", "澳门特别行政区", "Macao"),
];

fn province(code: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let first = code.get(..2).filter(|_| digits)?;
    PROVINCES.iter().find(|(known, ..)| *known == first)
}

/// Whether six digits lie in a division of the first level.
pub(crate) fn is_known(code: &str) -> bool {
    province(code).is_some()
}

/// Whether an identity number may begin with `code`: below the first level, or one of the codes for residence
/// permits of people from Hong Kong, Macao and Taiwan (GB 11643 as applied since 2018).
pub(crate) fn is_of_person(code: &str) -> bool {
    matches!(code, "810000" | "820000" | "830000") || (is_known(code) && code.get(2..4) != Some("00"))
}

/// Whether a credit code may name `code`: any division, or 100000 for the national registrars.
pub(crate) fn is_of_business(code: &str) -> bool {
    code == "100000" || is_known(code)
}

/// Chinese and English name of the division's first level.
pub(crate) fn names(code: &str) -> Option<(&'static str, &'static str)> {
    province(code).map(|(_, zh, en)| (*zh, *en))
}
