/**
 * Write `admit` policies in JavaScript or TypeScript.
 *
 * A policy reads its settings once and then answers callouts of Microsoft Entra entitlement
 * management, each with one verdict:
 *
 * ```js
 * import { approve, deny, policy } from "admit-policy";
 *
 * export default policy({
 *   evaluate(callout) {
 *     return callout.target.email === null
 *       ? deny("no-mail", "The account has no mail address.")
 *       : approve("has-mail");
 *   },
 * });
 * ```
 *
 * Absence is `null`, everywhere: the payload has no such member, or null. A member that this
 * package does not have throws, so that a misspelt name is never taken for absence.
 *
 * An error that `evaluate` throws has not denied anything: that is a fault, which the policy set's
 * `on-fault` decides about and which is never an approval. So is everything that is no verdict:
 * nothing, an object of the policy's own, a promise. And so is a verdict that `evaluate` makes and
 * does not return, if the one that it returns weighs less: `deny(...)` without `return` is never
 * followed by an approval. `deny` and `cancel` weigh most, `requireApproval` less, `approve` and
 * `abstain` nothing.
 *
 * There is no clock and no randomness: `Date` without milliseconds, `Date.now` and `Math.random`
 * throw. `console` writes to the report.
 */

/**
 * Makes a policy of its functions; the module exports it as its default. What is given beside
 * `configure` and `evaluate` throws, which ends the build.
 */
export function policy<Configured = undefined>(members: {
  /**
   * Reads the settings, once when the policy set is loaded and again in each fresh instance; what
   * it returns is handed to `evaluate`. Only settings can be read here. Left out: the policy takes
   * no notice of settings.
   *
   * @throws An error refuses the policy set, with its text for the person who wrote the settings.
   */
  configure?(settings: Settings): Configured;

  /**
   * Answers one callout. Called once in a fresh instance: nothing that it changes survives.
   *
   * @throws An error is a fault, with its text in the report; it is not a denial.
   */
  evaluate(callout: Callout, configured: Configured): Verdict;
}): Policy;

/** A policy, made by {@link policy}. */
export interface Policy {
  readonly [made]: "policy";
}

declare const made: unique symbol;

/**
 * The callout that a policy answers, and the instant at which it does.
 *
 * Each member asks the host when it is read: reading twice costs twice, and what is not read costs
 * nothing. The report says what was read. Ids that are GUIDs are lower case with hyphens, whatever
 * the payload wrote. Enumerations are Graph's member names in camelCase; Microsoft adds members:
 * treat one that you do not know as a reason to deny or abstain, never to approve.
 */
export interface Callout {
  /** The stage that asks. */
  readonly stage: Stage;
  /** Id of the access package assignment request, a GUID. */
  readonly requestId: string;
  /** Id of this call of the custom extension; the same when the service retries the call. */
  readonly instanceId: string;
  /** What kind of request this is; null in assignment callouts (before expiration). */
  readonly requestType: RequestType | null;
  /** State of the request, such as `submitted` or `delivering`: not an answer. */
  readonly state: string | null;
  /** Status of the request, free text of the service: show it, do not decide by it. */
  readonly status: string | null;
  /** How long the service waits, an ISO 8601 duration such as `PT1H`; null when it does not. */
  readonly timeoutDuration: string | null;
  /**
   * Who asked. For requests of administrators and on behalf of others this is not the person who
   * gets access.
   */
  readonly requestor: Subject;
  /** Who gets, has or loses the access. */
  readonly target: Subject;
  /** The access package that is asked for. */
  readonly accessPackage: AccessPackage;
  /** The catalog that the access package belongs to. */
  readonly catalog: Catalog;
  /** The assignment of the access package to the target. */
  readonly assignment: Assignment;
  /** The period that the request itself asks for, where the payload carries one. */
  readonly schedule: Schedule;
  /** What the requestor answered to the questions of the assignment policy. */
  readonly answers: Answers;
  /** The verified credentials that the requestor presented (beta payloads). */
  readonly verifiedCredentials: VerifiedCredentials;
  /** The whole canonical document as JSON text: the callout's data in Graph's v1.0 form. */
  readonly document: string;
  /**
   * The instant of this evaluation, given by the host, in seconds since 1970-01-01T00:00:00Z,
   * rounded down. The same for every policy of the set.
   */
  readonly now: number;
  /** The same instant as RFC 3339 text in UTC, with its fraction of a second if it has one. */
  readonly nowText: string;
  /**
   * Anything in the canonical document by its JSON pointer (RFC 6901): a string's text, otherwise
   * the value's JSON text; null where absent or null. A malformed pointer is a fault.
   */
  field(pointer: string): string | null;
  /**
   * A date-time of the payload or of a fact in seconds since 1970-01-01T00:00:00Z, rounded down:
   * RFC 3339 with an offset or `Z`, or a date alone, which means midnight UTC. Null for any other
   * text: an offset is never guessed.
   */
  timestamp(dateTime: string): number | null;
  /**
   * A value of a fact collection, by its key. Keys that are GUIDs are lower case with hyphens, as
   * the callout's ids are.
   */
  fact(collection: string, key: string): Fact;
}

