// What user space prints for an errno: the C library's texts of those that calls of VFIO and iommufd return, and the forms of numbers.
import { errnoNumbered } from '../core/errnos.ts';
import type { Errno } from '../core/rows.ts';

const texts: readonly (readonly [string, Errno])[] = [
  ['Operation not permitted', 'EPERM'],
  ['No such file or directory', 'ENOENT'],
  ['Input/output error', 'EIO'],
  ['No such device or address', 'ENXIO'],
  ['Bad file descriptor', 'EBADF'],
  ['File descriptor in bad state', 'EBADFD'],
  ['Resource temporarily unavailable', 'EAGAIN'],
  ['Cannot allocate memory', 'ENOMEM'],
  ['Out of memory', 'ENOMEM'],
  ['Permission denied', 'EACCES'],
  ['Bad address', 'EFAULT'],
  ['Device or resource busy', 'EBUSY'],
  ['Resource busy', 'EBUSY'],
  ['File exists', 'EEXIST'],
  ['Invalid cross-device link', 'EXDEV'],
  ['No such device', 'ENODEV'],
  ['Invalid argument', 'EINVAL'],
  ['Inappropriate ioctl for device', 'ENOTTY'],
  ['No space left on device', 'ENOSPC'],
  ['Operation not supported', 'EOPNOTSUPP'],
  ['Address already in use', 'EADDRINUSE'],
  ['Value too large for defined data type', 'EOVERFLOW'],
  ['Wrong medium type', 'EMEDIUMTYPE'],
];

/** `error 22 (...)`, `(os error 22)`, `= -22 (...)`, `errno = 22`. */
const numbers: readonly RegExp[] = [/\bos error (\d+)/, /\berror (\d+)\b/, /= -(\d+)\b/, /\berrno\D{1,3}(\d+)/];

/** Undefined: the message names none. A text says what the C library meant, a number may be older. */
export const errnoIn = (message: string): Errno | undefined => {
  const bare = message.match(/\bE[A-Z]{3,}\b/g)?.find((word) => texts.some(([, errno]) => errno === word));
  if (bare !== undefined) return bare;
  const found = texts.filter(([text]) => message.toLowerCase().includes(text.toLowerCase())).sort(([a], [b]) => b.length - a.length)[0];
  if (found) return found[1];
  const number = numbers.map((form) => form.exec(message)?.[1]).find((text) => text !== undefined);
  return number === undefined ? undefined : errnoNumbered(Number(number));
};
