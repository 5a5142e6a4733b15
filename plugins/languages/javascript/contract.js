// The contract, as imports of the component: policy.wit beside this file documents each function.

export { default as accessPackage } from "admit:policy/access-package@0.1.0";
export { default as answers } from "admit:policy/answers@0.1.0";
export { default as approvalStage } from "admit:policy/approval-stage@0.1.0";
export { default as assignment } from "admit:policy/assignment@0.1.0";
export { default as callout } from "admit:policy/callout@0.1.0";
export { default as catalog } from "admit:policy/catalog@0.1.0";
export { default as evaluation } from "admit:policy/evaluation@0.1.0";
export { default as facts } from "admit:policy/facts@0.1.0";
export { default as log } from "admit:policy/log@0.1.0";
export { default as requestor } from "admit:policy/requestor@0.1.0";
export { default as schedule } from "admit:policy/schedule@0.1.0";
export { default as settings } from "admit:policy/settings@0.1.0";
export { default as target } from "admit:policy/target@0.1.0";
export { default as verdict } from "admit:policy/verdict@0.1.0";
export { default as verifiedCredentials } from "admit:policy/verified-credentials@0.1.0";
