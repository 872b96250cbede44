// Phases of one IOMMU instance: whether it has ids (or contexts) left to give.
import { createMachine } from 'xstate';

export const iommu = createMachine({
  id: 'iommu',
  initial: 'ready',
  states: {
    ready: { on: { ID_TAKEN: 'ready', LAST_ID_TAKEN: 'exhausted', ID_GIVEN: 'ready' } },
    exhausted: { on: { ID_GIVEN: 'ready', LAST_ID_TAKEN: 'exhausted', ID_TAKEN: 'exhausted' } },
  },
});
