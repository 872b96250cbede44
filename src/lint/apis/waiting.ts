// Kernel functions that wait: for a register, for an event, for a lock.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const late = { returns: 'errno', errnos: ['ETIMEDOUT'], class: 'device' } as const;
const interrupted = { returns: 'errno', errnos: ['ERESTARTSYS'], class: 'other' } as const;
const signalled = { returns: 'errno', errnos: ['EINTR'], class: 'other' } as const;
/** The time that was left; zero: it took too long. */
const left = { returns: 'index', class: 'device' } as const;
const flag = { returns: 'flag' } as const;

export const apis: readonly KernelApi[] = [
  row(
    late,
    'read_poll_timeout readx_poll_timeout readb_poll_timeout readw_poll_timeout readl_poll_timeout readq_poll_timeout ' +
      'readb_relaxed_poll_timeout readw_relaxed_poll_timeout readl_relaxed_poll_timeout readq_relaxed_poll_timeout',
    'include/linux/iopoll.h: read_poll_timeout:36-59',
  ),
  row(
    late,
    'read_poll_timeout_atomic readx_poll_timeout_atomic readb_poll_timeout_atomic readw_poll_timeout_atomic readl_poll_timeout_atomic ' +
      'readq_poll_timeout_atomic readb_relaxed_poll_timeout_atomic readw_relaxed_poll_timeout_atomic ' +
      'readl_relaxed_poll_timeout_atomic readq_relaxed_poll_timeout_atomic',
    'include/linux/iopoll.h: read_poll_timeout_atomic:80-102',
    '84-114',
  ),
  // Linux 6.18 and later.
  row(late, 'poll_timeout_us poll_timeout_us_atomic'),
  row(left, 'wait_event_timeout wait_event_idle_timeout', 'include/linux/wait.h: wait_event_timeout:413-420', '412-419'),
  row(
    left,
    'wait_for_completion_timeout wait_for_completion_io_timeout',
    'kernel/sched/completion.c: wait_for_completion_timeout:155-158',
    '165-168',
  ),
  row(
    interrupted,
    'wait_event_interruptible wait_event_killable wait_event_freezable',
    'kernel/sched/wait.c: prepare_to_wait_event:306-339',
    '271-304',
  ),
  row(
    { ...interrupted, counts: true },
    'wait_event_interruptible_timeout wait_event_killable_timeout',
    'kernel/sched/wait.c: prepare_to_wait_event:306-339',
    '271-304',
  ),
  row(interrupted, 'wait_for_completion_interruptible', 'kernel/sched/completion.c: wait_for_completion_interruptible:204-211', '214-221'),
  row(interrupted, 'wait_for_completion_killable', 'kernel/sched/completion.c: wait_for_completion_killable:242-249', '252-259'),
  row(
    { ...interrupted, counts: true },
    'wait_for_completion_interruptible_timeout wait_for_completion_killable_timeout',
    'kernel/sched/completion.c: do_wait_for_common:71-95',
    '81-105',
  ),
  row(signalled, 'mutex_lock_interruptible mutex_lock_killable', 'kernel/locking/mutex.c: __mutex_lock_common:569-741', '574-753'),
  row(signalled, 'down_read_killable down_read_interruptible', 'kernel/locking/rwsem.c: down_read_killable:1540-1551', '1544-1555'),
  row(signalled, 'down_write_killable', 'kernel/locking/rwsem.c: down_write_killable:1581-1593', '1585-1597'),
  row(signalled, 'down_interruptible down_killable', 'kernel/locking/semaphore.c: __down_common:244-254'),
  row(flag, 'mutex_trylock', 'kernel/locking/mutex.c: mutex_trylock:1081-1092', '1094-1105'),
  row(flag, 'down_read_trylock down_write_trylock', 'kernel/locking/rwsem.c: down_write_trylock:1599-1607', '1603-1611'),
  row(flag, 'spin_trylock spin_trylock_irqsave mutex_is_locked spin_is_locked completion_done try_wait_for_completion'),
];
