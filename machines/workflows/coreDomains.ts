// The core's domain allocation and free, as every caller and the claim use them (facts: core-and-consumers 1.7).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, step } from '../../src/core/workflow.ts';

const failing = { OK: 'failed', 'errno.*': 'failed' };

const allocateDomain = createMachine({
  id: 'allocateDomain',
  meta: { kernel: 'iommu_paging_domain_alloc()' },
  initial: 'operations',
  states: {
    operations: step(['row', 'core-alloc-no-ops'], { OK: 'type', 'errno.*': 'failed' }, { step: '1.7' }),
    type: step(['row', 'core-alloc-unsupported-type'], { OK: 'start', 'errno.*': 'failed' }, { step: '1.7' }),
    start: step(['startDomain'], { OK: 'allocate' }),
    allocate: step(
      ['walkAllocate'],
      { OK: 'done', 'errno.*': 'drop' },
      { kernel: 'domain_alloc hook', step: '1.7', row: 'core-alloc-driver-failed' },
    ),
    drop: step(['dropDomain'], failing),
    done: end('OK'),
    failed: end('errno'),
  },
});

const freeDomain = createMachine({
  id: 'freeDomain',
  meta: { kernel: 'iommu_domain_free()' },
  initial: 'driver',
  states: {
    driver: step(['walkFree'], { OK: 'drop', 'errno.*': 'drop' }, { kernel: 'domain free op' }),
    drop: step(['dropDomain'], { OK: 'done' }),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = { columns: ['v6.1', 'seed-v6', 'v6.12'], machines: { allocateDomain, freeDomain } };
