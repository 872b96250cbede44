// A message in the kernel log where a caller only tries whether a domain fits.
import type { LintContract } from '../../core/lintReport.ts';
import type { LintLevel, Print } from '../../core/returnSites.ts';
import { isDoubtfulMisfit, type Rule } from '../rule.ts';

/** dev_dbg, pr_debug and the like print nothing unless asked to. */
const isSilent = ({ level }: Print): boolean => /dbg|debug/i.test(level);
const isError = ({ level }: Print): boolean => /err|crit|alert|emerg|warn_on|^bug|^WARN/i.test(level) && !/_warn\b/.test(level);

const levels = {
  forbidden: () => 'error',
  'errors-forbidden': (prints) => (prints.some(isError) ? 'error' : 'cost'),
  discouraged: () => 'cost',
  unsaid: () => null,
} satisfies Record<LintContract['messages'], (prints: readonly Print[]) => LintLevel | null>;

export const rule: Rule = {
  id: 'message-on-soft-path',
  title: 'a domain that does not fit is reported in the kernel log',
  clause: 'incompatible',
  restsOnClass: true,
  page: {
    means:
      'It is legitimate for a caller to try existing domains until one fits, so a domain that does not fit is no error. A message on that path fills the log each time a device is added to a container or an IOAS.',
    example: 'if (smmu_domain->smmu != smmu) {\n\tdev_err(dev, "cannot attach to SMMU %s\\n", name);\n\treturn -EINVAL;\n}',
    mend: 'Drop the message, or make it dev_dbg().',
    suppress: 'When only a fresh domain can come here: nobody then tries whether it fits.',
  },
  judge: (site, contract) => {
    const prints = site.prints.filter((print) => !isSilent(print));
    // On a fresh domain nothing was configured before: nobody tests reuse.
    if (site.class !== 'incompatible' || prints.length === 0 || site.domain === 'fresh') return null;
    const level = levels[contract.messages](prints);
    const names = [...new Set(prints.map((print) => `${print.level}()`))].join(', ');
    return (
      level && { level: isDoubtfulMisfit(site) ? 'maybe' : level, message: `${names} where a caller may only try whether the domain fits` }
    );
  },
};
