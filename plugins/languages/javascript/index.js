// What a policy imports. The documentation stands in index.d.ts.

import "./language.js";

export { guid, isRemoval, isUpdate } from "./callout.js";
export { policy } from "./export.js";
export {
  abstain,
  approve,
  ApprovalStage,
  attributeRuleMembers,
  cancel,
  connectedOrganization,
  days,
  deny,
  externalSponsors,
  group,
  hours,
  internalSponsors,
  manager,
  minutes,
  requireApproval,
  servicePrincipal,
  targetAgentIdentitySponsorsOrOwners,
  targetApplicationOwners,
  targetManager,
  targetUserSponsors,
  user,
} from "./verdict.js";
