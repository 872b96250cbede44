// Contracts that can be asked for by name, in our own words; names as in the facts (thread-positions, section 5).
import type { Clause, LintContract } from '../../core/lintReport.ts';

export type NamedContract = Omit<LintContract, 'standing'>;

const success: Clause = { errno: '0', meaning: 'success', text: 'the device is attached to the domain' };

const listed: readonly Clause[] = [
  { errno: 'ENOMEM', meaning: 'transient-memory', text: 'out of memory' },
  { errno: 'ENOSPC', meaning: 'transient-space', text: 'another resource than memory is used up' },
  { errno: 'EBUSY', meaning: 'busy', text: 'the device is attached to a domain and cannot be changed' },
  { errno: 'ENODEV', meaning: 'device', text: 'a trouble of the device, which no domain can be attached to' },
  { errno: '<others>', meaning: 'others', text: 'callers take them for ENODEV; discouraged' },
];

const incompatible = (errno: string, text: string): Clause => ({ errno, meaning: 'incompatible', text });

export const namedContracts: readonly NamedContract[] = [
  {
    name: 'einval-soft',
    clauses: [
      success,
      incompatible(
        'EINVAL',
        'can mean that device and domain do not fit as the domain was configured before, and then no error is logged; or another fundamental problem',
      ),
      ...listed,
    ],
    exclusive: false,
    messages: 'errors-forbidden',
    source: 'the kernel-doc of attach_dev as merged for v6.2',
  },
  {
    name: 'einval-exclusive',
    clauses: [
      success,
      incompatible(
        'EINVAL',
        'device and domain do not fit, and nothing else; no kernel print beside it; the EINVAL of a kernel API is converted',
      ),
      ...listed,
    ],
    exclusive: true,
    messages: 'forbidden',
    source: 'post #21 of the 2022 thread, after #16, #17 and #19',
  },
  {
    name: 'emediumtype',
    clauses: [
      success,
      incompatible('EMEDIUMTYPE', 'device and domain do not fit: a soft failure, try another domain; better without a kernel print'),
    ],
    exclusive: true,
    messages: 'discouraged',
    source: 'patch v6 1/5 of August 2022, kernel-doc of iommu_attach_device()',
  },
  {
    name: 'legacy-type1',
    clauses: [success],
    exclusive: false,
    messages: 'unsaid',
    source: 'the code before the patch: callers go on at any errno',
  },
];
