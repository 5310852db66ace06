// The wire types of the HTTP API, by hand until the server's OpenAPI document generates them.
// Names and shapes are those of the contract; nothing here is computed.

/** Integer minor units as text, with an ISO 4217 currency. */
export interface Money {
  minor: string;
  currency: string;
}

/** A rectangle in 1/10000 of the page's width and height. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** One page of a list; `next` is the cursor of the following one. */
export interface Listing<T> {
  items: T[];
  next: string | null;
}

// ---- organization and identity

export type InstitutionClass = "head_office" | "province" | "tier2_branch" | "sub_branch" | "outlet" | "center" | "sub_center";

export interface InstitutionRef {
  institution_id: string;
  code: string;
  name_zh: string;
  name_en: string;
  class: InstitutionClass;
}

export interface Institution extends InstitutionRef {
  parent?: InstitutionRef | null;
  cnaps_code?: string | null;
  opening_hours?: { weekday: number; from: string; until: string }[];
  children?: number | null;
  /** The day from which it is closed. */
  closed_on?: string | null;
  version?: number;
}

export interface PostRef {
  post_id: string;
  code: string;
  name_zh: string;
  name_en: string;
}

/** A post with what it may do. */
export interface Post extends PostRef {
  actions?: Action[];
  categories?: PersonCategory[];
}

/** A post that somebody holds. */
export interface Appointment extends PostRef {
  appointment_id?: string;
  institution: InstitutionRef;
  from?: string;
  until?: string | null;
}

export type PersonCategory = "employee" | "dispatched" | "outsourced";

export type Action =
  | "item.capture" | "item.submit" | "item.withdraw" | "item.confirm" | "item.view" | "item.resume"
  | "slice.key" | "slice.key_third"
  | "item.check" | "item.review_refusal" | "item.authorize" | "item.resume" | "image.view"
  | "work.take" | "work.supervise"
  | "organization.view" | "organization.edit" | "appointment.edit"
  | "session.view" | "session.revoke" | "business_type.view" | "business_type.edit" | "business_type.edit" | "journal.view"
  | "job.view" | "job.revive" | "report.view";

export interface Me {
  person_id: string;
  employee_no: string;
  name: string;
  category: PersonCategory;
  vendor?: string;
  institution: InstitutionRef;
  posts: Appointment[];
  permissions: Action[];
  seat?: string | null;
  must_change_password: boolean;
  language?: string | null;
}

export interface StaffMember {
  person_id: string;
  employee_no: string;
  name: string;
  category: PersonCategory;
  institution: InstitutionRef;
  posts: Appointment[];
}

export interface SessionRow {
  session_id: string;
  person?: { person_id: string; employee_no: string; name: string };
  seat?: string | null;
  address: string;
  started_at: string;
  last_seen_at: string;
  current: boolean;
}

// ---- processing

export type ItemState =
  | "draft" | "submitted" | "keying" | "third_keying" | "checking" | "refusal_review" | "authorizing" | "posting" | "posted"
  | "confirmed" | "rescan" | "returned" | "refused" | "withdrawn" | "suspended" | "post_failed" | "confirm_failed";

export type Stage = "capture" | "keying" | "checking" | "authorizing" | "posting" | "confirming" | "ended";

export type FieldKind = "amount" | "capital_amount" | "date" | "account" | "bank_code" | "name" | "text" | "id_number" | "count";

export interface BusinessTypeRef {
  code: string;
  version: number;
  name_zh: string;
  name_en: string;
}

export interface BusinessType extends BusinessTypeRef {
  priority_class: number;
  time_limit_minutes: number;
  pages: { kind: string; name_zh: string; name_en: string; required: boolean; max: number }[];
  fields: { code: string; name_zh: string; name_en: string; kind: FieldKind; page: string; required: boolean }[];
  in_force: boolean;
}

export interface ItemReason {
  code: string;
  name_zh: string;
  name_en: string;
  note?: string | null;
  boxes?: { page_id: string; rect: Rect }[];
}

export interface Item {
  item_id: string;
  item_no: string;
  business_type: BusinessTypeRef;
  institution: InstitutionRef;
  state: ItemState;
  version: number;
  business_date: string;
  amount?: Money | null;
  submitted_at?: string | null;
  due_at?: string | null;
  overdue: boolean;
  priority_class: number;
  reason?: ItemReason | null;
  core_reference?: string | null;
  stage: Stage;
  queue_position?: number | null;
  updated_at: string;
}