/** A text that is one of these, or one that this version does not know. */
type Open<Known extends string> = Known | (string & {});

/** The stage that calls out. */
export type Stage = Open<
  | "assignmentRequestCreated"
  | "assignmentRequestApproved"
  | "assignmentRequestDeterminingApprovalRequirements"
  | "assignmentRequestGranted"
  | "assignmentRequestRemoved"
  | "assignmentFourteenDaysBeforeExpiration"
  | "assignmentOneDayBeforeExpiration"
>;

/** What kind of request this is. */
export type RequestType = Open<
  | "notSpecified"
  | "userAdd"
  | "userUpdate"
  | "userRemove"
  | "adminAdd"
  | "adminUpdate"
  | "adminRemove"
  | "systemAdd"
  | "systemUpdate"
  | "systemRemove"
  | "onBehalfAdd"
  | "approverRemove"
>;

/** What a subject is. */
export type SubjectType = Open<"notSpecified" | "user" | "servicePrincipal">;

/**
 * Whether a request is known to take access away; false for null. A rule that guards access need
 * not stand in the way of that.
 */
export function isRemoval(requestType: RequestType | null): boolean;

/** Whether a request is known to change an assignment that there is already; false for null. */
export function isUpdate(requestType: RequestType | null): boolean;

/**
 * A subject of the callout. Each member is null where the payload has no such member, and all but
 * `isPresent` are where the payload has no such subject. As a condition it is always true: ask
 * {@link isPresent}.
 */
export interface Subject {
  /** Whether the callout names this subject at all. */
  readonly isPresent: boolean;
  /**
   * Directory object id, a GUID: the one to use against Graph's `/users`. Null or empty for an
   * external person who has no guest account yet.
   */
  readonly objectId: string | null;
  /** Entitlement management's own id of the subject, a GUID; not a directory id. */
  readonly id: string | null;
  /** Name for people. */
  readonly displayName: string | null;
  /** Mail address. */
  readonly email: string | null;
  /**
   * User principal name. A guest's carries the tenant's own domain, so it does not tell where a
   * guest comes from.
   */
  readonly principalName: string | null;
  /** Security identifier in the on-premises directory. */
  readonly onPremisesSecurityIdentifier: string | null;
  /** What the subject is. */
  readonly subjectType: SubjectType | null;
  /** `notDefined`, `notGoverned`, `governed`. */
  readonly subjectLifecycle: string | null;
  /** Id of the connected organization that the person belongs to; null for members of the tenant. */
  readonly connectedOrganizationId: string | null;
  /** Name of the connected organization. */
  readonly connectedOrganizationDisplayName: string | null;
  /** `configured` or `proposed`. */
  readonly connectedOrganizationState: string | null;
}

/** The access package that is asked for. */
export interface AccessPackage {
  /** Id, a GUID. */
  readonly id: string | null;
  /** Name for people; may be absent or out of date, decide by the id. */
  readonly displayName: string | null;
  /** Description for people. */
  readonly description: string | null;
  /** Whether requestors can find the package in the portal. */
  readonly isHidden: boolean | null;
}

/** The catalog that the access package belongs to. */
export interface Catalog {
  /** Id, a GUID. */
  readonly id: string | null;
  /** Name for people. */
  readonly displayName: string | null;
  /** Description for people. */
  readonly description: string | null;
  /** `userManaged`, `serviceDefault`, `serviceManaged`. */
  readonly catalogType: string | null;
  /** `published` or `unpublished`. */
  readonly state: string | null;
  /** Privilege level, where the service sends it. */
  readonly privilegeLevel: string | null;
  /** Whether people from outside may request its packages. */
  readonly isExternallyVisible: boolean | null;
}

