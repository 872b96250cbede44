// Phases of one domain, from allocation to free.
import { createMachine } from 'xstate';

export const domain = createMachine({
  id: 'domain',
  initial: 'allocated',
  states: {
    allocated: { on: { ATTACHED: 'used', FREED: 'freed', FREED_WHILE_RECORDED: 'freedWhileRecorded' } },
    // At least one device is on it.
    used: { on: { ATTACHED: 'used', EMPTIED: 'allocated', FREED: 'freed', FREED_WHILE_RECORDED: 'freedWhileRecorded' } },
    freed: { type: 'final' },
    // A group still records it: a wrong kernel, not a wrong model.
    freedWhileRecorded: { type: 'final' },
  },
});
