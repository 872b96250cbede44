// The thread's straw man: iommufd's search with "any error means try the next" (thread-positions P6).
import type { Caller } from '../../src/core/workflow.ts';
import { caller as iommufdAuto } from './iommufdAuto.ts';

export const caller: Caller = {
  ...iommufdAuto,
  name: 'retry-any',
  title: 'iommufd as the straw man has it: any errno means try the next',
  hypothetical: { 'v6.12': 'no tree had this rule in iommufd; post #5 argues against it' },
  scan: 'any',
};
