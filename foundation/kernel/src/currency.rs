//! Currencies of ISO 4217: code, numeric code, digits after the point, Chinese name.
//!
//! The table is list one of the standard as of January 2026: every currency and fund code that has a minor unit.
//! The codes without one (gold, silver, bond units, special drawing rights, testing, no currency) are left out,
//! because an amount of them has no exact count of minor units.

use std::fmt;

/// Why a text names no currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurrencyError {
    #[error("not a currency code of ISO 4217 with a minor unit; write three capital letters such as CNY")]
    Unknown,
}

macro_rules! currencies {
    ($($code:ident $numeric:literal $minor_units:literal $zh:literal;)*) => {
        /// A currency of ISO 4217; it tells how many minor units make one major unit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Currency { $($code),* }

        impl Currency {
            /// Every currency, in the order of its code; not `ALL`, which is the lek of Albania.
            pub const LISTED: &'static [Currency] = &[$(Currency::$code),*];

            /// The three letters of ISO 4217.
            pub const fn code(self) -> &'static str {
                match self { $(Currency::$code => stringify!($code)),* }
            }

            /// The numeric code of ISO 4217; printed with three digits.
            pub const fn numeric(self) -> u16 {
                match self { $(Currency::$code => $numeric),* }
            }

            /// Digits after the decimal point: 0, 2, 3 or 4.
            pub const fn minor_units(self) -> u8 {
                match self { $(Currency::$code => $minor_units),* }
            }

            /// The Chinese name that forms and statements show.
            pub const fn zh(self) -> &'static str {
                match self { $(Currency::$code => $zh),* }
            }

            /// Reads the three capital letters of a code; nothing else is accepted.
            pub fn parse(code: &str) -> Result<Self, CurrencyError> {
                match code {
                    $(stringify!($code) => Ok(Currency::$code),)*
                    _ => Err(CurrencyError::Unknown),
                }
            }
        }
    };
}

