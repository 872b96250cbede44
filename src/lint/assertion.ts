// `DRIVER OP: CONDITION returns ERRNO`: read, printed, and judged on the reading of a tree.
import { errnoNames } from '../core/errnos.ts';
import { Failure, nearest } from '../core/failure.ts';
import type { Assertion, AssertionVerdict } from '../core/lintAssertion.ts';
import type { ReturnSite, TreeReading } from '../core/returnSites.ts';
import { normalCondition } from './conditions.ts';
import { places } from './matchSites.ts';

const form = /^\s*(\S+)\s+(\w+)\s*:\s*(\S.*\S|\S)\s+returns\s+-?(\S+)\s*$/s;
const example = 'arm-smmu-v3 attach_dev: smmu_domain->smmu != smmu returns EINVAL';

const refuse = (text: string, what: string): never => {
  throw new Failure('bad-usage', `--assert: ${what}, found "${text}"`, undefined, `It reads: ${example}`);
};

const knownErrno = (text: string): string => {
  if (text === '0') return text;
  const name = text.toUpperCase();
  if (/^E[A-Z0-9]+$/.test(name) && errnoNames.includes(name)) return name;
  const near = nearest(name, errnoNames);
  return refuse(text, `expected an errno or 0 after "returns"${near === undefined ? '' : ` (${near}?)`}`);
};

export const parseAssertion = (text: string): Assertion => {
  const match = form.exec(text);
  if (match === null) return refuse(text, 'expected DRIVER OP: CONDITION returns ERRNO');
  const [, driver, op, condition, errno] = match as unknown as [string, string, string, string, string];
  return { driver, op, condition, errno: knownErrno(errno) };
};

export const printAssertion = ({ driver, op, condition, errno }: Assertion): string => `${driver} ${op}: ${condition} returns ${errno}`;

const errnoText = (errno: string): string => (errno === '0' ? '0' : `-${errno}`);

const unknown = (because: string, sites: readonly ReturnSite[] = []): AssertionVerdict => ({ verdict: 'unknown', because, sites });

/** Why there is nothing to judge: no such driver, no such operation, no such check. */
const missing = ({ driver, op }: Assertion, { tree, operations, damaged }: TreeReading): AssertionVerdict => {
  const drivers = [...new Set(operations.map((operation) => operation.driver))];
  if (!drivers.includes(driver)) {
    const near = nearest(driver, drivers);
    return unknown(`${tree} has no driver ${driver}${near === undefined ? '' : `; the nearest is ${near}`}`);
  }
  const ops = [...new Set(operations.filter((operation) => operation.driver === driver).map((operation) => operation.op))];
  if (!ops.includes(op)) return unknown(`${driver} of ${tree} has no ${op}; it has ${ops.join(', ')}`);
  const blind = damaged.filter(({ reached }) => reached).length;
  return unknown(
    `no check with this condition was found on the ways of ${op}${blind === 0 ? '' : `; ${blind} functions could not be read whole`}`,
  );
};

const returns = ({ errnos }: ReturnSite, errno: string): 'yes' | 'no' | 'maybe' => {
  if (errnos.length === 0) return 'maybe';
  if (!errnos.includes(errno)) return 'no';
  return errnos.length === 1 ? 'yes' : 'maybe';
};

const uncertain = (sites: readonly ReturnSite[]): ReturnSite | undefined => sites.find(({ certainty }) => certainty === 'maybe');

const judgeSites = (sites: readonly ReturnSite[], errno: string): AssertionVerdict => {
  const maybe = uncertain(sites);
  if (maybe !== undefined)
    return unknown(`what it returns is not certain: ${maybe.unresolved ?? 'something on the way was not resolved'}`, sites);
  const answers = new Set(sites.map((site) => returns(site, errno)));
  const found = [...new Set(sites.flatMap(({ errnos }) => errnos))].map(errnoText).join(', ');
  if (answers.size === 1 && answers.has('yes')) return { verdict: 'holds', because: `it returns ${errnoText(errno)}`, sites };
  if (answers.size === 1 && answers.has('no')) return { verdict: 'fails', because: `it returns ${found}`, sites };
  return unknown(found === '' ? 'nothing is known of what it returns' : `it may return ${found}`, sites);
};

export const judgeAssertion = (assertion: Assertion, reading: TreeReading): AssertionVerdict => {
  const wanted = normalCondition(assertion.condition);
  const own = reading.sites.filter(({ driver, op }) => driver === assertion.driver && op === assertion.op);
  const sites = places(own.filter(({ condition }) => normalCondition(condition) === wanted));
  return sites.length === 0 ? missing(assertion, reading) : judgeSites(sites, assertion.errno);
};
