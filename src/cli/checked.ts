// `--checked FILE` of run, matrix, explore and conform: reads what `lint-kernel TREE --check-model --write FILE` kept.
import { readFileSync } from 'node:fs';
import { type KeptCheck, rowStatuses } from '../core/checkedModel.ts';
import { Failure } from '../core/failure.ts';
import type { Recipe, Resolve } from '../engine/recipe.ts';

export const checkedOption = [
  '--checked <file>',
  'mark what does not hold in a tree: a file of lint-kernel TREE --check-model --write',
] as const;

const parsed = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('bad-check', `expected a file, found ${(error as NodeJS.ErrnoException).code}`, { file });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('bad-check', 'expected JSON, found something else', { file });
  }
};

type Fields = { readonly [name: string]: unknown };

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const hasTexts = (value: unknown, names: readonly string[]): value is Fields =>
  isFields(value) && names.every((name) => typeof value[name] === 'string');

const isMarked = (value: unknown, name: 'row' | 'caller'): boolean =>
  hasTexts(value, [name, 'status', 'ours', 'yours']) && (rowStatuses as readonly unknown[]).includes(value['status']);

const isKept = (value: unknown): value is KeptCheck => {
  if (!hasTexts(value, ['tree', 'kernel'])) return false;
  const { rows, rules } = value;
  return (
    Array.isArray(rows) &&
    rows.every((row) => isMarked(row, 'row')) &&
    Array.isArray(rules) &&
    rules.every((rule) => isMarked(rule, 'caller'))
  );
};

const readChecked = (file: string): KeptCheck => {
  const value = parsed(file);
  if (!isFields(value) || value['kind'] !== 'attachlab checked model') {
    throw new Failure('bad-check', 'expected a checked model, found another JSON document', { file });
  }
  if (value['schema'] !== 1) throw new Failure('bad-check', `expected schema 1, found ${JSON.stringify(value['schema'])}`, { file });
  if (!isKept(value)) throw new Failure('bad-check', 'expected a tree, a kernel, rows and rules; some are missing or damaged', { file });
  return value;
};

/** The profile below an overlay too. */
export const profileName = (resolve: Resolve, part: Pick<Recipe, 'kernel' | 'caller'>): string => {
  const { kernel = part.kernel } = resolve(part);
  return typeof kernel === 'object' ? kernel.profile.name : kernel;
};

/** Null without a file; one of another kernel than all of those asked for is refused. */
export const checkedFor = (file: string | undefined, kernels: readonly string[]): KeptCheck | null => {
  if (file === undefined) return null;
  const kept = readChecked(file);
  if (kernels.includes(kept.kernel)) return kept;
  const wanted = [...new Set(kernels)].join(', ');
  const again = kernels.length === 1 ? ` --kernel ${wanted}` : '';
  throw new Failure(
    'bad-check',
    `expected a tree checked with the model of ${wanted}, found ${kept.tree} checked with ${kept.kernel}`,
    { file },
    `attachlab lint-kernel ${kept.tree} --check-model${again} --write ${file}`,
  );
};
