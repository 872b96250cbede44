// Which contract a tree is judged by: the one asked for by name, else what the tree's own header says, else the merged text, borrowed.
import { Failure, nearest } from '../../core/failure.ts';
import type { LintContract } from '../../core/lintReport.ts';
import type { KernelTree } from '../tree.ts';
import { contractHeader, kdocContract } from './kdoc.ts';
import { namedContracts } from './named.ts';

/** The tree's own text, by name. */
const own = 'kdoc';
/** For a tree that says nothing: what was merged later, so that its drivers are measured by what became of them. */
const borrowed = 'einval-soft';

export const contractNames: readonly string[] = [own, ...namedContracts.map(({ name }) => name)];

const named = (name: string) => namedContracts.find((contract) => contract.name === name);

const unknown = (name: string): never => {
  const near = nearest(name, contractNames);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  throw new Failure('bad-usage', `--contract takes ${contractNames.join(', ')}; found "${name}"${meant}`);
};

/** Whether the tree lacks the text or the whole header. */
const silence = (tree: KernelTree, header: string | null): string =>
  header === null ? `${tree.name} has no ${contractHeader}` : `${contractHeader} of ${tree.name} does not say what attach_dev returns`;

export interface ChosenContract {
  readonly contract: LintContract;
  /** Why it is this one, for the head of a report. */
  readonly why: string;
}

const stated = (tree: KernelTree, isAsked: boolean): ChosenContract => {
  const header = tree.read(contractHeader);
  const contract = header === null ? null : kdocContract(header);
  if (contract !== null) return { contract, why: 'the text of the tree itself' };
  if (isAsked)
    throw new Failure(
      'bad-usage',
      `${silence(tree, header)}, so there is no contract kdoc`,
      undefined,
      `Name another contract: ${contractNames.slice(1).join(', ')}.`,
    );
  return {
    contract: { ...named(borrowed)!, standing: 'borrowed' },
    why: `${silence(tree, header)}; it is measured by what was merged later, which it could not know: only a false success is an error`,
  };
};

export const chooseContract = (tree: KernelTree, asked: string | undefined): ChosenContract => {
  if (asked === undefined || asked === own) return stated(tree, asked === own);
  const contract = named(asked) ?? unknown(asked);
  return { contract: { ...contract, standing: 'asked' }, why: 'asked for by name' };
};
