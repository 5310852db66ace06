//! The catalog of refusals: what the product says when it does not do what was asked.
//!
//! A refusal is not a fault.
//! It has a stable code that programs may rely on, an HTTP status, and a sentence in Chinese and in English that says what to do next.
//! A fault has none of these; it becomes an incident number.
//! The table below is the only place where codes are made; a snapshot test shows every change of it.

use std::fmt;

macro_rules! catalog {
    ($($name:ident, $text:literal, $status:literal, $zh:literal, $en:literal;)*) => {
        /// A stable refusal code; its text form is the `code` of the API's problem documents.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($name),* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),* }
            }

            /// HTTP status of the problem document.
            pub const fn status(self) -> u16 {
                match self { $(Code::$name => $status),* }
            }

            /// What the user should do, in Chinese; `{detail}` is replaced by the refusal's detail.
            pub const fn zh(self) -> &'static str {
                match self { $(Code::$name => $zh),* }
            }

            /// The same in English.
            pub const fn en(self) -> &'static str {
                match self { $(Code::$name => $en),* }
            }

            pub fn parse(text: &str) -> Option<Code> {
                match text { $($text => Some(Code::$name),)* _ => None }
            }
        }
    };
}

// code, text, status, zh, en. Grouped by area; within an area in the order a newcomer meets them.
catalog! {
    // Requests in general.
    InvalidField,            "invalid_field",              422, "“{field}”填写不正确：{detail}。请更正后重新提交。", "`{field}` is not valid: {detail}. Correct it and send again.";
    MalformedRequest,        "malformed_request",          400, "请求无法识别：{detail}。请检查格式后重新发送。", "The request cannot be read: {detail}. Check its form and send it again.";
    TooLarge,                "too_large",                  413, "内容过大：{detail}。请减小后重新提交。", "The content is too large: {detail}. Make it smaller and send it again.";
    UnsupportedMediaType,    "unsupported_media_type",     415, "不支持的内容类型。请使用 application/json。", "The content type is not supported. Use application/json.";
    MethodNotAllowed,        "method_not_allowed",         405, "该地址不支持此方法。请查阅接口文档。", "This address does not take that method. See the API document.";
    NotFound,                "not_found",                  404, "没有找到该内容，或您无权查看。请核对编号。", "It does not exist, or you may not see it. Check the number.";
    Unauthenticated,         "unauthenticated",            401, "您尚未登录或登录已失效，请重新登录。", "You are not signed in, or your session has ended. Sign in again.";
    NotPermitted,            "not_permitted",              403, "您的岗位没有此项权限：{detail}。请联系主管，或由有权限的同事办理。", "Your posts do not carry this permission: {detail}. Ask your supervisor, or a colleague who may.";
    CsrfFailed,              "csrf_failed",                403, "请求来源校验未通过，请刷新页面后重试。", "The origin of the request could not be verified. Reload the page and try again.";
    IdempotencyKeyMissing,   "idempotency_key_missing",    400, "请求缺少 Idempotency-Key。请为每次操作生成唯一的键后重发。", "The request has no Idempotency-Key. Generate one per operation and send it again.";
    ConflictsWithEarlier,    "conflicts_with_earlier",     409, "同一个 Idempotency-Key 已用于内容不同的请求。请换用新的键。", "This Idempotency-Key was used for a different request. Use a new key.";
    StaleVersion,            "stale_version",              412, "内容已被他人更新，请刷新后再修改。", "It was changed meanwhile. Reload and make your change again.";
    VersionMissing,          "version_missing",            428, "修改前请先读取最新版本（缺少 If-Match）。", "Read the current version first (If-Match is missing).";
    RateLimited,             "rate_limited",               429, "操作过于频繁，请在 {detail} 秒后重试。", "Too many requests. Try again in {detail} seconds.";
    Unavailable,             "unavailable",                503, "依赖的系统暂不可用：{detail}。业务未受理，请稍后重试。", "A system this depends on is not available: {detail}. Nothing was done; try again later.";
    WrongState,              "wrong_state",                409, "当前状态不能进行此操作：{detail}。请刷新查看最新状态。", "This cannot be done in the present state: {detail}. Reload to see the state.";

    // Signing in.
    WrongCredentials,        "wrong_credentials",          401, "工号或密码不正确。请核对后重试。", "The employee number or the password is wrong. Check both and try again.";
    LockedOut,               "locked_out",                 429, "连续输错次数过多，请在 {detail} 秒后再试，或联系管理员。", "Too many wrong attempts. Try again in {detail} seconds, or ask an administrator.";
    PasswordTooWeak,         "password_too_weak",          422, "密码不符合要求：{detail}。请换一个密码。", "The password does not meet the rules: {detail}. Choose another one.";
    PasswordReused,          "password_reused",            422, "不能使用最近用过的密码。请换一个密码。", "You used this password recently. Choose another one.";
    PasswordMustChange,      "password_must_change",       403, "首次登录或密码到期，请先修改密码。", "Change your password first: it is new or has expired.";
    OneTimeCodeInvalid,      "one_time_code_invalid",      401, "一次性启用码无效、已使用或已过期。请向管理员重新申领。", "The one-time code is wrong, used or expired. Ask for a new one.";
    NoCurrentAppointment,    "no_current_appointment",     403, "您当前没有有效的岗位任命。请联系管理员。", "You hold no current appointment. Ask an administrator.";

    // Organization.
    IncompatiblePosts,       "incompatible_posts",         409, "不相容岗位不能由同一人担任：{detail}。请另选人员，或先终止其原岗位任命。", "One person may not hold incompatible posts: {detail}. Choose somebody else, or end the other appointment first.";
    RelativesIncompatiblePosts, "relatives_incompatible_posts", 409, "任职回避：该人员的亲属担任不相容岗位：{detail}。请另选人员，或先调整其亲属的岗位。", "A relative of this person holds an incompatible post: {detail}. Choose somebody else, or move the relative first.";
    OwnAppointment,          "own_appointment",            403, "不能设置或终止自己的岗位任命。请由另一名机构管理员办理。", "Nobody makes or ends an own appointment. Ask another organization administrator.";
    RelativesAppointment,    "relatives_appointment",      403, "任职回避：不能设置或终止亲属的岗位任命。请由与其没有亲属关系的机构管理员办理。", "Nobody makes or ends a relative's appointment. Ask an organization administrator who is no relative.";
    OverlappingAppointment,  "overlapping_appointment",    409, "该人员在此期间已担任该岗位。请检查起止日期。", "The person already holds this post in that time. Check the dates.";
    WrongPersonCategory,     "wrong_person_category",      409, "该岗位不接受此类人员：{detail}。请另选人员。", "This post does not take people of that category: {detail}. Choose somebody else.";
    CalendarYearMissing,     "calendar_year_missing",      409, "缺少 {detail} 年的节假日表，无法计算工作日。请管理员先导入。", "The holiday table of {detail} is missing, working days cannot be computed. An administrator must import it.";
    DuplicateNumber,         "duplicate_number",           409, "编号已存在：{detail}。请换一个编号。", "The number exists already: {detail}. Use another one.";

    // Separation of duties.
    SeparationOfDuties,      "separation_of_duties",       403, "岗位分离：您（或您的亲属）已办理过此业务的其他环节，不能再办理“{detail}”。请由其他同事办理，您可继续办理下一笔。", "Separation of duties: you or a relative did another step of this item, so `{detail}` is not for you. Leave it to a colleague and go on with the next one.";
    OneSliceOnly,            "one_slice_only",             403, "外包席位每笔业务只能接触一个切片，您已接触过此业务的另一切片。请继续办理下一笔。", "An outsourced seat sees one slice of an item, and you had another one of this item. Go on with the next one.";
    PartOnly,                "part_only",                  403, "该要素分段录入，录入人员不能查看整页。请按所见录入；看不清时请标记“看不清”，由审核员处理。", "This number is keyed in parts, and nobody who keys sees the whole page. Key what you see, or mark it as unreadable and the checker decides.";
    OutsourcedNotAllowed,    "outsourced_not_allowed",     403, "外包人员不能接触此内容。请继续办理其他任务，如有疑问请联系驻场主管。", "Outsourced staff may not see this. Go on with other work, or ask your site manager.";

    // Work.
    NotReady,                "not_ready",                  409, "您尚未就绪。请先点击“就绪”再领取任务。", "You are not ready. Set yourself ready first.";
    NotYourWork,             "not_your_work",              409, "该任务不在您手中（可能已超时退回队列）。请继续办理下一笔。", "This work is not with you (it may have gone back to its queue). Go on with the next one.";
    LeaseLost,               "lease_lost",                 409, "占用已失效，任务已退回队列或转交他人。您的草稿已保存，请继续办理下一笔。", "Your hold on this work has ended and it went back to its queue. Go on with the next one.";
    ReasonRequired,          "reason_required",            422, "请选择或填写原因。", "Choose or write a reason.";
    UnknownQueue,            "unknown_queue",              404, "没有这个队列：{detail}。请从队列列表中选择。", "There is no such queue: {detail}. Choose one of the list.";
    NotEligible,             "not_eligible",               409, "该人员不能办理此任务：{detail}。请另选人员。", "That person may not do this work: {detail}. Choose somebody else.";

    // Archive.
    UnsupportedImage,        "unsupported_image",          415, "不支持的影像文件：{detail}。请使用 JPEG、PNG、TIFF 或 PDF。", "The image file is not supported: {detail}. Use JPEG, PNG, TIFF or PDF.";
    BrokenImage,             "broken_image",               422, "影像文件损坏或不完整：{detail}。请重新扫描。", "The image file is broken or incomplete: {detail}. Scan it again.";
    ImageTooLarge,           "image_too_large",            413, "影像过大：{detail}。请降低分辨率后重新扫描。", "The image is too large: {detail}. Scan it at a lower resolution.";
    TooManyPages,            "too_many_pages",             422, "页数过多：{detail}。请减少页数，或拆分成几个文件分次上传。", "There are too many pages: {detail}. Leave out pages, or split the file and upload its parts.";
    PoorImage,               "poor_image",                 422, "影像质量不合格：{detail}。请重新拍摄该页。", "The image quality is not sufficient: {detail}. Capture this page again.";
    LinkExpired,             "link_expired",               410, "影像链接已使用或已过期。请刷新任务重新获取。", "The image link was used or has expired. Reload the work to get a new one.";

    // Processing.
    UnknownBusinessType,     "unknown_business_type",      404, "没有在用的业务种类：{detail}。请从业务种类列表中选择。", "There is no business type in force with this code: {detail}. Choose one of the list.";
    InvalidDefinition,       "invalid_definition",         422, "业务定义不正确：{detail}。请更正后重新载入。", "The definition is not valid: {detail}. Correct it and load it again.";
    PageMissing,             "page_missing",               422, "缺少必需的影像页：{detail}。请补拍后提交。", "A required page is missing: {detail}. Capture it, then submit.";
    UnknownReason,           "unknown_reason",             422, "原因代码不可用于此操作：{detail}。请从列表中选择。", "This reason code does not fit here: {detail}. Choose one of the list.";
    FieldsUnsettled,         "fields_unsettled",           422, "还有要素未确认：{detail}。请逐项确认后再通过。", "Some fields are not settled yet: {detail}. Settle each one, then pass.";
    ChecksFailed,            "checks_failed",              422, "要素校验未通过：{detail}。请更正，或退回并选择原因。", "The checks failed: {detail}. Correct the fields, or return the item with a reason.";
    PageNotViewed,           "page_not_viewed",            422, "“{detail}”的影像尚未由您打开查看。请先打开该页，再授权。", "You have not opened the image of `{detail}` yet. Open that page, then approve.";
    OutsideOpeningHours,     "outside_opening_hours",      409, "已过该业务的受理时间：{detail}。请于下一营业日提交。", "The time for this business has passed: {detail}. Submit it on the next business day.";
    DuplicateItem,           "duplicate_item",             409, "该凭证已受理：{detail}。请勿重复提交，可按该编号查询；如确为另一张凭证，请重新扫描后提交。", "This voucher was accepted already: {detail}. Do not submit it twice; look that item up, or scan again if it is another voucher.";
}

