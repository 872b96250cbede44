// Sides of a comparison as a user writes them: `vfio-type1@6.1.y,continue-on=EINVAL+EBUSY`, `@my-series.yaml`, `6.12.y`.
import { parseRule } from '../core/errnos.ts';
import { Failure, nearest } from '../core/failure.ts';
import type { Side } from '../explore/compare.ts';
import { callerTable, contractTable, profileTable } from '../kernels/build.ts';
import { isFile } from './recipes.ts';

const kernels = [...profileTable.keys()];
const callers = [...callerTable.keys()];
const contracts = [...contractTable.keys()];

/** What the first side leaves out. */
const defaults = { kernel: '6.12.y', caller: 'vfio-type1' } as const;

const refuse = (side: string, expected: string, found: string, names: readonly string[]): never => {
  const near = found === '' ? undefined : nearest(found, names);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  throw new Failure('bad-usage', `side "${side}": expected ${expected}, found "${found}"${meant}`);
};

const isCode = (name: string): boolean => isFile(name) && /\.(ts|js|mjs)$/.test(name);

const callerOf = (side: string, name: string): string =>
  callerTable.has(name) || isCode(name) ? name : refuse(side, `a caller (${callers.join(', ')}) or a .ts file`, name, callers);

const kernelOf = (side: string, name: string): string =>
  profileTable.has(name) || (isFile(name) && !isCode(name))
    ? name
    : refuse(side, `a kernel (${kernels.join(', ')}) or an overlay file`, name, kernels);

/** `caller@kernel`, either of them, or neither. */
const modelOf = (side: string, text: string): { kernel?: string; caller?: string } => {
  if (text === '') return {};
  const at = text.indexOf('@');
  if (at >= 0) {
    const [caller, kernel] = [text.slice(0, at), text.slice(at + 1)];
    return { kernel: kernelOf(side, kernel), ...(caller === '' ? {} : { caller: callerOf(side, caller) }) };
  }
  if (profileTable.has(text) || (isFile(text) && !isCode(text))) return { kernel: text };
  if (callerTable.has(text) || isCode(text)) return { caller: text };
  return refuse(side, 'CALLER@KERNEL, a caller, a kernel or an overlay file', text, [...callers, ...kernels]);
};

const keys = ['continue-on', 'contract'];

const ruleOf = (side: string, text: string): Pick<Side, 'contract' | 'continueOn'> => {
  const [key, ...rest] = text.split('=') as [string, ...string[]];
  const given = rest.join('=');
  if (key === 'continue-on' && rest.length > 0) return { continueOn: parseRule(given, `side "${side}": continue-on`, '+') };
  if (key === 'contract' && rest.length > 0)
    return contractTable.has(given) ? { contract: given } : refuse(side, `a contract (${contracts.join(', ')})`, given, contracts);
  return refuse(side, 'continue-on=ERRNO+ERRNO or contract=NAME after a comma', text, keys);
};

/** Kernel and caller that the side leaves out are the other's: of the first side's, the project's defaults. */
export const parseSide = (text: string, other: Pick<Side, 'kernel' | 'caller'> = defaults): Side => {
  const [model, ...rules] = text.split(',') as [string, ...string[]];
  if (text === '') refuse(text, 'CALLER@KERNEL, a caller, a kernel or an overlay file', text, []);
  const parsed = rules.map((rule) => ruleOf(text, rule));
  const twice = keys.find((key) => rules.filter((rule) => rule.startsWith(`${key}=`)).length > 1);
  if (twice !== undefined) refuse(text, `${twice}= once`, rules.join(','), []);
  return Object.assign({ kernel: other.kernel, caller: other.caller }, modelOf(text, model), ...parsed) as Side;
};

/** As parseSide reads it. */
export const printSide = ({ kernel, caller, contract, continueOn }: Side): string => {
  const rule = continueOn === undefined ? '' : `,continue-on=${continueOn === 'any' ? 'any' : continueOn.join('+')}`;
  return `${caller}@${kernel}${rule}${contract === undefined ? '' : `,contract=${contract}`}`;
};
