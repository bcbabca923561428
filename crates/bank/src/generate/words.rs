//! Words that generated people, businesses and payments are made of.

use super::dice::Dice;

/// Family names in falling frequency (Ministry of Public Security, national name report 2020).
const FAMILY: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫";
const GIVEN_WOMEN: &str = "婷芳静敏丽娟艳秀霞燕玲慧雪琳倩颖洁莉怡欣悦雅萍梅蓉佳璐瑶彤晴岚妍宁";
const GIVEN_MEN: &str = "伟强磊军勇杰涛明超辉刚鹏斌浩宇博峰凯俊晨志建国文海波龙飞翔毅恒泽航";
const BRAND: &str = "和顺兴泰安瑞丰恒嘉宏达康悦禾蓝青云川远景松柏晨旭润泽佳源盛华";

/// Divisions of GB/T 2260 below a city, with the city's short name and the district.
pub(super) const DIVISIONS: [(&str, &str, &str); 47] = [
    ("110101", "北京", "东城区"),
    ("110105", "北京", "朝阳区"),
    ("110108", "北京", "海淀区"),
    ("310104", "上海", "徐汇区"),
    ("310115", "上海", "浦东新区"),
    ("310101", "上海", "黄浦区"),
    ("440103", "广州", "荔湾区"),
    ("440106", "广州", "天河区"),
    ("440304", "深圳", "福田区"),
    ("440305", "深圳", "南山区"),
    ("330106", "杭州", "西湖区"),
    ("330102", "杭州", "上城区"),
    ("320104", "南京", "秦淮区"),
    ("320106", "南京", "鼓楼区"),
    ("320508", "苏州", "姑苏区"),
    ("510104", "成都", "锦江区"),
    ("510107", "成都", "武侯区"),
    ("420106", "武汉", "武昌区"),
    ("420102", "武汉", "江岸区"),
    ("610113", "西安", "雁塔区"),
    ("610103", "西安", "碑林区"),
    ("500103", "重庆", "渝中区"),
    ("500112", "重庆", "渝北区"),
    ("120101", "天津", "和平区"),
    ("370102", "济南", "历下区"),
    ("370202", "青岛", "市南区"),
    ("210102", "沈阳", "和平区"),
    ("210202", "大连", "中山区"),
    ("350203", "厦门", "思明区"),
    ("350102", "福州", "鼓楼区"),
    ("430104", "长沙", "岳麓区"),
    ("410105", "郑州", "金水区"),
    ("230103", "哈尔滨", "南岗区"),
    ("220102", "长春", "南关区"),
    ("450103", "南宁", "青秀区"),
    ("530102", "昆明", "五华区"),
    ("520102", "贵阳", "南明区"),
    ("340104", "合肥", "蜀山区"),
    ("360102", "南昌", "东湖区"),
    ("130102", "石家庄", "长安区"),
    ("140105", "太原", "小店区"),
    ("460106", "海口", "龙华区"),
    ("620102", "兰州", "城关区"),
    ("150102", "呼和浩特", "新城区"),
    ("640104", "银川", "兴庆区"),
    ("630102", "西宁", "城东区"),
    ("650102", "乌鲁木齐", "天山区"),
];

const STREETS: [&str; 12] = [
    "人民路",
    "建设路",
    "和平路",
    "新华街",
    "文化路",
    "长江路",
    "解放路",
    "中山路",
    "青年路",
    "湖滨路",
    "学府路",
    "迎宾大道",
];

/// What somebody spends money on: what the other is called after its brand, the memo, amounts in fen, and whether
/// the amount is whole yuan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spending {
    pub(super) trade: &'static str,
    pub(super) memo: &'static str,
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) whole: bool,
}

const fn spending(trade: &'static str, memo: &'static str, from: u64, to: u64, whole: bool) -> Spending {
    Spending { trade, memo, from, to, whole }
}

