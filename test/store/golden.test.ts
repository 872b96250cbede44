// Histories that a release wrote fold for ever to the state it had: a change that breaks one needs an upcast, never a new file.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/core/canonical.ts';
import { stateAt } from '../../src/engine/replay.ts';
import { readExport } from '../../src/store/codec.ts';
import { validateEvent } from '../../src/store/validate.ts';

interface Golden {
  readonly release: string;
  readonly lines: string[];
  readonly state: string;
}

const folder = 'test/golden/histories';
const files = readdirSync(folder);

describe('golden histories', () => {
  it('are the three that 0.1.0 wrote', () => {
    expect(files.filter((file) => file.startsWith('0.1.0-'))).toEqual([
      '0.1.0-duplicate-domain.json.gz',
      '0.1.0-failed-detach.json.gz',
      '0.1.0-three-instances.json.gz',
    ]);
  });

  it.each(files)('%s folds to the state it was written with', (file) => {
    const golden = JSON.parse(gunzipSync(readFileSync(`${folder}/${file}`)).toString()) as Golden;
    const { events } = readExport(file, golden.lines, validateEvent);
    expect(canonical(stateAt(events, Number.POSITIVE_INFINITY))).toBe(golden.state);
  });
});
