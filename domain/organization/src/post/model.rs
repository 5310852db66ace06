//! A post: a duty under a name, and which people may hold it.

use kernel::PostId;

/// How a person is bound to the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Employed by the bank.
    Employee,
    /// Employed by a labor dispatch firm, working under the bank's orders.
    Dispatched,
    /// Employed by a vendor that does the work itself; sees slices only (`domain.md` 1.4).
    Outsourced,
}

impl Category {
    pub const ALL: [Self; 3] = [Self::Employee, Self::Dispatched, Self::Outsourced];

    /// The stored and transmitted form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Dispatched => "dispatched",
            Self::Outsourced => "outsourced",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == text)
    }

    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Employee => "行员",
            Self::Dispatched => "劳务派遣人员",
            Self::Outsourced => "外包人员",
        }
    }

    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Employee => "employees",
            Self::Dispatched => "dispatched staff",
            Self::Outsourced => "outsourced staff",
        }
    }
}

/// Which categories a post takes; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Categories {
    pub employees: bool,
    pub dispatched: bool,
    pub outsourced: bool,
}

impl Categories {
    pub const EMPLOYEES: Self = Self { employees: true, dispatched: false, outsourced: false };
    /// Everyone who works under the bank's orders.
    pub const OWN_STAFF: Self = Self { employees: true, dispatched: true, outsourced: false };
    pub const EVERYONE: Self = Self { employees: true, dispatched: true, outsourced: true };
    pub const OUTSOURCED: Self = Self { employees: false, dispatched: false, outsourced: true };

    pub const fn holds(self, category: Category) -> bool {
        match category {
            Category::Employee => self.employees,
            Category::Dispatched => self.dispatched,
            Category::Outsourced => self.outsourced,
        }
    }

    pub const fn is_empty(self) -> bool {
        !(self.employees || self.dispatched || self.outsourced)
    }

    /// In the order of [`Category::ALL`].
    pub fn list(self) -> Vec<Category> {
        Category::ALL.into_iter().filter(|category| self.holds(*category)).collect()
    }
}

macro_rules! duties {
    ($($(#[$doc:meta])* $name:ident, $text:literal, $zh:literal, $en:literal, $takes:ident;)*) => {
        /// What a post is for. The list is closed: permissions and incompatibilities are written against it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Duty { $($(#[$doc])* $name),* }

        impl Duty {
            pub const ALL: &'static [Duty] = &[$(Duty::$name),*];

            /// The stored and transmitted form; also the code of the standard post.
            pub const fn as_str(self) -> &'static str {
                match self { $(Duty::$name => $text),* }
            }

            pub const fn name_zh(self) -> &'static str {
                match self { $(Duty::$name => $zh),* }
            }

            pub const fn name_en(self) -> &'static str {
                match self { $(Duty::$name => $en),* }
            }

            /// The categories that the standard post of this duty takes.
            pub const fn standard_categories(self) -> Categories {
                match self { $(Duty::$name => Categories::$takes),* }
            }

            pub fn parse(text: &str) -> Option<Duty> {
                match text { $($text => Some(Duty::$name),)* _ => None }
            }
        }
    };
}

// name, text, zh, en, who the standard post takes. `domain.md` 1.2 and 7.1; grouped by place of work.
duties! {
    // Outlets and branches.
    Teller,                    "teller",                     "网点柜员",       "Teller",                     OWN_STAFF;
    OutletSupervisor,          "outlet_supervisor",          "网点主管",       "Outlet supervisor",          EMPLOYEES;
    BranchManager,             "branch_manager",             "行长",           "Branch manager",             EMPLOYEES;
    // The center's stations.
    /// First and second keying of slices; the two passes of a field go to different people.
    Keyer,                     "keyer",                      "录入员",         "Keyer",                      EVERYONE;
    ThirdKeyer,                "third_keyer",                "三录员",         "Third keyer",                OWN_STAFF;
    ElementChecker,            "element_checker",            "要素审核员",     "Element checker",            OWN_STAFF;
    RefusalReviewer,           "refusal_reviewer",           "退票复核员",     "Refusal reviewer",           EMPLOYEES;
    Authorizer,                "authorizer",                 "授权员",         "Authorizer",                 EMPLOYEES;
    ErrorHandler,              "error_handler",              "差错处理员",     "Error handler",              EMPLOYEES;
    DutySupervisor,            "duty_supervisor",            "值班主管",       "Duty supervisor",            EMPLOYEES;
    CenterManager,             "center_manager",             "中心负责人",     "Center manager",             EMPLOYEES;
    VendorSiteManager,         "vendor_site_manager",        "外包驻场主管",   "Vendor site manager",        OUTSOURCED;
    // Books, clearing, files.
    Accountant,                "accountant",                 "记账员",         "Accountant",                 EMPLOYEES;
    ClearingClerk,             "clearing_clerk",             "清算员",         "Clearing clerk",             EMPLOYEES;
    Reconciler,                "reconciler",                 "对账员",         "Reconciler",                 EMPLOYEES;
    ArchiveClerk,              "archive_clerk",              "档案员",         "Archive clerk",              OWN_STAFF;
    // Custody: three different people.
    SealKeeper,                "seal_keeper",                "印章保管员",     "Seal keeper",                EMPLOYEES;
    TestKeyKeeper,             "test_key_keeper",            "密押员",         "Test-key keeper",            EMPLOYEES;
    BlankVoucherKeeper,        "blank_voucher_keeper",       "重要空白凭证保管员", "Blank voucher keeper",   EMPLOYEES;
    CashClerk,                 "cash_clerk",                 "出纳员",         "Cash clerk",                 EMPLOYEES;
    // Control.
    RiskMonitor,               "risk_monitor",               "风险监测员",     "Risk monitor",               EMPLOYEES;
    RiskVerifier,              "risk_verifier",              "风险核查员",     "Risk verifier",              EMPLOYEES;
    QualityInspector,          "quality_inspector",          "质检员",         "Quality inspector",          EMPLOYEES;
    Auditor,                   "auditor",                    "审计员",         "Auditor",                    EMPLOYEES;
    // Administration: never a business operator.
    SystemAdministrator,       "system_administrator",       "系统管理员",     "System administrator",       EMPLOYEES;
    OrganizationAdministrator, "organization_administrator", "机构人员管理员", "Organization administrator", EMPLOYEES;
}

impl Duty {
    /// Whether outsourced people may do it at all, whatever a post says: keying slices, and managing their own firm's seats.
    pub const fn is_open_to_outsourced(self) -> bool {
        matches!(self, Self::Keyer | Self::VendorSiteManager)
    }
}

/// What people are appointed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub post_id: PostId,
    /// Unique; the standard posts have their duty's text.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub duty: Duty,
    pub takes: Categories,
}

/// What an administrator enters for a new post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub duty: Duty,
    pub takes: Categories,
}

impl NewPost {
    /// The post of a duty as most banks have it.
    pub fn standard(duty: Duty) -> Self {
        Self {
            code: duty.as_str().into(),
            name_zh: duty.name_zh().into(),
            name_en: duty.name_en().into(),
            duty,
            takes: duty.standard_categories(),
        }
    }
}
