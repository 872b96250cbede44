// Kernel functions that power a device, or ask for bandwidth. The first failing resume stores its errno; later ones return EINVAL.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const errno = { returns: 'errno', class: 'device' } as const;
const others = { ...errno, andOthers: true } as const;
const pointer = { returns: 'errorPointer', class: 'device', andOthers: true, classes: { ENOMEM: 'transient-memory' } } as const;

/** What rpm_resume() refuses by itself, and EIO for a callback that returned EACCES. */
export const resumeErrnos = ['EINVAL', 'EACCES', 'EBUSY', 'EIO'] as const;

const runtime: readonly KernelApi[] = [
  row({ ...others, errnos: resumeErrnos }, 'pm_runtime_resume_and_get', 'drivers/base/power/runtime.c: rpm_resume:763-941', '763-943'),
  // One, where it was active already.
  row(
    { ...others, counts: true, errnos: resumeErrnos },
    'pm_runtime_get_sync pm_runtime_resume',
    'drivers/base/power/runtime.c: rpm_resume:763-941',
    '763-943',
  ),
  // Asynchronous: the callback runs later, its errno is lost.
  row(
    { counts: true, ...errno, errnos: ['EINVAL', 'EACCES', 'EINPROGRESS'] },
    'pm_runtime_get pm_request_resume',
    'drivers/base/power/runtime.c: rpm_resume:763-941',
    '763-943',
  ),
  // Zero: not in use, or not active; no failure.
  row(
    { counts: true, ...errno, errnos: ['EINVAL'] },
    'pm_runtime_get_if_in_use pm_runtime_get_if_active',
    'drivers/base/power/runtime.c: pm_runtime_get_if_active:1199-1219',
    'drivers/base/power/runtime.c: pm_runtime_get_conditional:1203-1224',
  ),
  row(
    { ...others, errnos: ['EINVAL', 'EAGAIN', 'EBUSY'] },
    'pm_runtime_set_active',
    'drivers/base/power/runtime.c: __pm_runtime_set_status:1246-1345',
    '1288-1387',
  ),
  row(
    { ...errno, errnos: ['ENOMEM'], class: 'transient-memory' },
    'devm_pm_runtime_enable',
    'drivers/base/power/runtime.c: devm_pm_runtime_enable:1555-1560',
    '1624-1629',
  ),
  row(
    { ...others, errnos: ['EINVAL', 'EACCES', 'EAGAIN', 'EBUSY', 'EPERM', 'EINPROGRESS', 'EIO'] },
    'pm_runtime_suspend',
    'drivers/base/power/runtime.c: rpm_suspend:560-744',
  ),
  row(errno, 'pm_runtime_force_suspend', 'drivers/base/power/runtime.c: pm_runtime_force_suspend:1919-1956', '1993-2030'),
  row(errno, 'pm_runtime_force_resume', 'drivers/base/power/runtime.c: pm_runtime_force_resume:1971-2000', '2045-2074'),
  row(errno, 'pm_generic_suspend pm_generic_resume', 'drivers/base/power/generic_ops.c: pm_generic_suspend:97-102'),
  row(errno, 'pm_generic_runtime_suspend pm_generic_runtime_resume', 'drivers/base/power/generic_ops.c: pm_generic_runtime_suspend:20-28'),
  row({ returns: 'flag' }, 'pm_runtime_enabled', 'include/linux/pm_runtime.h: pm_runtime_enabled:210-213', '200-203'),
  row({ returns: 'flag' }, 'pm_runtime_active', 'include/linux/pm_runtime.h: pm_runtime_active:178-182', '168-172'),
  row({ returns: 'flag' }, 'pm_runtime_suspended', 'include/linux/pm_runtime.h: pm_runtime_suspended:160-164', '150-154'),
  row({ returns: 'flag' }, 'pm_runtime_status_suspended', 'include/linux/pm_runtime.h: pm_runtime_status_suspended:195-198', '185-188'),
  row({ returns: 'flag' }, 'pm_runtime_barrier', 'drivers/base/power/runtime.c: pm_runtime_barrier:1408-1427', '1450-1469'),
  // They return errnos, which say nothing of the reference that is given back.
  row(
    { returns: 'nothing' },
    'pm_runtime_put pm_runtime_put_sync pm_runtime_idle',
    'drivers/base/power/runtime.c: __pm_runtime_idle:1084-1106',
    '1086-1108',
  ),
  row(
    { returns: 'nothing' },
    'pm_runtime_put_autosuspend pm_runtime_put_sync_autosuspend pm_runtime_put_sync_suspend',
    'drivers/base/power/runtime.c: __pm_runtime_suspend:1122-1144',
    '1124-1146',
  ),
];

const domains: readonly KernelApi[] = [
  row(others, 'dev_pm_domain_attach', 'drivers/base/power/common.c: dev_pm_domain_attach:102-114'),
  row(
    { ...pointer, errnos: ['EEXIST'] },
    'dev_pm_domain_attach_by_name',
    'drivers/base/power/common.c: dev_pm_domain_attach_by_name:160-167',
  ),
  row(
    { ...others, errnos: ['EEXIST', 'ENOMEM', 'ENODEV'], classes: { ENOMEM: 'transient-memory' } },
    'dev_pm_domain_attach_list',
    null,
    'drivers/base/power/common.c: dev_pm_domain_attach_list:189-278',
  ),
];

const bandwidth: readonly KernelApi[] = [
  row({ ...others, errnos: ['EINVAL'] }, 'icc_set_bw', 'drivers/interconnect/core.c: icc_set_bw:630-680', '693-743'),
  row({ ...others, errnos: ['EINVAL'] }, 'icc_enable icc_disable', 'drivers/interconnect/core.c: __icc_enable:683-702', '746-765'),
  row({ ...pointer, errnos: ['ENODEV', 'ENOMEM'] }, 'of_icc_get', 'drivers/interconnect/core.c: of_icc_get_by_index:445-523', '459-537'),
  row({ ...pointer, errnos: ['ENODEV', 'ENOMEM'] }, 'devm_of_icc_get', 'drivers/interconnect/core.c: devm_of_icc_get:410-427', '424-441'),
];

export const apis: readonly KernelApi[] = [...runtime, ...domains, ...bandwidth];