/// A refusal with what the sentence needs to be specific.
/// `detail` holds no personal data: it goes into logs and problem documents.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub code: Code,
    /// The input's field path, when one field is at fault, such as `pages[0].kind`.
    pub field: Option<String>,
    /// The words that replace `{detail}`, in Chinese and in English.
    pub detail: Detail,
    /// Whether it stands in the journal already; see [`Refusal::recorded`].
    is_recorded: bool,
}

/// Two refusals that say the same are the same, recorded or not.
impl PartialEq for Refusal {
    fn eq(&self, other: &Self) -> bool {
        let Self { code, field, detail, is_recorded: _ } = self;
        (code, field, detail) == (&other.code, &other.field, &other.detail)
    }
}

impl Eq for Refusal {}

/// The specific part of a refusal in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail {
    pub zh: String,
    pub en: String,
}

impl Refusal {
    pub fn new(code: Code) -> Self {
        Self { code, field: None, detail: Detail::default(), is_recorded: false }
    }

    /// A refusal whose detail reads the same in both languages, such as a code or a number.
    pub fn with(code: Code, detail: impl fmt::Display) -> Self {
        let text = detail.to_string();
        Self { code, field: None, detail: Detail { zh: text.clone(), en: text }, is_recorded: false }
    }

    /// A refusal that names the code which somebody sent, when it looks like a code.
    /// Anything else is not repeated: nobody knows what was typed there, and the detail goes into the journal.
    pub fn naming(code: Code, sent: &str) -> Self {
        const CHARS_MAX: usize = 32;
        let looks_so = |text: &str| {
            text.len() <= CHARS_MAX
                && text.starts_with(|first: char| first.is_ascii_alphabetic())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        };
        Self::with(code, if looks_so(sent) { sent } else { "?" })
    }

