//! The invented province: names in the manner of the northwest, none of them a real branch of a real bank.

/// A name in both languages of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    pub zh: &'static str,
    pub en: &'static str,
}

const fn name(zh: &'static str, en: &'static str) -> Name {
    Name { zh, en }
}

/// A tier-2 branch and the four digits that stand for its city in bank codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    pub city: Name,
    pub city_code: &'static str,
}

const fn branch(zh: &'static str, en: &'static str, city_code: &'static str) -> Branch {
    Branch { city: name(zh, en), city_code }
}

/// A sub-center and the kind of work that is done there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    pub name: Name,
    pub code: &'static str,
}

pub const BANK_ZH: &str = "西陇银行";
pub const BANK_EN: &str = "Xilong Bank";
pub const PROVINCE: Name = name("陇原省", "Longyuan Province");

pub const TIER2_BRANCHES: [Branch; 14] = [
    branch("兰皋", "Langao", "8210"),
    branch("玉峪", "Yuyu", "8220"),
    branch("金昶", "Jinchang", "8230"),
    branch("白岭", "Bailing", "8240"),
    branch("天渭", "Tianwei", "8250"),
    branch("酒川", "Jiuchuan", "8260"),
    branch("张峡", "Zhangxia", "8270"),
    branch("武凉", "Wuliang", "8280"),
    branch("定洮", "Dingtao", "8290"),
    branch("陇江", "Longjiang", "8310"),
    branch("平泾", "Pingjing", "8330"),
    branch("庆塬", "Qingyuan", "8340"),
    branch("临沁", "Linqin", "8360"),
    branch("甘泽", "Ganze", "8380"),
];

/// Parts of a city that a sub-branch is named after.
pub const DISTRICTS: [Name; 5] = [
    name("城关", "Chengguan"),
    name("河西", "Hexi"),
    name("南川", "Nanchuan"),
    name("北山", "Beishan"),
    name("新区", "New District"),
];

/// Streets and quarters that an outlet is named after.
pub const QUARTERS: [Name; 32] = [
    name("东门", "East Gate"),
    name("西关", "West Pass"),
    name("解放路", "Jiefang Road"),
    name("人民路", "Renmin Road"),
    name("中山路", "Zhongshan Road"),
    name("建设路", "Jianshe Road"),
    name("和平", "Heping"),
    name("火车站", "Railway Station"),
    name("广场", "Square"),
    name("水泉", "Shuiquan"),
    name("龙泉", "Longquan"),
    name("工业园", "Industrial Park"),
    name("大学城", "University Town"),
    name("南湖", "South Lake"),
    name("北塬", "North Plateau"),
    name("桥头", "Bridgehead"),
    name("滨河", "Riverside"),
    name("钟楼", "Bell Tower"),
    name("石桥", "Stone Bridge"),
    name("高新", "High-Tech"),
    name("开发区", "Development Zone"),
    name("矿区", "Mine Quarter"),
    name("农场", "Farm"),
    name("安宁", "Anning"),
    name("团结", "Tuanjie"),
    name("青年路", "Qingnian Road"),
    name("民主路", "Minzhu Road"),
    name("文化路", "Wenhua Road"),
    name("红旗", "Hongqi"),
    name("永丰", "Yongfeng"),
    name("万安", "Wan'an"),
    name("金城", "Jincheng"),
];

pub const CENTER_DIVISIONS: [Division; 4] = [
    Division { name: name("录入分中心", "Keying Sub-center"), code: "keying" },
    Division { name: name("审核分中心", "Checking Sub-center"), code: "checking" },
    Division { name: name("授权分中心", "Authorizing Sub-center"), code: "authorizing" },
    Division { name: name("综合值班分中心", "Duty Sub-center"), code: "duty" },
];

/// The two companies whose staff key slices under contract.
pub const VENDORS: [Name; 2] = [
    name("陇信数据服务有限公司", "Longxin Data Services Ltd."),
    name("丝路信息处理有限公司", "Silu Information Processing Ltd."),
];
