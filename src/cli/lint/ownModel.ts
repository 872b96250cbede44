// The model as `lint-kernel --check-model` compares it with a tree: its rows, its callers' rules, and what was kept of the kernels read.
import type { Column } from '../../core/rows.ts';
import { profiles } from '../../kernels/profiles.ts';
import type { OwnModel } from '../../lint/model/checkModel.ts';
import { decodeSources, type EncodedSources } from '../../lint/model/encode.ts';
import { seededSources } from '../../lint/model/sources.ts';
import { citedRows, searchRules } from './citedRows.ts';

const kernels = Object.fromEntries(profiles.map(({ name, column }) => [column, name])) as { [column in Column]: string };

export const ownModel = async (): Promise<OwnModel> => {
  const rows = citedRows();
  const [old, recent] = await Promise.all([
    import('./rowSources/v6.1.json', { with: { type: 'json' } }),
    import('./rowSources/v6.12.json', { with: { type: 'json' } }),
  ]);
  const [v61, v612] = [old, recent].map((data) => decodeSources(data.default as unknown as EncodedSources));
  return { rows, rules: searchRules(), kernels, sources: { 'v6.1': v61!, 'seed-v6': seededSources(v61!, rows), 'v6.12': v612! } };
};
