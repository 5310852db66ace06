// The wire types of the HTTP API under the names that the console uses.
// Shapes come from the server's OpenAPI document; `cargo xtask generate` writes them anew, and what no longer fits does not compile.
// The document calls the words of a closed list text: those words, and only they, are narrowed here.
// By hand is what the document does not describe: the list of any type, and the tasks that a lease carries over the work stream.
import type { components } from "./generated/schema";

type Schemas = components["schemas"];

/** `Wide` with the fields of `Narrow`, each of which must exist there and be at least as wide. */
type Narrowed<Wide, Narrow extends { [Field in keyof Narrow]: Field extends keyof Wide ? Wide[Field] : never }> = Omit<Wide, keyof Narrow> & Narrow;

/** Integer minor units as text, with an ISO 4217 currency. */
export type Money = Schemas["Money"];

/** A rectangle in 1/10000 of the page's width and height. */
export type Rect = Schemas["Rect"];

/** One page of a list; `next` is the cursor of the following one. */
export interface Listing<T> {
  items: T[];
  next: string | null;
}

// ---- organization and identity

export type InstitutionClass = "head_office" | "province" | "tier2_branch" | "sub_branch" | "outlet" | "center" | "sub_center";

export type InstitutionRef = Narrowed<Schemas["InstitutionRef"], { class: InstitutionClass }>;

export type Institution = Narrowed<Schemas["Institution"], { class: InstitutionClass; parent?: InstitutionRef | null }>;

/** A post with what it may do. */
export type Post = Narrowed<Schemas["Post"], { actions: Action[]; categories: PersonCategory[] }>;

/** A post that somebody holds. */
export type Appointment = Narrowed<Schemas["Appointment"], { institution: InstitutionRef }>;

export type PersonCategory = "employee" | "dispatched" | "outsourced";

export type Action =
  | "item.capture" | "item.submit" | "item.withdraw" | "item.confirm" | "item.view"
  | "slice.key" | "slice.key_third"
  | "item.check" | "item.review_refusal" | "item.authorize" | "item.resume" | "image.view"
  | "work.take" | "work.supervise"
  | "organization.view" | "organization.edit" | "appointment.edit"
  | "session.view" | "session.revoke" | "business_type.view" | "business_type.edit" | "journal.view"
  | "job.view" | "job.revive" | "report.view";

export type Me = Narrowed<Schemas["Me"], { category: PersonCategory; institution: InstitutionRef; posts: Appointment[]; permissions: Action[] }>;

export type StaffMember = Narrowed<Schemas["StaffMember"], { category: PersonCategory; institution: InstitutionRef; posts: Appointment[] }>;

export type SessionRow = Schemas["SessionRow"];

// ---- processing

export type ItemState =
  | "draft" | "submitted" | "keying" | "checking" | "refusal_review" | "authorizing" | "posting" | "posted"
  | "confirmed" | "rescan" | "returned" | "refused" | "withdrawn" | "suspended" | "post_failed" | "confirm_failed";

export type Stage = "capture" | "keying" | "checking" | "authorizing" | "posting" | "confirming" | "ended";

export type FieldKind = "amount" | "capital_amount" | "date" | "account" | "bank_code" | "name" | "text" | "id_number" | "count";

export type BusinessTypeRef = Schemas["BusinessTypeRef"];

export type BusinessType = Narrowed<Schemas["BusinessType"], { fields: Narrowed<Schemas["FieldSpec"], { kind: FieldKind }>[] }>;

export type ItemReason = Schemas["ItemReason"];

export type Item = Narrowed<Schemas["Item"], { institution: InstitutionRef; state: ItemState; stage: Stage }>;

export type Finding = Narrowed<Schemas["Finding"], { severity: "refuse" | "warn" }>;

export type Page = Narrowed<Schemas["Page"], { verdict: { findings: Finding[] } }>;

/** What may be done now; `false` carries why not. */
export type Capability = Schemas["Capability"];

export type ItemAct = "submit" | "withdraw" | "confirm" | "confirm_failure" | "resubmit" | "resume" | "retry_posting" | "edit_pages";

export type ItemField = Narrowed<Schemas["ItemField"], { kind: FieldKind }>;

export type CheckResult = Narrowed<Schemas["CheckResult"], { outcome: "passed" | "failed" | "skipped" }>;

