// Iommufd's automatic domains: the oldest page table first, EINVAL means try the next (facts: core-and-consumers 3.3).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, lockSteps, rowStep, step } from '../../src/core/workflow.ts';
import { rows } from '../rows/iommufd.ts';
import { rows as objectRows } from '../rows/iommufdObjects.ts';
import { changePt, iommufdAttach } from './iommufdAttach.ts';

const { lock, unlock } = lockSteps('ioas.mutex', 'container');

/** Both try the page tables that are there, oldest first, each by the workflow that the kernel hands in as `do_attach`. */
const search = (workflow: string, kernel: string) => ({
  object: rowStep('iommufd-unknown-object', 'type', 'failed', '3.3'),
  type: rowStep('iommufd-wrong-object-type', 'lock', 'failed', '3.3'),
  lock: lock('scan'),
  scan: step(['nextAutomatic'], { OK: 'tryExisting', NONE: 'newObject' }, { kernel: 'iommufd_device_auto_get_domain()', step: '3.3/2' }),
  tryExisting: step(
    ['call', workflow, 'group', 'device', 'container', 'record', 'domain'],
    { OK: 'unlock', NEXT: 'scan', 'errno.*': 'unlockFailed' },
    {
      kernel,
      step: '3.3/2',
      scan: true,
    },
  ),
  newObject: rowStep('iommufd-hwpt-object-alloc/object', 'id', 'unlockFailed', '3.3/3'),
});

/** The domain of a fresh page table. */
const allocation = {
  name: step(['nameDomain', 'domain', 'container'], { OK: 'allocate' }),
  allocate: step(
    ['call', 'allocateDomain', 'domain', 'group', 'device', 'path:allocateUser'],
    { OK: 'coherency', 'errno.*': 'unlockFailed' },
    {
      kernel: 'iommufd_hwpt_paging_alloc()',
      step: '3.3/3',
      row: 'iommufd-hwpt-domain-alloc',
    },
  ),
};

const attachPt = createMachine({
  id: 'attachPt',
  meta: { kernel: 'iommufd_device_attach()' },
  initial: 'object',
  states: {
    ...search('attachTable', 'iommufd_hw_pagetable_attach()'),
    id: step(
      ['idNodeRow', 'iommufd-hwpt-object-alloc/id'],
      { OK: 'flags', 'errno.*': 'unlockFailed' },
      { kernel: '_iommufd_object_alloc()', step: '3.3/3' },
    ),
    flags: rowStep('iommufd-hwpt-flags', 'name', 'unlockFailed', '3.3/3'),
    ...allocation,
    coherency: step(['enforceCoherency', 'domain'], { OK: 'enforced' }, { kernel: 'enforce_cache_coherency()', step: '3.3/3' }),
    enforced: rowStep('iommufd-hwpt-enforce-cc', 'record', 'free', '3.3/3'),
    record: step(['set', 'record', '=domain'], { OK: 'attach' }),
    attach: step(
      ['call', 'attachTable', 'group', 'device', 'container', 'record', 'domain'],
      { OK: 'add', 'errno.*': 'free' },
      {
        kernel: 'iommufd_hw_pagetable_attach()',
        step: '3.3/3',
        row: 'iommufd-fresh-attach',
        undo: 'the object and its domain go',
      },
    ),
    add: step(
      ['call', 'addDomain', 'group', 'container', 'domain'],
      { OK: 'list', 'errno.*': 'detach' },
      {
        kernel: 'iopt_table_add_domain()',
        step: '3.3/3',
        undo: 'the device is detached again',
      },
    ),
    list: step(['listTable', 1], { OK: 'unlock' }),
    unlock: unlock('done'),
    detach: step(['call', 'detachFresh', 'group', 'device', 'container'], { OK: 'free' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'unlockFailed' }, { kernel: 'iommufd_object_abort_and_destroy()' }),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** The domain is filled before the switch; the scan moves the device to the oldest table that takes it. */
const replacePt = createMachine({
  id: 'replacePt',
  meta: { kernel: 'iommufd_device_replace()' },
  initial: 'object',
  states: {
    ...search('replaceTable', 'iommufd_device_do_replace()'),
    id: step(
      ['idNodeRow', 'iommufd-hwpt-object-alloc/id'],
      { OK: 'name', 'errno.*': 'unlockFailed' },
      { kernel: '_iommufd_object_alloc()', step: '3.3/3' },
    ),
    ...allocation,
    coherency: step(['enforceCoherency', 'domain'], { OK: 'fill' }, { kernel: 'enforce_cache_coherency()' }),
    fill: step(
      ['call', 'addDomain', 'group', 'container', 'domain'],
      { OK: 'record', 'errno.*': 'free' },
      { kernel: 'iopt_table_add_domain()' },
    ),
    record: step(['set', 'record', '=domain'], { OK: 'list' }),
    list: step(['listTable', 0], { OK: 'replace' }),
    replace: step(
      ['call', 'replaceTable', 'group', 'device', 'container', 'record', 'domain'],
      { OK: 'unlock', 'errno.*': 'unlockPut' },
      {
        kernel: 'iommufd_device_do_replace()',
        undo: 'the fresh page table goes, the group stays on its old one',
      },
    ),
    unlock: unlock('putOld'),
    putOld: step(
      ['call', 'putTable', 'container=oldContainer', 'record=oldRecord'],
      { OK: 'done' },
      { kernel: 'iommufd_hw_pagetable_put()' },
    ),
    unlockPut: unlock('put'),
    put: step(['call', 'putTable', 'container', 'record'], { OK: 'failed' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'unlockFailed' }),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const absent = 'iommufd was merged in v6.2';

export const caller: Caller = {
  name: 'iommufd-auto',
  title: 'iommufd with an IOAS id: the oldest automatic page table first, EINVAL means try the next',
  containerKind: 'ioas',
  absent: { 'v6.1': absent, 'seed-v6': absent },
  scan: ['EINVAL'],
  requests: {
    attach: 'iommufdAttach',
    replace: 'iommufdAttach',
    detach: 'detachPt',
    map: 'ioasMap',
    unmap: 'ioasUnmap',
    bind: 'bindDevice',
    unbind: 'unbindDevice',
    close: 'iommufdClose',
  },
  rows: [...rows, ...objectRows],
  workflows: { iommufdAttach, changePt, attachPt, replacePt },
};
