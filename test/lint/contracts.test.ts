// The contract of a tree: read from its header clause by clause, chosen by name, or borrowed and said to be so.
import { describe, expect, it } from 'vitest';
import { contracts } from '../../src/kernels/contracts.ts';
import { chooseContract, contractNames } from '../../src/lint/contracts/choose.ts';
import { kdocContract } from '../../src/lint/contracts/kdoc.ts';
import { namedContracts } from '../../src/lint/contracts/named.ts';
import type { KernelTree } from '../../src/lint/tree.ts';

const header = (...lines: string[]): string =>
  ['/**', ' * struct iommu_ops - iommu ops', ' */', '/**', ' * struct iommu_domain_ops - domain specific operations', ...lines, ' */'].join(
    '\n',
  );

/** As v6.2 and later have it, in the kernel's own layout. */
const merged = header(
  ' * @attach_dev: attach an iommu domain to a device',
  ' *  Return:',
  ' * * 0\t\t- success',
  ' * * EINVAL\t- can indicate that device and domain are incompatible due to',
  ' *\t\t  some previous configuration of the domain, in which case the',
  " *\t\t  driver shouldn't log an error, since it is legitimate. Otherwise, it may",
  ' *\t\t  still represent some other fundamental problem',
  ' * * ENOMEM\t- out of memory',
  ' * * ENOSPC\t- non-ENOMEM type of resource allocation failures',
  ' * * EBUSY\t- device is attached to a domain and cannot be changed',
  ' * * ENODEV\t- device specific errors, not able to be attached',
  ' * * <others>\t- treated as ENODEV by the caller. Use is discouraged',
  ' * @set_dev_pasid: set an iommu domain to a pasid of device',
  ' * @free: E2BIG - not of this member',
);

/** As post #21 of the thread has it. */
const exclusive = header(
  ' * @attach_dev: attach an iommu domain to a device',
  ' *              Rules of its return errno:',
  ' *               EINVAL  - Exclusively, device and domain are incompatible. Must',
  ' *                         avoid kernel prints along with this errno. An EINVAL',
  ' *                         of a kAPI must be converted',
  ' *               ENOMEM  - Out of memory',
  ' *              <others> - Treated as ENODEV by the caller',
  ' * @detach_dev: detach an iommu domain from a device',
);

const treeOf = (text: string | null): KernelTree => ({ name: 'linux', files: [], read: () => text, unread: () => [] });

describe('the text of a header', () => {
  it('is read clause by clause', () => {
    const contract = kdocContract(merged)!;
    expect(contract.clauses.map(({ errno, meaning }) => [errno, meaning])).toEqual([
      ['0', 'success'],
      ['EINVAL', 'incompatible'],
      ['ENOMEM', 'transient-memory'],
      ['ENOSPC', 'transient-space'],
      ['EBUSY', 'busy'],
      ['ENODEV', 'device'],
      ['<others>', 'others'],
    ]);
    expect(contract.clauses[1]!.text).toBe(
      "can indicate that device and domain are incompatible due to some previous configuration of the domain, in which case the driver shouldn't log an error, since it is legitimate. Otherwise, it may still represent some other fundamental problem",
    );
    expect([contract.exclusive, contract.messages, contract.standing, contract.source]).toEqual([
      false,
      'errors-forbidden',
      'stated',
      'include/linux/iommu.h:8, struct iommu_domain_ops, @attach_dev',
    ]);
  });

  it('can be exclusive and forbid all prints', () => {
    const contract = kdocContract(exclusive)!;
    expect([contract.exclusive, contract.messages, contract.clauses.length]).toEqual([true, 'forbidden', 3]);
  });

  it.each([
    ['no text on errnos', header(' * @attach_dev: attach an iommu domain to a device', ' * @detach_dev: EINVAL - no')],
    ['no such comment', 'struct iommu_domain_ops {\n};\n'],
    ['a comment that does not end', merged.slice(0, -4)],
    ['nothing', ''],
  ])('is none with %s', (_, text) => {
    expect(kdocContract(text)).toBeNull();
  });
});

describe('the contract of a tree', () => {
  it.each([
    ['its own text', merged, undefined, 'kdoc', 'stated', 'the text of the tree itself'],
    ['one asked for', merged, 'einval-exclusive', 'einval-exclusive', 'asked', 'asked for by name'],
    [
      'the merged text, borrowed',
      'int x;',
      undefined,
      'einval-soft',
      'borrowed',
      'include/linux/iommu.h of linux does not say what attach_dev returns; it is measured by what was merged later, which it could not know: only a false success is an error',
    ],
    [
      'the merged text, without a header',
      null,
      undefined,
      'einval-soft',
      'borrowed',
      'linux has no include/linux/iommu.h; it is measured by what was merged later, which it could not know: only a false success is an error',
    ],
  ])('is %s', (_, text, asked, name, standing, why) => {
    const chosen = chooseContract(treeOf(text), asked);
    expect([chosen.contract.name, chosen.contract.standing, chosen.why]).toEqual([name, standing, why]);
  });

  it('that is not known is refused with the nearest name', () => {
    expect(() => chooseContract(treeOf(merged), 'einval-exclusiv')).toThrow(
      '--contract takes kdoc, einval-soft, einval-exclusive, emediumtype, legacy-type1; found "einval-exclusiv"; did you mean einval-exclusive?',
    );
    expect(() => chooseContract(treeOf(''), 'kdoc')).toThrow('does not say what attach_dev returns, so there is no contract kdoc');
  });

  it('has the names and the errno of the model', () => {
    expect(contractNames).toContain('kdoc');
    for (const { name, clauses } of namedContracts) {
      const model = contracts.find((contract) => contract.name === name)!;
      expect([name, clauses.find(({ meaning }) => meaning === 'incompatible')?.errno]).toEqual([name, model.classes.incompatible]);
    }
  });
});
