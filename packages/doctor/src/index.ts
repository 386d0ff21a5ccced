export type { Check, Finding, Severity } from './check.ts';
export { CHECKS } from './checks.ts';
export { examine, type ExamineOptions } from './examine.ts';
