// A trouble of the device told as "does not fit": the caller tries every domain in vain.
import { type Rule, returnsSoft, softErrno, unlessExclusive } from '../rule.ts';

export const rule: Rule = {
  id: 'errno-for-device',
  title: "the contract's errno for an incompatible pair tells a trouble of the device",
  clause: 'device',
  restsOnClass: true,
  page: {
    means:
      'No domain can be attached to this device, and the operation returns the errno that means "try another domain". Callers that search do needless work: every domain is tried, a new one is made, and it fails too. The merged text lets the errno stand for "some other fundamental problem", so that this breaks only an exclusive contract.',
    example: 'if (!master->streams)\n\treturn -EINVAL;',
    mend: 'Return -ENODEV.',
    suppress: 'When no caller can reach the check, as a guard against bugs of the kernel.',
  },
  judge: (site, contract) =>
    site.class === 'device' && site.replaced.length === 0 && site.origin !== 'api' && returnsSoft(site, contract)
      ? {
          level: unlessExclusive(contract),
          message: `-${softErrno(contract)} for a device that no domain can be attached to; -ENODEV says so`,
        }
      : null,
};