// code, numeric code, minor units, Chinese name.
currencies! {
    AED 784 2 "阿联酋迪拉姆";
    AFN 971 2 "阿富汗尼";
    ALL 8 2 "阿尔巴尼亚列克";
    AMD 51 2 "亚美尼亚德拉姆";
    AOA 973 2 "安哥拉宽扎";
    ARS 32 2 "阿根廷比索";
    AUD 36 2 "澳大利亚元";
    AWG 533 2 "阿鲁巴弗罗林";
    AZN 944 2 "阿塞拜疆马纳特";
    BAM 977 2 "波黑可兑换马克";
    BBD 52 2 "巴巴多斯元";
    BDT 50 2 "孟加拉塔卡";
    BHD 48 3 "巴林第纳尔";
    BIF 108 0 "布隆迪法郎";
    BMD 60 2 "百慕大元";
    BND 96 2 "文莱元";
    BOB 68 2 "玻利维亚诺";
    BOV 984 2 "玻利维亚姆夫多尔";
    BRL 986 2 "巴西雷亚尔";
    BSD 44 2 "巴哈马元";
    BTN 64 2 "不丹努尔特鲁姆";
    BWP 72 2 "博茨瓦纳普拉";
    BYN 933 2 "白俄罗斯卢布";
    BZD 84 2 "伯利兹元";
    CAD 124 2 "加拿大元";
    CDF 976 2 "刚果法郎";
    CHE 947 2 "WIR 欧元";
    CHF 756 2 "瑞士法郎";
    CHW 948 2 "WIR 法郎";
    CLF 990 4 "智利发展单位";
    CLP 152 0 "智利比索";
    CNY 156 2 "人民币";
    COP 170 2 "哥伦比亚比索";
    COU 970 2 "哥伦比亚实际价值单位";
    CRC 188 2 "哥斯达黎加科朗";
    CUP 192 2 "古巴比索";
    CVE 132 2 "佛得角埃斯库多";
    CZK 203 2 "捷克克朗";
    DJF 262 0 "吉布提法郎";
    DKK 208 2 "丹麦克朗";
    DOP 214 2 "多米尼加比索";
    DZD 12 2 "阿尔及利亚第纳尔";
    EGP 818 2 "埃及镑";
    ERN 232 2 "厄立特里亚纳克法";
    ETB 230 2 "埃塞俄比亚比尔";
    EUR 978 2 "欧元";
    FJD 242 2 "斐济元";
    FKP 238 2 "福克兰群岛镑";
    GBP 826 2 "英镑";
    GEL 981 2 "格鲁吉亚拉里";
    GHS 936 2 "加纳塞地";
    GIP 292 2 "直布罗陀镑";
    GMD 270 2 "冈比亚达拉西";
    GNF 324 0 "几内亚法郎";
    GTQ 320 2 "危地马拉格查尔";
    GYD 328 2 "圭亚那元";
    HKD 344 2 "港元";
    HNL 340 2 "洪都拉斯伦皮拉";
    HTG 332 2 "海地古德";
    HUF 348 2 "匈牙利福林";
    IDR 360 2 "印度尼西亚卢比";
    ILS 376 2 "以色列新谢克尔";
    INR 356 2 "印度卢比";
    IQD 368 3 "伊拉克第纳尔";
    IRR 364 2 "伊朗里亚尔";
    ISK 352 0 "冰岛克朗";
    JMD 388 2 "牙买加元";
    JOD 400 3 "约旦第纳尔";
    JPY 392 0 "日元";
    KES 404 2 "肯尼亚先令";
    KGS 417 2 "吉尔吉斯斯坦索姆";
    KHR 116 2 "柬埔寨瑞尔";
    KMF 174 0 "科摩罗法郎";
    KPW 408 2 "朝鲜元";
    KRW 410 0 "韩元";
    KWD 414 3 "科威特第纳尔";
    KYD 136 2 "开曼元";
    KZT 398 2 "哈萨克斯坦坚戈";
    LAK 418 2 "老挝基普";
    LBP 422 2 "黎巴嫩镑";
    LKR 144 2 "斯里兰卡卢比";
    LRD 430 2 "利比里亚元";
    LSL 426 2 "莱索托洛蒂";
    LYD 434 3 "利比亚第纳尔";
    MAD 504 2 "摩洛哥迪拉姆";
    MDL 498 2 "摩尔多瓦列伊";
    MGA 969 2 "马达加斯加阿里亚里";
    MKD 807 2 "马其顿第纳尔";
    MMK 104 2 "缅甸元";
    MNT 496 2 "蒙古图格里克";
    MOP 446 2 "澳门元";
    MRU 929 2 "毛里塔尼亚乌吉亚";
    MUR 480 2 "毛里求斯卢比";
    MVR 462 2 "马尔代夫卢菲亚";
    MWK 454 2 "马拉维克瓦查";
    MXN 484 2 "墨西哥比索";
    MXV 979 2 "墨西哥投资单位";
    MYR 458 2 "马来西亚林吉特";
    MZN 943 2 "莫桑比克梅蒂卡尔";
    NAD 516 2 "纳米比亚元";
    NGN 566 2 "尼日利亚奈拉";
    NIO 558 2 "尼加拉瓜科多巴";
    NOK 578 2 "挪威克朗";
    NPR 524 2 "尼泊尔卢比";
    NZD 554 2 "新西兰元";
    OMR 512 3 "阿曼里亚尔";
    PAB 590 2 "巴拿马巴波亚";
    PEN 604 2 "秘鲁索尔";
    PGK 598 2 "巴布亚新几内亚基那";
    PHP 608 2 "菲律宾比索";
    PKR 586 2 "巴基斯坦卢比";
    PLN 985 2 "波兰兹罗提";
    PYG 600 0 "巴拉圭瓜拉尼";
    QAR 634 2 "卡塔尔里亚尔";
    RON 946 2 "罗马尼亚列伊";
    RSD 941 2 "塞尔维亚第纳尔";
    RUB 643 2 "俄罗斯卢布";
    RWF 646 0 "卢旺达法郎";
    SAR 682 2 "沙特里亚尔";
    SBD 90 2 "所罗门群岛元";
    SCR 690 2 "塞舌尔卢比";
    SDG 938 2 "苏丹镑";
    SEK 752 2 "瑞典克朗";
    SGD 702 2 "新加坡元";
    SHP 654 2 "圣赫勒拿镑";
    SLE 925 2 "塞拉利昂利昂";
    SOS 706 2 "索马里先令";
    SRD 968 2 "苏里南元";
    SSP 728 2 "南苏丹镑";
    STN 930 2 "圣多美和普林西比多布拉";
    SVC 222 2 "萨尔瓦多科朗";
    SYP 760 2 "叙利亚镑";
    SZL 748 2 "斯威士兰里兰吉尼";
    THB 764 2 "泰铢";
    TJS 972 2 "塔吉克斯坦索莫尼";
    TMT 934 2 "土库曼斯坦马纳特";
    TND 788 3 "突尼斯第纳尔";
    TOP 776 2 "汤加潘加";
    TRY 949 2 "土耳其里拉";
    TTD 780 2 "特立尼达和多巴哥元";
    TWD 901 2 "新台币";
    TZS 834 2 "坦桑尼亚先令";
    UAH 980 2 "乌克兰格里夫纳";
    UGX 800 0 "乌干达先令";
    USD 840 2 "美元";
    USN 997 2 "美元（次日）";
    UYI 940 0 "乌拉圭指数单位比索";
    UYU 858 2 "乌拉圭比索";
    UYW 927 4 "乌拉圭预算单位";
    UZS 860 2 "乌兹别克斯坦苏姆";
    VED 926 2 "委内瑞拉数字玻利瓦尔";
    VES 928 2 "委内瑞拉主权玻利瓦尔";
    VND 704 0 "越南盾";
    VUV 548 0 "瓦努阿图瓦图";
    WST 882 2 "萨摩亚塔拉";
    XAD 396 2 "阿拉伯记账第纳尔";
    XAF 950 0 "中非法郎";
    XCD 951 2 "东加勒比元";
    XCG 532 2 "加勒比盾";
    XOF 952 0 "西非法郎";
    XPF 953 0 "太平洋法郎";
    YER 886 2 "也门里亚尔";
    ZAR 710 2 "南非兰特";
    ZMW 967 2 "赞比亚克瓦查";
    ZWG 924 2 "津巴布韦金元";
}

