import * as host from "./contract.js";
import { Fact } from "./facts.js";
import { integer, optional, strict, text, whole } from "./values.js";

export class Callout {
  get stage() {
    return host.callout.stage();
  }
  get requestId() {
    return host.callout.requestId();
  }
  get instanceId() {
    return host.callout.instanceId();
  }
  get requestType() {
    return optional(host.callout.requestType());
  }
  get state() {
    return optional(host.callout.state());
  }
  get status() {
    return optional(host.callout.status());
  }
  get timeoutDuration() {
    return optional(host.callout.timeoutDuration());
  }
  get requestor() {
    return new Requestor();
  }
  get target() {
    return new Target();
  }
  get accessPackage() {
    return new AccessPackage();
  }
  get catalog() {
    return new Catalog();
  }
  get assignment() {
    return new Assignment();
  }
  get schedule() {
    return new Schedule();
  }
  get answers() {
    return new Answers();
  }
  get verifiedCredentials() {
    return new VerifiedCredentials();
  }
  get document() {
    return host.callout.document();
  }
  get now() {
    return integer(host.evaluation.now());
  }
  get nowText() {
    return host.evaluation.nowText();
  }
  field(pointer) {
    return optional(host.callout.field(text(pointer, "the pointer")));
  }
  timestamp(dateTime) {
    return integer(host.evaluation.timestamp(text(dateTime, "the date-time")));
  }
  fact(collection, key) {
    return new Fact(collection, key);
  }
}

/** A class that reads an interface of the host: a getter for each of its functions. */
function reader(name, source, functions) {
  const { [name]: made } = { [name]: class {} };
  for (const each of functions) {
    Object.defineProperty(made.prototype, each, { get: () => optional(source[each]()) });
  }
  return made;
}

const SUBJECT = [
  "isPresent",
  "objectId",
  "id",
  "displayName",
  "email",
  "principalName",
  "onPremisesSecurityIdentifier",
  "subjectType",
  "subjectLifecycle",
  "connectedOrganizationId",
  "connectedOrganizationDisplayName",
  "connectedOrganizationState",
];
const PERIOD = ["startDateTime", "expirationType", "endDateTime", "expirationDuration"];

const Requestor = reader("Requestor", host.requestor, SUBJECT);
const Target = reader("Target", host.target, SUBJECT);
const AccessPackage = reader("AccessPackage", host.accessPackage, [
  "id",
  "displayName",
  "description",
  "isHidden",
]);
const Catalog = reader("Catalog", host.catalog, [
  "id",
  "displayName",
  "description",
  "catalogType",
  "state",
  "privilegeLevel",
  "isExternallyVisible",
]);
const Assignment = reader("Assignment", host.assignment, [
  "id",
  "state",
  "status",
  "expiredDateTime",
  "policyId",
  "policyDisplayName",
  ...PERIOD,
]);
const Schedule = reader("Schedule", host.schedule, PERIOD);

/** A list of the host: its length, and an item by its place. */
class List {
  #source;
  #item;
  constructor(source, item) {
    this.#source = source;
    this.#item = item;
  }
  get length() {
    return this.#source.count();
  }
  at(index) {
    return whole(index, "the index") < this.length ? new this.#item(index) : null;
  }
  *[Symbol.iterator]() {
    const { length } = this;
    for (let index = 0; index < length; index += 1) yield new this.#item(index);
  }
}

class Answers extends List {
  constructor() {
    super(host.answers, Answer);
  }
  to(question) {
    const id = guid(text(question, "the question"));
    for (const answer of this) {
      if (id === null ? answer.questionText === question : answer.questionId === id) return answer;
    }
    return null;
  }
}

class Answer {
  #index;
  constructor(index) {
    this.#index = index;
  }
  get value() {
    return optional(host.answers.value(this.#index));
  }
  get displayValue() {
    return optional(host.answers.displayValue(this.#index));
  }
  get questionId() {
    return optional(host.answers.questionId(this.#index));
  }
  get questionText() {
    return optional(host.answers.questionText(this.#index));
  }
  get questionIsRequired() {
    return optional(host.answers.questionIsRequired(this.#index));
  }
}

class VerifiedCredentials extends List {
  constructor() {
    super(host.verifiedCredentials, VerifiedCredential);
  }
}

class VerifiedCredential {
  #index;
  constructor(index) {
    this.#index = index;
  }
  get authority() {
    return optional(host.verifiedCredentials.authority(this.#index));
  }
  get issuanceDate() {
    return optional(host.verifiedCredentials.issuanceDate(this.#index));
  }
  get expirationDate() {
    return optional(host.verifiedCredentials.expirationDate(this.#index));
  }
  get revocationStatus() {
    return optional(host.verifiedCredentials.revocationStatus(this.#index));
  }
  hasType(name) {
    return host.verifiedCredentials.hasType(this.#index, text(name, "the type"));
  }
  claim(name) {
    return optional(host.verifiedCredentials.claim(this.#index, text(name, "the claim's name")));
  }
}

export function guid(value) {
  const digits = /^(?:\{(.*)\}|(.*))$/.exec(text(value, "the GUID"));
  const inner = digits?.[1] ?? digits?.[2] ?? "";
  const groups =
    /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i.exec(inner) ??
    /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i.exec(inner);
  return groups === null ? null : groups.slice(1).join("-").toLowerCase();
}

const REMOVALS = ["userRemove", "adminRemove", "systemRemove", "approverRemove"];
const UPDATES = ["userUpdate", "adminUpdate", "systemUpdate"];

export function isRemoval(requestType) {
  return REMOVALS.includes(requestType);
}

export function isUpdate(requestType) {
  return UPDATES.includes(requestType);
}

strict(Callout, Requestor, Target, AccessPackage, Catalog, Assignment, Schedule);
strict(List, Answer, VerifiedCredential);
