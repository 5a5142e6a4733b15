import * as host from "./contract.js";
import { prose, shown, strict, text, whole } from "./values.js";

export class Verdict {
  constructor(effect, reason, stage = null, notes = []) {
    this.effect = effect;
    this.code = reason.code;
    this.detail = reason.detail;
    this.stage = stage;
    this.notes = Object.freeze(notes);
    Object.freeze(this);
  }
  note(code, detail = "") {
    return new Verdict(this.effect, this, this.stage, [...this.notes, reason(code, detail)]);
  }
}

/** How much effects weigh: what is returned must not weigh less than what was made. */
const WEIGHTS = { abstain: 0, approve: 0, requireApproval: 1, deny: 2, cancel: 2 };

/** The effect that weighs most of those made since the evaluation began. */
let weightiest = "abstain";

export function begin() {
  weightiest = "abstain";
}

/** The effect of a verdict that was made, and weighs more than the one returned; or null. */
export function forgotten(returned) {
  return WEIGHTS[weightiest] > WEIGHTS[returned.effect] ? weightiest : null;
}

function made(verdict) {
  if (WEIGHTS[verdict.effect] > WEIGHTS[weightiest]) weightiest = verdict.effect;
  return verdict;
}

function reason(code, detail) {
  return Object.freeze({ code: text(code, "the code"), detail: prose(detail, "the detail") });
}

export function abstain(code, detail = "") {
  return new Verdict("abstain", reason(code, detail));
}

export function approve(code, detail = "") {
  return new Verdict("approve", reason(code, detail));
}

export function requireApproval(code, detail, stage) {
  if (!(stage instanceof ApprovalStage)) {
    throw new TypeError(`the approval stage is ${shown(stage)}; give an ApprovalStage`);
  }
  return made(new Verdict("requireApproval", reason(code, detail), stage));
}

export function deny(code, detail = "") {
  return made(new Verdict("deny", reason(code, detail)));
}

export function cancel(code, detail = "") {
  return made(new Verdict("cancel", reason(code, detail)));
}

/** Tells the host. */
export function tell(verdict) {
  host.verdict[verdict.effect](verdict.code, verdict.detail);
  for (const { code, detail } of verdict.notes) host.verdict.note(code, detail);
  if (verdict.stage !== null) tellStage(verdict.stage);
}

export class ApprovalStage {
  primaryApprovers = [];
  fallbackPrimaryApprovers = [];
  escalationApprovers = [];
  fallbackEscalationApprovers = [];
  secondsToDeny = null;
  secondsToEscalate = null;
  isJustificationRequired = false;

  primary(...approvers) {
    this.primaryApprovers.push(...approvers.map(checked));
    return this;
  }
  fallbackPrimary(...approvers) {
    this.fallbackPrimaryApprovers.push(...approvers.map(checked));
    return this;
  }
  escalation(...approvers) {
    this.escalationApprovers.push(...approvers.map(checked));
    return this;
  }
  fallbackEscalation(...approvers) {
    this.fallbackEscalationApprovers.push(...approvers.map(checked));
    return this;
  }
  denyAfter(seconds) {
    this.secondsToDeny = whole(seconds, "the time to deny");
    return this;
  }
  escalateAfter(seconds) {
    this.secondsToEscalate = whole(seconds, "the time to escalate");
    return this;
  }
  requireJustification() {
    this.isJustificationRequired = true;
    return this;
  }
}

function checked(approver) {
  if (approver instanceof Approver) return approver;
  throw new TypeError(`an approver is ${shown(approver)}; give one of user, group, manager and others`);
}

function tellStage(stage) {
  if (stage.secondsToDeny !== null) host.approvalStage.denyAfter(stage.secondsToDeny);
  if (stage.secondsToEscalate !== null) host.approvalStage.escalateAfter(stage.secondsToEscalate);
  if (stage.isJustificationRequired) host.approvalStage.requireJustification();
  for (const [list, approvers] of [
    ["primary", stage.primaryApprovers],
    ["fallback-primary", stage.fallbackPrimaryApprovers],
    ["escalation", stage.escalationApprovers],
    ["fallback-escalation", stage.fallbackEscalationApprovers],
  ]) {
    for (const { add, values } of approvers) host.approvalStage[add](list, ...values);
  }
}

/** Someone who may approve: the function of the contract that adds them, and what it takes. */
class Approver {
  constructor(add, ...values) {
    this.add = add;
    this.values = Object.freeze(values);
    Object.freeze(this);
  }
}

function described(add, id, what, description) {
  return new Approver(add, text(id, what), prose(description, "the description"));
}

export function user(id, description = "") {
  return described("addUser", id, "the user's id", description);
}

export function group(id, description = "") {
  return described("addGroup", id, "the group's id", description);
}

export function connectedOrganization(id, description = "") {
  return described("addConnectedOrganization", id, "the organization's id", description);
}

export function servicePrincipal(id, description = "") {
  return described("addServicePrincipal", id, "the service principal's id", description);
}

export function attributeRuleMembers(rule, description = "") {
  return described("addAttributeRuleMembers", rule, "the membership rule", description);
}

export function manager(level) {
  return new Approver("addManager", whole(level, "the manager's level"));
}

export function targetManager(level) {
  return new Approver("addTargetManager", whole(level, "the manager's level"));
}

export function internalSponsors() {
  return new Approver("addInternalSponsors");
}

export function externalSponsors() {
  return new Approver("addExternalSponsors");
}

export function targetUserSponsors() {
  return new Approver("addTargetUserSponsors");
}

export function targetAgentIdentitySponsorsOrOwners() {
  return new Approver("addTargetAgentIdentitySponsorsOrOwners");
}

export function targetApplicationOwners() {
  return new Approver("addTargetApplicationOwners");
}

export function minutes(count) {
  return count * 60;
}

export function hours(count) {
  return count * 60 * 60;
}

export function days(count) {
  return count * 24 * 60 * 60;
}

strict(Verdict, ApprovalStage);
