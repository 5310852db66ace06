//! Names of companies and what they pay for.

/// The company's own name, between its place and its trade.
pub const BRANDS: [&str; 36] = [
    "恒泰", "宏达", "金源", "鑫盛", "永兴", "华瑞", "天成", "正大", "中联", "新宇", "祥云", "飞龙", "博雅", "瑞丰",
    "德信", "嘉禾", "长青", "安泰", "明达", "春雨", "兴隆", "广源", "三元", "百川", "海通", "万和", "东升", "西秦",
    "金穗", "玉泉", "大河", "建安", "民生", "世纪", "绿洲", "同创",
];

pub const TRADES: [&str; 24] = [
    "商贸",
    "建材",
    "物流",
    "农牧",
    "种业",
    "机电",
    "药业",
    "食品",
    "电子",
    "化工",
    "矿业",
    "水泥",
    "纺织",
    "印务",
    "汽车销售",
    "建筑工程",
    "信息技术",
    "环保科技",
    "文化传媒",
    "物业管理",
    "酒店管理",
    "新能源",
    "果蔬",
    "医疗器械",
];

pub const COMPANY_ENDINGS: [&str; 3] = ["有限公司", "有限责任公司", "股份有限公司"];

/// What a payment is for; written by the customer into 用途.
pub const PURPOSES: [&str; 20] = [
    "货款",
    "工程款",
    "材料款",
    "运费",
    "服务费",
    "租金",
    "水电费",
    "设备款",
    "劳务费",
    "保证金",
    "维修费",
    "广告费",
    "咨询费",
    "预付款",
    "往来款",
    "加工费",
    "培训费",
    "药品款",
    "燃料款",
    "订金",
];

/// The three lines of a payroll summary.
pub const WAGE_DEPARTMENTS: [&str; 3] = ["管理人员", "生产人员", "销售人员"];
