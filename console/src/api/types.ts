// The wire types of the HTTP API under the names that the console uses.
// All of them come from the server's OpenAPI document; `cargo xtask generate` writes them anew, and what no longer fits does not compile.
// By hand is one thing that the document cannot say: a list of any type.
import type { components } from "./generated/schema";

type Schemas = components["schemas"];

/** Integer minor units as text, with an ISO 4217 currency. */
export type Money = Schemas["Money"];

/** A rectangle in 1/10000 of the page's width and height. */
export type Rect = Schemas["Rect"];

/** One page of a list; `next` is the cursor of the following one. */
export interface Listing<T> {
  items: T[];
  next: string | null;
}

/** A problem document (RFC 9457). */
export type Problem = Schemas["Problem"];

// ---- organization and identity

export type InstitutionClass = Schemas["InstitutionClass"];
export type InstitutionRef = Schemas["InstitutionRef"];
export type Institution = Schemas["Institution"];
/** A post with what it may do. */
export type Post = Schemas["Post"];
/** A post that somebody holds. */
export type Appointment = Schemas["Appointment"];
export type PersonCategory = Schemas["PersonCategory"];
export type Action = Schemas["Action"];
export type Me = Schemas["Me"];
export type StaffMember = Schemas["StaffMember"];
export type SessionRow = Schemas["SessionRow"];
export type KeyProfile = Schemas["KeyProfile"];

// ---- processing

export type ItemState = Schemas["ItemState"];
export type Stage = Schemas["Stage"];
export type FieldKind = Schemas["FieldKind"];
export type BusinessTypeRef = Schemas["BusinessTypeRef"];
export type BusinessType = Schemas["BusinessType"];
export type ItemReason = Schemas["ItemReason"];
export type Item = Schemas["Item"];
export type Finding = Schemas["Finding"];
export type Page = Schemas["Page"];
/** What may be done now; `false` carries why not. */
export type Capability = Schemas["Capability"];
export type ItemAct = Schemas["ItemAct"];
export type ItemField = Schemas["ItemField"];
export type CheckResult = Schemas["CheckResult"];
/** The document cannot say that the names of `can` are acts. */
export type ItemDetail = Omit<Schemas["ItemDetail"], "can"> & { can: Partial<Record<ItemAct, Capability>> };
export type ReasonCode = Schemas["ReasonCode"];
export type ReasonUse = Schemas["ReasonUse"];
export type Reason = Schemas["Reason"];
export type TraceStep = Schemas["TraceStep"];

// ---- work

export type QueueName = Schemas["QueueName"];
export type PresenceState = Schemas["PresenceState"];
/** Why somebody is on a break; `missed` and `away` are set by the server alone, for work not taken up and for nobody at the seat. */
export type BreakReason = Schemas["BreakReason"];
/** The breaks that a person chooses. */
export type ChosenBreak = Schemas["ChosenBreak"];
export type Presence = Schemas["Presence"];
export type BoardQueue = Schemas["BoardQueue"];
export type BoardPerson = Schemas["BoardPerson"];
export type Board = Schemas["Board"];
export type WorkItem = Schemas["WorkItem"];
export type OwnDay = Schemas["OwnDay"];

// ---- stations: what a lease carries, and what the stream says

export type Lease = Schemas["Lease"];
export type Task = Schemas["Task"];
export type SliceTask = Extract<Task, { kind: "slice" }>;
export type CheckTask = Extract<Task, { kind: "check" }>;
export type RefusalReviewTask = Extract<Task, { kind: "refusal_review" }>;
export type AuthorizeTask = Extract<Task, { kind: "authorize" }>;
export type TaskPage = Schemas["TaskPage"];
export type CheckField = Schemas["CheckField"];
export type CheckFieldState = Schemas["CheckFieldState"];
export type NumberedFrame = Schemas["NumberedFrame"];
export type Pong = Schemas["Pong"];
/** What a station says on the stream. */
export type StationMessage = Schemas["StationMessage"];

// ---- reports

export type KeyingReport = Schemas["KeyingReport"];
export type KeyerLine = Schemas["KeyerLine"];

// ---- journal and jobs

export type JournalEntry = Schemas["JournalEntry"];
export type DeadJob = Schemas["DeadJob"];
