// Phases of one device: which kind of domain its hardware is on. Policy is in the drivers' rows, data in evolve.
import { createMachine } from 'xstate';

const moves = { ON_DEFAULT: 'default', ON_BLOCKING: 'blocked', ON_USER: 'translating', UNPLUGGED: 'gone' };

export const device = createMachine({
  id: 'device',
  initial: 'idle',
  states: {
    // No domain: before the first attach, or after the driver removed the old one and the new one failed.
    idle: { on: moves },
    default: { on: { ...moves, LEFT: 'idle' } },
    blocked: { on: { ...moves, LEFT: 'idle' } },
    translating: { on: { ...moves, LEFT: 'idle' } },
    gone: { type: 'final' },
  },
});