export type ItemDetail = Item &
  Narrowed<
    Omit<Schemas["ItemDetail"], keyof Item>,
    { pages: Page[]; fields: ItemField[]; checks: CheckResult[]; can: Partial<Record<ItemAct, Capability>> }
  >;

export type ReasonUse = "return" | "refuse" | "rescan" | "withdraw" | "suspend" | "confirm_failure" | "hand_back" | "send_back";

export type Reason = Narrowed<Schemas["Reason"], { uses: ReasonUse[] }>;

export type TraceStep = Narrowed<Schemas["TraceStep"], { institution?: InstitutionRef | null }>;

// ---- work

export type QueueName = "keying" | "third_keying" | "checking" | "refusal_review" | "authorizing";

export type PresenceState = "signed_out" | "ready" | "busy" | "wrap_up" | "break";

/** Why somebody is on a break; `missed` and `away` are set by the server alone, for work not taken up and for nobody at the seat. */
export type BreakReason = "break" | "meal" | "training" | "meeting" | "fault" | "missed" | "away";

/** The breaks that a person chooses. */
export type ChosenBreak = Exclude<BreakReason, "missed" | "away">;

export type Presence = Narrowed<Schemas["Presence"], { state: PresenceState; reason?: BreakReason | null; queues: QueueName[] }>;

export type BoardQueue = Narrowed<Schemas["BoardQueue"], { queue: QueueName }>;

export type BoardPerson = Narrowed<
  Schemas["BoardPerson"],
  { state: PresenceState; reason?: BreakReason | null; queue?: QueueName | null; institution?: InstitutionRef | null }
>;

export type Board = Narrowed<
  Schemas["Board"],
  { queues: BoardQueue[]; people: BoardPerson[]; half_hours: Narrowed<Schemas["BoardHalfHour"], { queue: QueueName }>[] }
>;

export type WorkItem = Narrowed<Schemas["WorkItem"], { queue: QueueName; institution: InstitutionRef }>;

export type OwnDay = Schemas["OwnDay"];

// ---- stations: what a lease carries

export interface SliceTask {
  kind: "slice";
  slice_id: string;
  pass: 1 | 2 | 3;
  field: {
    code: string;
    name_zh: string;
    name_en: string;
    kind: FieldKind;
    required: boolean;
    max_length: number;
    mask?: string | null;
  };
  image_url: string;
  image_width: number;
  image_height: number;
  wider_allowed: boolean;
  draft?: string | null;
  business_type_name_zh: string;
  business_type_name_en: string;
  seat_watermark?: string | null;
}

export interface TaskPage {
  page_id: string;
  kind: string;
  image_url: string;
  width: number;
  height: number;
}

export type CheckFieldState = "agreed" | "settled_by_third" | "unsettled" | "single" | "failed_rule";

export interface CheckField {
  code: string;
  name_zh: string;
  name_en: string;
  kind: FieldKind;
  page_id?: string | null;
  rect?: Rect | null;
  state: CheckFieldState;
  value?: string | null;
  candidates?: { by: "first" | "second" | "third"; value: string }[];
  required: boolean;
}

export interface CheckTask {
  kind: "check";
  item: Item;
  pages: TaskPage[];
  fields: CheckField[];
  checks: CheckResult[];
  own_work_avoided: boolean;
  reasons: Reason[];
  draft?: unknown;
}

export interface RefusalReviewTask {
  kind: "refusal_review";
  item: Item;
  pages: TaskPage[];
  fields: CheckField[];
  checks?: CheckResult[];
  proposal: { by: "checker"; reason: { code: string; name_zh: string; name_en: string }; note?: string | null; at: string };
}

export interface AuthorizeTask {
  kind: "authorize";
  item: Item;
  amount: Money;
  amount_capital: string;
  required_because: { zh: string; en: string };
  pages: TaskPage[];
  fields: CheckField[];
  checks: CheckResult[];
  checklist: { id: string; zh: string; en: string }[];
  account?: { status: string; name_match: "match" | "mismatch" | "unknown" } | null;
  similar?: unknown[];
}

export type Task = SliceTask | CheckTask | RefusalReviewTask | AuthorizeTask;

export interface Lease {
  work_item_id: string;
  queue: QueueName;
  fence: number;
  expires_at: string;
  due_at?: string | null;
  overdue: boolean;
  wait_seconds: number;
  priority_class: number;
  task: Task;
}

// ---- journal and jobs

export type JournalEntry = Schemas["JournalEntry"];

export type DeadJob = Schemas["DeadJob"];
