// The errnos that a user may name: the kernel's own by number, and the words that the facts use where no one errno stands.
// An unknown name would never match anything, so whoever reads one refuses it.
import { Failure, nearest } from './failure.ts';

/** Names in the order of their numbers, from the number that begins the line; `-` is a number without a name. */
const lines: readonly (readonly [first: number, names: string])[] = [
  // include/uapi/asm-generic/errno-base.h
  [1, 'EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST'],
  [18, 'EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE'],
  // include/uapi/asm-generic/errno.h
  [35, 'EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH'],
  [50, 'ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE'],
  [67, 'ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD'],
  [81, 'ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT'],
  [93, 'EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN'],
  [101, 'ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT'],
  [111, 'ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO'],
  [122, 'EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE'],
  [132, 'ERFKILL EHWPOISON'],
  // include/linux/errno.h: must not reach user space, and some do.
  [512, 'ERESTARTSYS ERESTARTNOINTR ERESTARTNOHAND ENOIOCTLCMD - EPROBE_DEFER EOPENSTALE ENOPARAM'],
  [521, 'EBADHANDLE ENOTSYNC EBADCOOKIE ENOTSUPP ETOOSMALL ESERVERFAULT EBADTYPE EJUKEBOX EIOCBQUEUED ERECALLCONFLICT ENOGRACE'],
];

const names = new Map(
  lines.flatMap(([first, line]) =>
    line.split(' ').flatMap((name, index) => (name === '-' ? [] : [[first + index, name] as [number, string]])),
  ),
);

/** What a search may go on at: errnos, and the proposed EINVAL that says it is about the domain. */
const candidates: readonly string[] = [...names.values(), 'EWOULDBLOCK', 'EDEADLOCK', 'EINVAL:domain'];

/** Where a callee chooses, a failure is passed over, or no errno comes out. */
const words: readonly string[] = [
  '0',
  'NULL',
  'oops',
  'positive',
  'attach-errno',
  'backend-errno',
  'callback-errno',
  'core-errno',
  'driver-errno',
  'original-errno',
];

/** Every name that rows, rules and contracts may have. */
export const errnoNames: readonly string[] = [...candidates, ...words];

/** The name of a number of the generic list; undefined when it has none. */
export const errnoNumbered = (number: number): string | undefined => names.get(number);

const asCandidate = (text: string): string | undefined => {
  const bare = text.trim().replace(/^-/, '').toLowerCase();
  return candidates.find((name) => name.toLowerCase() === bare);
};

/** `any`, or errnos by name, as the kernel or as C spells them; `option` says who asked. */
export const parseRule = (text: string, option: string, separator = ','): 'any' | string[] => {
  if (text === 'any') return 'any';
  return text.split(separator).map((part) => {
    const name = asCandidate(part);
    if (name !== undefined) return name;
    const near = nearest(part.trim().replace(/^-/, ''), candidates);
    const meant = part.trim() !== '' && near !== undefined ? `; did you mean ${near}?` : '';
    throw new Failure('bad-usage', `${option} takes any, or errnos such as EINVAL${separator}ENOMEM; found "${text}"${meant}`);
  });
};