export interface Finding {
  kind: string;
  severity: "refuse" | "warn";
  measured?: string | number | null;
  limit?: string | number | null;
  region?: Rect | null;
  text_zh: string;
  text_en: string;
}

export interface Page {
  page_id: string;
  kind: string;
  page_no: number;
  version: number;
  width: number;
  height: number;
  dpi?: number | null;
  verdict: { findings: Finding[] };
  thumbnail_url?: string | null;
  image_url?: string | null;
  superseded: boolean;
}

/** What may be done now; `false` carries why not. */
export interface Capability {
  allowed: boolean;
  reason_zh?: string | null;
  reason_en?: string | null;
}

export type ItemAct = "submit" | "withdraw" | "confirm" | "confirm_failure" | "resubmit" | "resume" | "retry_posting" | "edit_pages";

export interface ItemField {
  code: string;
  name_zh: string;
  name_en: string;
  kind: FieldKind;
  value?: string | null;
  masked?: boolean;
  page_id?: string | null;
  rect?: Rect | null;
}

export interface CheckResult {
  rule: string;
  outcome: "passed" | "failed" | "skipped";
  fields: string[];
  text_zh: string;
  text_en: string;
}

export interface ItemDetail extends Item {
  pages: Page[];
  fields: ItemField[];
  checks: CheckResult[];
  can: Partial<Record<ItemAct, Capability>>;
}

export type ReasonUse = "return" | "refuse" | "rescan" | "withdraw" | "suspend" | "confirm_failure" | "hand_back";

export interface Reason {
  code: string;
  name_zh: string;
  name_en: string;
  uses: ReasonUse[];
  /** The reason says little without words of one's own. */
  needs_note?: boolean;
}

export interface TraceStep {
  seq: number;
  at: string;
  kind: string;
  /** A person, or the part of the machine that acted. */
  actor: { name: string; employee_no: string } | string;
  post?: string | null;
  institution?: string | InstitutionRef | null;
  seat?: string | null;
  refused: boolean;
  summary_zh: string;
  summary_en: string;
  payload?: unknown;
  hash: string;
}

// ---- work

export type QueueName = "keying" | "third_keying" | "checking" | "refusal_review" | "authorizing";

export type PresenceState = "signed_out" | "ready" | "busy" | "wrap_up" | "break";
export type BreakReason = "break" | "meal" | "training" | "meeting" | "fault";

export interface Presence {
  state: PresenceState;
  reason?: BreakReason | null;
  since: string;
  queues: QueueName[];
  capacity: number;
  missed: number;
}

export interface BoardQueue {
  queue: QueueName;
  name_zh: string;
  name_en: string;
  waiting: number;
  working: number;
  /** 0 where nothing waits. */
  oldest_wait_seconds: number;
  overdue: number;
  done_today: number;
  within_limit_permille: number | null;
  ready_people: number;
  average_handle_seconds: number | null;
}

export interface BoardPerson {
  person_id: string;
  name: string;
  employee_no: string;
  state: PresenceState;
  reason?: BreakReason | null;
  since: string;
  queue?: QueueName | null;
  leases: number;
  done_today: number;
  seat?: string | null;
  institution?: InstitutionRef | string | null;
}

export interface Board {
  as_of: string;
  queues: BoardQueue[];
  people: BoardPerson[];
  half_hours: { from: string; queue: QueueName; arrived: number; done: number }[];
}

export interface WorkItem {
  work_item_id: string;
  queue: QueueName;
  item_id: string;
  item_no: string;
  business_type: BusinessTypeRef;
  institution: InstitutionRef;
  priority_class: number;
  enqueued_at: string;
  due_at?: string | null;
  overdue: boolean;
  holder?: { person_id: string; name: string } | null;
}

export interface OwnDay {
  done: number;
  keystrokes?: number | null;
  per_hour?: number | null;
  accuracy_permille?: number | null;
  handed_back?: number;
  missed?: number;
  by_half_hour: { from: string; done: number }[];
}

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

export interface JournalEntry {
  entry_id?: string;
  subject_kind: string;
  subject_id: string;
  seq: number;
  at: string;
  kind: string;
  actor: { person_id: string; name: string; employee_no: string } | string;
  post?: string | null;
  institution?: string | null;
  refused: boolean;
  payload?: unknown;
  hash: string;
}

export interface DeadJob {
  job_id: string;
  name: string;
  attempts: number;
  last_error: string;
  failed_at: string;
  payload?: unknown;
}