/** The assignment of the access package to the target. */
export interface Assignment {
  /** Id, a GUID. */
  readonly id: string | null;
  /** `delivering`, `partiallyDelivered`, `delivered`, `expired`, `deliveryFailed`. */
  readonly state: string | null;
  /** Status, free text of the service. */
  readonly status: string | null;
  /** When the assignment ended, RFC 3339. */
  readonly expiredDateTime: string | null;
  /** Id of the assignment policy that the request was made under, a GUID. */
  readonly policyId: string | null;
  /** Name of the assignment policy. */
  readonly policyDisplayName: string | null;
  /** When access begins, RFC 3339. */
  readonly startDateTime: string | null;
  /** `noExpiration`, `afterDateTime`, `afterDuration`, `notSpecified`. */
  readonly expirationType: string | null;
  /** When access ends, RFC 3339. */
  readonly endDateTime: string | null;
  /** How long access lasts, an ISO 8601 duration. */
  readonly expirationDuration: string | null;
}

/** The period that the request itself asks for, where the payload carries one. */
export interface Schedule {
  /** When access is to begin, RFC 3339. */
  readonly startDateTime: string | null;
  /** `noExpiration`, `afterDateTime`, `afterDuration`, `notSpecified`. */
  readonly expirationType: string | null;
  /** When access is to end, RFC 3339. */
  readonly endDateTime: string | null;
  /** How long access is to last, an ISO 8601 duration. */
  readonly expirationDuration: string | null;
}

/** The answers of the callout, in payload order: `for (const answer of callout.answers)`. */
export interface Answers extends Iterable<Answer> {
  /** How many answers there are. */
  readonly length: number;
  /** The answer at a place, from 0; null past the end. */
  at(index: number): Answer | null;
  /**
   * The first answer to a question, named by its id (a GUID in any spelling) or else by its exact
   * text; null where there is none. Administrators edit texts: prefer the id.
   */
  to(question: string): Answer | null;
}

/** One answer. */
export interface Answer {
  /**
   * The answer as stored. For a choice this is the choice's own value, not what the requestor saw;
   * several choices arrive in one text.
   */
  readonly value: string | null;
  /** The answer as the requestor saw it. */
  readonly displayValue: string | null;
  /** Id of the question, a GUID. */
  readonly questionId: string | null;
  /** Text of the question. */
  readonly questionText: string | null;
  /** Whether the question had to be answered. */
  readonly questionIsRequired: boolean | null;
}

/** The verified credentials of the callout, in payload order. */
export interface VerifiedCredentials extends Iterable<VerifiedCredential> {
  /** How many there are. */
  readonly length: number;
  /** The credential at a place, from 0; null past the end. */
  at(index: number): VerifiedCredential | null;
}

/** One verified credential. */
export interface VerifiedCredential {
  /** Who issued it, a decentralized identifier such as `did:web:example.com`. */
  readonly authority: string | null;
  /** When it was issued, RFC 3339. */
  readonly issuanceDate: string | null;
  /** When it ends, RFC 3339. */
  readonly expirationDate: string | null;
  /** Revocation status as the service saw it, such as `VALID`. */
  readonly revocationStatus: string | null;
  /** Whether the credential lists this type, compared exactly. */
  hasType(name: string): boolean;
  /** One claim by its exact name: a string's text, otherwise JSON text; null where absent. */
  claim(name: string): string | null;
}

/**
 * The settings of the policy, or a part of them: JSON that fits the policy's own schema.
 *
 * Places are JSON pointers (RFC 6901), counted from this part. Absent and null give null; a value
 * of another type than the one asked for is a fault, as is a malformed pointer. State types in
 * `settings.schema.json`, and neither comes up.
 */
