// `lint-kernel TREE --check-model [--write FILE]`: whether what the model's rows rest on is still in a tree, and where it is not.
import { writeFileSync } from 'node:fs';
import type { CheckedModel } from '../../core/checkedModel.ts';
import { Failure, nearest } from '../../core/failure.ts';
import { profiles } from '../../kernels/profiles.ts';
import { checkModel, nearestColumn, type OwnModel } from '../../lint/model/checkModel.ts';
import { keptCheck } from '../../lint/model/keptCheck.ts';
import { ModelTree } from '../../lint/model/modelTree.ts';
import type { Nearest } from '../../lint/model/nearestColumn.ts';
import { readGrammar } from '../../lint/read/grammar.ts';
import { readTree } from '../../lint/read/readTree.ts';
import { TreeReader } from '../../lint/reader.ts';
import { printCheckedModel } from '../../report/checkedModel.ts';
import { type ExitCode, type Io, printJson } from '../command.ts';
import { ownModel } from './ownModel.ts';
import type { ReadTree } from './read.ts';

export interface CheckModelOptions {
  readonly kernel?: string;
  readonly write?: string;
  readonly driver?: string;
  readonly json?: boolean;
}

const columnOf = (own: OwnModel, tree: ModelTree, kernel: string | undefined): Nearest => {
  if (kernel === undefined) return nearestColumn(own, tree);
  const found = profiles.find(({ name }) => name === kernel);
  if (found) return { column: found.column, why: 'as asked for' };
  const names = profiles.map(({ name }) => name);
  throw new Failure('unknown-name', `expected a kernel of the model (${names.join(', ')}), found ${kernel}`);
};

/** Rows, orders and rules of one driver, of the core or of a caller. */
const ofOwner = (checked: CheckedModel, owner: string | undefined): CheckedModel => {
  if (owner === undefined) return checked;
  const owners = [...new Set(checked.rows.map((row) => row.owner))];
  if (!owners.includes(owner)) {
    const near = nearest(owner, owners);
    const hint = near === undefined ? `Rows belong to ${owners.join(', ')}.` : `Did you mean ${near}?`;
    throw new Failure('unknown-name', `expected whose rows to check, found ${owner}`, undefined, hint);
  }
  return {
    ...checked,
    rows: checked.rows.filter((row) => row.owner === owner),
    orders: checked.orders.filter(({ driver }) => driver === owner),
    rules: checked.rules.filter(({ caller }) => caller === owner),
  };
};

/** What has moved is still there. */
const exitOf = ({ rows, orders, rules }: CheckedModel): ExitCode => {
  const found = new Set<string>([...rows, ...orders, ...rules].map(({ status }) => status));
  return found.has('changed') || found.has('gone') ? 1 : found.has('unclear') ? 3 : 0;
};

const keep = (file: string, checked: CheckedModel): void => {
  try {
    writeFileSync(file, `${JSON.stringify(keptCheck(checked), null, 2)}\n`);
  } catch (error) {
    throw new Failure('bad-usage', `cannot write there: ${(error as NodeJS.ErrnoException).code}`, { file });
  }
};

export const checkTree = async (io: Io, _read: ReadTree, spec: string, options: CheckModelOptions): Promise<void> => {
  const source = readTree(spec);
  const [own, grammar] = await Promise.all([ownModel(), readGrammar()]);
  const reader = new TreeReader(grammar);
  const tree = new ModelTree(source, reader);
  const all = checkModel(own, tree, reader.read(source), columnOf(own, tree, options.kernel));
  const checked = ofOwner(all, options.driver);
  if (options.write !== undefined) keep(options.write, checked);
  if (options.json) printJson(io, 'lint-kernel-check-model', 1, checked);
  else io.out(`${printCheckedModel(checked, options.write ?? null)}\n`);
  io.exit(exitOf(checked));
};