impl Currency {
    /// Minor units in one major unit: 100 for CNY, 1 for JPY.
    pub const fn minor_per_major(self) -> i64 {
        10_i64.pow(self.minor_units() as u32)
    }

    /// The currency of a numeric code, as card messages and older core systems name it.
    pub fn from_numeric(numeric: u16) -> Result<Self, CurrencyError> {
        Self::LISTED.iter().copied().find(|currency| currency.numeric() == numeric).ok_or(CurrencyError::Unknown)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(code: &str) -> Result<Self, CurrencyError> {
        Self::parse(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_and_numeric_code_names_one_currency() {
        let mut numerics = HashSet::new();
        for pair in Currency::LISTED.windows(2) {
            assert!(pair[0].code() < pair[1].code(), "{} stands before {}", pair[0], pair[1]);
        }
        for &currency in Currency::LISTED {
            assert!(numerics.insert(currency.numeric()), "{currency} shares its numeric code");
            assert_eq!(Currency::parse(currency.code()), Ok(currency));
            assert_eq!(Currency::from_numeric(currency.numeric()), Ok(currency));
            assert!(matches!(currency.minor_units(), 0 | 2 | 3 | 4), "{currency}");
            assert!(!currency.zh().is_empty(), "{currency}");
        }
    }

    #[test]
    fn the_currencies_of_daily_business_have_their_standard_figures() {
        for (code, numeric, minor_units, minor_per_major, zh) in [
            ("CNY", 156, 2, 100, "人民币"),
            ("USD", 840, 2, 100, "美元"),
            ("EUR", 978, 2, 100, "欧元"),
            ("HKD", 344, 2, 100, "港元"),
            ("JPY", 392, 0, 1, "日元"),
            ("KWD", 414, 3, 1_000, "科威特第纳尔"),
            ("CLF", 990, 4, 10_000, "智利发展单位"),
        ] {
            let currency = Currency::parse(code).expect("listed");
            assert_eq!(
                (currency.numeric(), currency.minor_units(), currency.minor_per_major(), currency.zh()),
                (numeric, minor_units, minor_per_major, zh)
            );
        }
    }

    #[test]
    fn withdrawn_metal_and_misspelled_codes_are_refused() {
        for code in ["BGN", "HRK", "ANG", "ZWL", "XAU", "XXX", "cny", "CN", " CNY", "CNYX", "", "人民币"] {
            assert_eq!(Currency::parse(code), Err(CurrencyError::Unknown), "{code}");
        }
        assert_eq!(Currency::from_numeric(999), Err(CurrencyError::Unknown));
    }
}
