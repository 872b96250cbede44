// What lint-kernel knows of kernel functions: well formed, in agreement with the facts, and, where kernel trees are named in
// LINUX_6_1 and LINUX_6_12, found where they are cited.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errnoNames } from '../../src/core/errnos.ts';
import { classes } from '../../src/core/rows.ts';
import type { KernelApi } from '../../src/lint/apis/api.ts';
import { apiNamed, kernelApis } from '../../src/lint/apis/tables.ts';
import { facts } from '../kernels/factsFile.ts';

const names = kernelApis.flatMap((api) => api.names);
const fails = (api: KernelApi): boolean => ['errno', 'errorPointer', 'entry'].includes(api.returns);

interface Citation {
  readonly file: string;
  readonly function: string;
  readonly first: number;
  readonly last: number;
}

const citation = (text: string): Citation | null => {
  const parts = /^([\w./-]+\.[ch]): (\w+):(\d+)(?:-(\d+))?$/.exec(text);
  return parts && { file: parts[1]!, function: parts[2]!, first: Number(parts[3]), last: Number(parts[4] ?? parts[3]) };
};

const cited = (tree: 'v6.1' | 'v6.12'): string[] => [...new Set(kernelApis.flatMap(({ cite }) => cite?.[tree] ?? []))];

const rowOf = (name: string): KernelApi => {
  const api = apiNamed(name);
  if (api === undefined) throw new Error(`no row for ${name}()`);
  return api;
};

describe('the rows of kernel functions', () => {
  it('name each function once', () => {
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^[A-Za-z_]\w*$/.test(name))).toEqual([]);
    expect(names.every((name) => apiNamed(name)?.names.includes(name))).toBe(true);
  });

  it('name errnos that Linux has, and classes that rows have', () => {
    const errnos = kernelApis.flatMap((api) => [...(api.errnos ?? []), ...Object.keys(api.classes ?? {})]);
    expect(errnos.filter((errno) => !/^E/.test(errno) || !errnoNames.includes(errno))).toEqual([]);
    const meanings = kernelApis.flatMap((api) => [...(api.class ? [api.class] : []), ...Object.values(api.classes ?? {})]);
    expect(meanings.filter((meaning) => !classes.includes(meaning))).toEqual([]);
  });

  it('class every function that fails, and give errnos to no other', () => {
    expect(kernelApis.filter((api) => fails(api) && api.class === undefined)).toEqual([]);
    expect(kernelApis.filter((api) => !fails(api) && (api.errnos || api.andOthers || api.classes))).toEqual([]);
    expect(kernelApis.filter((api) => new Set(api.errnos).size !== (api.errnos ?? []).length)).toEqual([]);
  });

  it('say which argument is handed on or called, and how memory is taken', () => {
    expect(kernelApis.filter((api) => ['argument', 'callback'].includes(api.returns) !== (api.argument !== undefined))).toEqual([]);
    expect(kernelApis.filter((api) => api.gfp !== undefined && api.takes === undefined)).toEqual([]);
    expect(kernelApis.filter((api) => typeof api.gfp === 'string' && !/^GFP_[A-Z]+$/.test(api.gfp))).toEqual([]);
  });

  it('cite well, wherever they give errnos but for functions of later kernels', () => {
    const texts = kernelApis.flatMap(({ cite }) => Object.values(cite ?? {}));
    expect(texts.filter((text) => (citation(text)?.first ?? 1) > (citation(text)?.last ?? 0))).toEqual([]);
    expect(kernelApis.filter((api) => api.errnos && !api.cite).flatMap((api) => api.names)).toEqual(uncited);
  });
});

/** Linux after 6.12, which no tree here has. */
const uncited = [
  ...['pt_iommu_amdv1_init', 'pt_iommu_x86_64_init', 'pt_iommu_vtdss_init', 'pt_iommu_riscv_64_init', 'poll_timeout_us'],
  ...['poll_timeout_us_atomic', 'iommu_copy_struct_from_full_user_array', 'iommu_copy_struct_to_user'],
];

describe('the facts about kernel functions', () => {
  const functions = facts.kapi.flatMap((fact) => fact.api.split(/[/,] ?/).map((name) => [name.trim(), fact] as const));

  /** A misuse that warns: whoever stores pointers cannot meet it, so that no operation returns it for certain. */
  const unmet: { readonly [name: string]: readonly string[] } = { xa_alloc: ['EINVAL'], xa_alloc_cyclic: ['EINVAL'] };

  it.each(functions)('%s: each of its errnos is in its row', (name, { errnos }) => {
    const api = rowOf(name);
    const said = errnos.flatMap(({ errno }) => errno.split('|'));
    expect(said.filter((errno) => /^E/.test(errno) && !api.errnos?.includes(errno))).toEqual(unmet[name] ?? []);
    if (said.includes('callback-errno')) expect(api.andOthers).toBe(true);
    if (said.includes('NULL')) expect(api.returns).toBe('pointer');
  });

  /** Beyond the facts: a register map may refuse by itself. */
  const beyond: { readonly [name: string]: readonly string[] } = { regmap_update_bits: ['EBUSY', 'EIO'] };

  it.each(functions)('%s: its row has no others', (name, { errnos }) => {
    const said = errnos.flatMap(({ errno }) => errno.split('|'));
    expect((rowOf(name).errnos ?? []).filter((errno) => !said.includes(errno))).toEqual(beyond[name] ?? []);
  });
});

describe.each([
  ['v6.1', process.env['LINUX_6_1']],
  ['v6.12', process.env['LINUX_6_12']],
] as const)('the sources of %s', (tree, folder) => {
  it.skipIf(!folder)('have each cited function on the cited lines', () => {
    const sources = new Map<string, readonly string[]>();
    const linesOf = (file: string): readonly string[] => {
      if (!sources.has(file)) sources.set(file, readFileSync(join(folder!, file), 'utf8').split('\n'));
      return sources.get(file)!;
    };
    const astray = cited(tree).filter((text) => {
      const at = citation(text)!;
      const [first = '', last = ''] = [linesOf(at.file)[at.first - 1], linesOf(at.file)[at.last - 1]];
      const macro = first.startsWith('#define');
      return !new RegExp(`\\b${at.function}\\b`).test(first) || (at.last > at.first && !macro && !last.startsWith('}'));
    });
    expect(astray).toEqual([]);
  });
});