    pub fn detailed(code: Code, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, field: None, detail: Detail { zh: zh.into(), en: en.into() }, is_recorded: false }
    }

    /// An [`Code::InvalidField`] on `field`.
    pub fn field(field: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::detailed(Code::InvalidField, zh, en).at(field)
    }

    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same refusal, now that the journal holds it: whoever passes it on need not record it again.
    #[must_use]
    pub fn recorded(mut self) -> Self {
        self.is_recorded = true;
        self
    }

    pub fn is_recorded(&self) -> bool {
        self.is_recorded
    }

    pub fn zh(&self) -> String {
        fill(self.code.zh(), self.field.as_deref(), &self.detail.zh)
    }

    pub fn en(&self) -> String {
        fill(self.code.en(), self.field.as_deref(), &self.detail.en)
    }
}

fn fill(template: &str, field: Option<&str>, detail: &str) -> String {
    template.replace("{field}", field.unwrap_or("")).replace("{detail}", detail)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.en())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_is_unique_and_speaks_both_languages() {
        let texts: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert!(code.zh().ends_with('。'), "{code:?} ends as a sentence");
            assert!(code.en().ends_with('.'), "{code:?} ends as a sentence");
            assert_eq!(code.zh().contains("{detail}"), code.en().contains("{detail}"), "{code:?}");
            assert!((400..600).contains(&code.status()), "{code:?}");
        }
    }

    #[test]
    fn every_sentence_says_what_to_do() {
        for code in Code::ALL {
            assert!(code.zh().contains('请'), "{code:?}: {}", code.zh());
            let (zh, en) = (code.zh().matches(['。', '，', '：']).count(), code.en());
            let asks_at_once = ["Choose ", "Change ", "Read "].iter().any(|verb| en.starts_with(verb));
            assert!(zh >= 2 || asks_at_once, "{code:?}: what is wrong, then what to do: {}", code.zh());
            assert!(asks_at_once || en.contains(". ") || en.contains(", "), "{code:?}: {en}");
        }
    }

    #[test]
    fn the_catalog_changes_only_on_purpose() {
        let table: Vec<_> =
            Code::ALL.iter().map(|c| format!("{:<26} {} | {} | {}", c.as_str(), c.status(), c.zh(), c.en())).collect();
        insta::assert_snapshot!("catalog", table.join("\n"));
    }

    #[test]
    fn what_was_sent_as_a_code_is_repeated_only_when_it_looks_like_one() {
        for (sent, shown) in [
            ("R77", "R77"),
            ("third_keying", "third_keying"),
            ("6222020000000000017", "?"),
            ("张三", "?"),
            ("a b", "?"),
            ("", "?"),
            ("abcdefghijklmnopqrstuvwxyz0123456", "?"),
        ] {
            assert_eq!(Refusal::naming(Code::UnknownReason, sent).detail.en, shown, "{sent}");
        }
    }

    #[test]
    fn a_refusal_fills_its_sentence() {
        let refusal = Refusal::field("amount", "不能为空", "it is empty");
        assert_eq!(refusal.zh(), "“amount”填写不正确：不能为空。请更正后重新提交。");
        assert_eq!(refusal.en(), "`amount` is not valid: it is empty. Correct it and send again.");
    }
}
