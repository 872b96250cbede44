// Errno contracts by the names of the facts (thread-positions, section 5), each as three small tables.
import type { Contract } from '../core/contract.ts';

const incompatible = (errno: string) => ({ incompatible: errno });

export const contracts: readonly Contract[] = [
  {
    name: 'legacy-type1',
    words: 'drivers as they are; any errno of an existing domain means try the next',
    classes: {},
    scan: 'any',
    apis: {},
    source: 'the code before the patch (P0), and the straw man of #5 (P6)',
  },
  {
    name: 'emediumtype',
    words: 'EMEDIUMTYPE for an incompatible pair and nothing else; every other errno stops',
    classes: incompatible('EMEDIUMTYPE'),
    scan: ['EMEDIUMTYPE'],
    apis: {},
    source: 'patch v6 1/5 (P1)',
  },
  {
    name: 'einval-exclusive',
    words: 'EINVAL for an incompatible pair and nothing else; EINVAL of a kernel API becomes ENODEV',
    classes: {
      incompatible: 'EINVAL',
      device: 'ENODEV',
      'transient-memory': 'ENOMEM',
      'transient-space': 'ENOSPC',
      busy: 'EBUSY',
      other: 'ENODEV',
    },
    scan: ['EINVAL'],
    apis: { EINVAL: 'ENODEV' },
    source: 'post #21 after #16, #17 and #19 (P10)',
  },
  {
    name: 'einval-soft',
    words: 'EINVAL for an incompatible pair, and possibly for something else; it means try the next whatever its origin',
    classes: incompatible('EINVAL'),
    scan: ['EINVAL'],
    apis: {},
    source: 'the kernel-doc as merged for v6.2',
  },
  {
    name: 'out-param',
    words: 'EINVAL with an argument that says the domain was wrong; EINVAL alone stops',
    classes: incompatible('EINVAL:domain'),
    scan: ['EINVAL:domain'],
    apis: {},
    source: 'posts #1 and #3 (P2, P3)',
  },
  {
    name: 'interim',
    words: 'drivers not converted yet, the caller goes on at EINVAL only',
    classes: {},
    scan: ['EINVAL'],
    apis: {},
    source: 'post #9 (P7)',
  },
];