/// Daily spending; the first are the most frequent.
pub(super) const DAILY: [Spending; 16] = [
    spending("超市", "超市购物", 1_200, 32_000, false),
    spending("生鲜店", "买菜", 600, 12_000, false),
    spending("餐馆", "餐饮", 1_800, 28_000, false),
    spending("小吃店", "早餐", 400, 2_500, false),
    spending("出行", "打车", 900, 8_800, false),
    spending("公共交通", "公交地铁充值", 5_000, 20_000, true),
    spending("咖啡馆", "咖啡", 1_200, 5_600, false),
    spending("便利店", "便利店购物", 300, 6_000, false),
    spending("网上商城", "网购", 1_900, 68_000, false),
    spending("药房", "药品", 1_000, 26_000, false),
    spending("加油站", "加油", 15_000, 45_000, true),
    spending("影城", "电影票", 3_500, 15_000, false),
    spending("书店", "图书", 2_000, 18_000, false),
    spending("服饰店", "服装", 8_000, 98_000, true),
    spending("健身房", "健身", 5_000, 60_000, true),
    spending("理发店", "理发", 2_000, 28_000, true),
];

/// Spending of the sales in June and November.
pub(super) const SALES: [Spending; 3] = [
    spending("网上商城", "大促网购", 9_900, 300_000, false),
    spending("家电商城", "家电", 80_000, 600_000, true),
    spending("母婴商城", "母婴用品", 8_000, 120_000, false),
];

/// Spending on a journey.
pub(super) const TRAVEL: [Spending; 4] = [
    spending("旅行社", "机票", 45_000, 220_000, true),
    spending("铁路客运", "火车票", 5_000, 98_000, false),
    spending("酒店", "酒店住宿", 18_000, 160_000, true),
    spending("景区", "景点门票", 4_000, 40_000, true),
];

/// Memos of transfers among friends.
pub(super) const FRIENDLY: [&str; 10] = [
    "饭钱",
    "AA聚餐",
    "电影票钱",
    "谢谢",
    "生日快乐",
    "代买水果",
    "还你的",
    "份子钱",
    "拼车费",
    "给孩子买书",
];

/// Amounts of red packets, yuan: numbers that bring luck.
pub(super) const RED_PACKETS: [u64; 10] = [66, 88, 100, 168, 188, 200, 288, 500, 666, 888];

/// Trades of small businesses that bank here: what their name ends with, and which [`DAILY`] spending they serve.
pub(super) const TRADES: [(&str, &str); 6] = [
    ("超市有限公司", "超市"),
    ("生鲜商行有限公司", "生鲜店"),
    ("餐饮有限公司", "餐馆"),
    ("文化书店有限公司", "书店"),
    ("服饰有限公司", "服饰店"),
    ("电子商务有限公司", "网上商城"),
];

/// A person's name: family names in falling frequency, one or two characters given.
pub(super) fn person(dice: &mut Dice, woman: bool) -> String {
    let families: Vec<char> = FAMILY.chars().collect();
    let length = u64::try_from(families.len()).unwrap_or(1);
    let at = usize::try_from(dice.mostly_small(0, length - 1)).unwrap_or(0);
    let given = if woman { GIVEN_WOMEN } else { GIVEN_MEN };
    let mut name: String = families.get(at).into_iter().collect();
    name.push(dice.character(given));
    if dice.chance(720) {
        name.push(dice.character(given));
    }
    name
}

/// A business: city, two characters, and `ending`.
pub(super) fn business(dice: &mut Dice, city: &str, ending: &str) -> String {
    let (first, second) = (dice.character(BRAND), dice.character(BRAND));
    format!("{city}{first}{second}{ending}")
}

/// Street and number in a division.
pub(super) fn address(dice: &mut Dice, city: &str, district: &str) -> String {
    let street = dice.pick(&STREETS);
    format!("{city}市{district}{street}{}号{}室", dice.between(1, 288), dice.between(101, 2808))
}
