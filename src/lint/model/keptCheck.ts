// The small file that `--write` keeps: what in a tree is not as the model has it, with both texts.
import type { CheckedModel, CheckedRow, Difference, KeptCheck } from '../../core/checkedModel.ts';

/** The gravest place speaks for the row. */
const gravest = ({ status, differences }: CheckedRow): Difference =>
  differences.find((difference) => difference.status === status) ?? differences[0]!;

const yoursText = ({ what, yours }: Pick<Difference, 'what' | 'yours'>): string => (yours === '' ? what : yours);

export const keptCheck = ({ tree, kernel, rows, rules }: CheckedModel): KeptCheck => ({
  kind: 'attachlab checked model',
  schema: 1,
  tree,
  kernel,
  rows: rows.flatMap((row) => {
    if (row.status === 'same') return [];
    const difference = gravest(row);
    return [{ row: row.row, status: row.status, ours: difference.ours, yours: yoursText(difference) }];
  }),
  rules: rules.flatMap(({ caller, status, ours, yours }) => (status === 'same' ? [] : [{ caller, status, ours, yours }])),
});