export interface Settings {
  /** All settings as JSON text, keys sorted, no spaces; `{}` when there are none. */
  readonly document: string;
  /** The part at a place, whether or not there is anything. */
  at(pointer: string): Settings;
  /** The item of an array at a place, from 0, whether or not there is one. */
  item(pointer: string, index: number): Settings;
  /** Every item of the array at a place; empty where it is absent. */
  items(pointer: string): Settings[];
  /** A string. */
  text(pointer: string): string | null;
  /** A boolean. */
  flag(pointer: string): boolean | null;
  /** A number without fraction, within ±(2^53 - 1). */
  integer(pointer: string): number | null;
  /** Any number. */
  number(pointer: string): number | null;
  /**
   * A GUID in the spelling that the callout's ids have, from any of its spellings; a text that is
   * none is a fault.
   */
  guid(pointer: string): string | null;
  /**
   * A date-time in seconds since 1970-01-01T00:00:00Z, rounded down: RFC 3339 with an offset or
   * `Z`, or a date alone, which means midnight UTC. A text that is none of these is a fault.
   */
  timestamp(pointer: string): number | null;
  /** How many items an array, or members an object has. */
  count(pointer: string): number | null;
  /** How many items an array has. An object is a fault, unlike for {@link count}. */
  length(pointer: string): number | null;
  /**
   * The name of an object's member by its place, in the order of the names' bytes. A place past
   * the end is a fault.
   */
  key(pointer: string, index: number): string | null;
  /**
   * The strings of an array; empty where it is absent.
   *
   * @throws An item is null.
   */
  texts(pointer: string): string[];
  /**
   * The GUIDs of an array, as {@link guid} gives them; empty where it is absent.
   *
   * @throws An item is null.
   */
  guids(pointer: string): string[];
  /** An error that names a place, for `configure` to throw: `settings POINTER: PROBLEM`. */
  error(pointer: string, problem: string): Error;
}

/**
 * One value of a fact collection, by its key. The policy names the collection in its `policy.toml`,
 * and the policy set grants it. As a condition it is always true: ask {@link exists}.
 *
 * Null always means absence, of the key or of a place inside its value, or null: a source that
 * fails, a collection that was not granted, and a value of another type than the one asked for end
 * the evaluation as a fault, which no `catch` sees. What absence means is the policy's to say:
 * deny, unless the collection is known to list everyone.
 */
export interface Fact {
  /**
   * Whether the collection has the key. The value must be an object, as rows of a database are, or
   * an array; of others ask for the value itself.
   */
  readonly exists: boolean;
  /** The whole value as JSON text; null where the collection has no such key. */
  lookup(): string | null;
  /** A string inside the value, by its JSON pointer. */
  text(pointer: string): string | null;
  /** A GUID inside the value, in the spelling that the callout's ids have. */
  guid(pointer: string): string | null;
  /** A date-time inside the value, in seconds since 1970-01-01T00:00:00Z. */
  timestamp(pointer: string): number | null;
  /** A boolean inside the value. */
  flag(pointer: string): boolean | null;
  /** A number without fraction inside the value, within ±(2^53 - 1). */
  integer(pointer: string): number | null;
  /** A number inside the value. */
  number(pointer: string): number | null;
  /** How many items an array or members an object inside the value has. */
  count(pointer: string): number | null;
  /** How many items an array inside the value has. An object is a fault. */
  length(pointer: string): number | null;
  /**
   * The strings of an array inside the value. Empty and absent are not the same: a list that is not
   * there says nothing.
   *
   * @throws An item is null.
   */
  texts(pointer: string): string[] | null;
  /**
   * The GUIDs of an array inside the value, as {@link guid} gives them.
   *
   * @throws An item is null.
   */
  guids(pointer: string): string[] | null;
}

/**
 * The one answer of a policy to one callout: plain data, which does not change.
 *
 * Codes are for programs, `[a-z0-9-]{1,64}`; details are for people, are empty when left out, have
 * at most 16 KiB, and may be shown to approvers: no secrets. What breaks these bounds is a fault.
 */
export interface Verdict {
  /** Which answer. */
  readonly effect: "abstain" | "approve" | "requireApproval" | "deny" | "cancel";
  /** Why, for programs. */
  readonly code: string;
  /** Why, for people. */
  readonly detail: string;
  /** The approval stage; null but for `requireApproval`. */
  readonly stage: ApprovalStage | null;
  /** Further reasons. */
  readonly notes: readonly { readonly code: string; readonly detail: string }[];
  /** The same verdict with a further reason, for the report. At most 16. */
  note(code: string, detail?: string): Verdict;
  readonly [made]: "verdict";
}

/** This policy has no opinion about this callout. */
export function abstain(code: string, detail?: string): Verdict;

/**
 * Nothing stands against it: processing goes on. It does not replace human approvers, and does not
 * outvote another policy's denial.
 */
