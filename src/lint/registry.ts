// Every rule of lint-kernel, by file name. Written by `npm run registry`: do not edit.
import type { Rule } from './rule.ts';
import { rule as busyForExhaustionRule } from './rules/busyForExhaustion.ts';
import { rule as discouragedErrnoRule } from './rules/discouragedErrno.ts';
import { rule as errnoCollapseRule } from './rules/errnoCollapse.ts';
import { rule as errnoForDeviceRule } from './rules/errnoForDevice.ts';
import { rule as errnoForExhaustionRule } from './rules/errnoForExhaustion.ts';
import { rule as errnoForMemoryRule } from './rules/errnoForMemory.ts';
import { rule as errnoForOtherRule } from './rules/errnoForOther.ts';
import { rule as failureIgnoredRule } from './rules/failureIgnored.ts';
import { rule as incompatibleOtherErrnoRule } from './rules/incompatibleOtherErrno.ts';
import { rule as leakedErrnoRule } from './rules/leakedErrno.ts';
import { rule as memoryOtherErrnoRule } from './rules/memoryOtherErrno.ts';
import { rule as messageOnSoftPathRule } from './rules/messageOnSoftPath.ts';
import { rule as silentSuccessRule } from './rules/silentSuccess.ts';

export const rules: readonly Rule[] = [
  busyForExhaustionRule,
  discouragedErrnoRule,
  errnoCollapseRule,
  errnoForDeviceRule,
  errnoForExhaustionRule,
  errnoForMemoryRule,
  errnoForOtherRule,
  failureIgnoredRule,
  incompatibleOtherErrnoRule,
  leakedErrnoRule,
  memoryOtherErrnoRule,
  messageOnSoftPathRule,
  silentSuccessRule,
];