export function approve(code: string, detail?: string): Verdict;

/**
 * The request needs this approval stage. Only at the stage
 * `assignmentRequestDeterminingApprovalRequirements`; anywhere else this is a fault.
 */
export function requireApproval(code: string, detail: string, stage: ApprovalStage): Verdict;

/** The request is refused. */
export function deny(code: string, detail?: string): Verdict;

/** The request is called off: not refused on its merits, may be made again. */
export function cancel(code: string, detail?: string): Verdict;

/**
 * Who must approve, and by when: Graph's `accessPackageApprovalStage`.
 *
 * It needs at least one primary approver and {@link denyAfter}. Escalation needs both an escalation
 * approver and {@link escalateAfter}, less than the time to deny. At most 100 approvers a list. A
 * stage that is not whole is a fault.
 *
 * ```js
 * new ApprovalStage()
 *   .primary(manager(1))
 *   .fallbackPrimary(user("0a000001-0004-400b-a011-2ac39fe6a35d", "Duty officer"))
 *   .denyAfter(days(2))
 *   .requireJustification();
 * ```
 */
export class ApprovalStage {
  /** Adds who is asked first. One approval suffices. */
  primary(...approvers: Approver[]): this;
  /** Adds who is asked when no primary approver exists, such as a missing manager. */
  fallbackPrimary(...approvers: Approver[]): this;
  /** Adds who is asked when the primary approvers do not decide in time. */
  escalation(...approvers: Approver[]): this;
  /** Adds who is asked when no escalation approver exists. */
  fallbackEscalation(...approvers: Approver[]): this;
  /** Denies the request when nobody has decided after so many seconds: see {@link days}. */
  denyAfter(seconds: number): this;
  /** Asks the escalation approvers after so many seconds: see {@link hours}. */
  escalateAfter(seconds: number): this;
  /** Approvers must give a reason. */
  requireJustification(): this;
}

/** Someone who may approve. Ids are GUIDs of directory objects. */
export interface Approver {
  readonly [made]: "approver";
}

/** A user. The description is for people, here and below. */
export function user(id: string, description?: string): Approver;

/** The members of a group. */
export function group(id: string, description?: string): Approver;

/** The members of a connected organization. */
export function connectedOrganization(id: string, description?: string): Approver;

/** A service principal. Not in the beta profile: there it is a fault. */
export function servicePrincipal(id: string, description?: string): Approver;

/** Everyone whom a membership rule selects. */
export function attributeRuleMembers(rule: string, description?: string): Approver;

/** The requestor's manager, so many levels up, 1 to 100; 1 is the direct manager. */
export function manager(level: number): Approver;

/** The target's manager, so many levels up. Not in the beta profile: there it is a fault. */
export function targetManager(level: number): Approver;

/** The internal sponsors of the requestor's connected organization. */
export function internalSponsors(): Approver;

/** The external sponsors of the requestor's connected organization. */
export function externalSponsors(): Approver;

/** The sponsors of the user who gets access. */
export function targetUserSponsors(): Approver;

/** The sponsors or owners of the agent identity that gets access. */
export function targetAgentIdentitySponsorsOrOwners(): Approver;

/** The owners of the application that gets access. Not in the beta profile: there it is a fault. */
export function targetApplicationOwners(): Approver;

/** So many minutes in seconds. */
export function minutes(count: number): number;

/** So many hours in seconds. */
export function hours(count: number): number;

/** So many days of 24 hours in seconds. */
export function days(count: number): number;

/**
 * A GUID in the spelling that callouts use for policies: lower case with hyphens. Takes any case,
 * braces around it, and hyphens or none. Null where the text is not a GUID.
 */
export function guid(text: string): string | null;

declare global {
  /**
   * Diagnostics for the policy's author, kept in the report: at most 100 lines and 64 KiB an
   * evaluation. Never part of the answer. Values are joined by blanks, objects as JSON.
   */
  interface Console {
    /** Writes a line of use while writing the policy. */
    debug(...values: unknown[]): void;
    /** Writes a line worth knowing, as `info` does. */
    log(...values: unknown[]): void;
    /** Writes a line worth knowing. */
    info(...values: unknown[]): void;
    /** Writes that something is odd. */
    warn(...values: unknown[]): void;
    /** Writes that something is wrong. */
    error(...values: unknown[]): void;
  }
  var console: Console;
}

export {};
